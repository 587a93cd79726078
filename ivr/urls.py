"""Our own URLs, as the provider is told them: one constant public base, tokens only, nothing to encode."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from telephony.verbs import Actions

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def actions(base: str, token: str, turn: int, language: str) -> Actions:
    """The URLs of the document of turn `turn`. The language travels along, so that even without a database the caller
    is apologised to in the language of the call.
    """
    call = f"{base}/voice/calls/{token}"
    tongue = f"?{urlencode({'lang': language})}" if is_tag(language) else ""
    return Actions(
        next_turn=f"{call}/turns/{turn}{tongue}",
        recording_status=f"{base}/voice/recordings/{token}",
        whisper=f"{call}/whisper/{turn}",
        queue_wait=f"{call}/wait/{turn}",
        media_base=f"{base}/voice/",
    )


def is_tag(language: str) -> bool:
    """Whether the text has the shape of a BCP-47 language tag."""
    return _TAG.fullmatch(language) is not None
