"""When even the last resort fails: a voicemail that needs nothing of ours to be taken, and becomes a ticket later."""

from __future__ import annotations

import re

from ivr import conversation
from ivr.deps import Deps
from ivr.errors import UnknownCallError
from ivr.notices import FALLBACK
from ivr.sentences import say
from ivr.store import lock_by_sid
from telephony.calls import CallEvent
from telephony.provider import Provider
from telephony.verbs import Hangup, Record, Verb

LONGEST_VOICEMAIL_S = 180

_TURN_IN_URL = re.compile(r"/voice/calls/[^/]+/turns/(\d{1,6})")


def voicemail_document(provider: Provider, public_base_url: str, language: str) -> str:
    """Apology and voicemail that need no database. While we cannot be reached, `telephony.twilio.fallback` serves.

    The recording is found again by its notice, or, when nobody was there to take the notice, by asking the provider.
    """
    verbs: list[Verb] = [
        say("apology", language),
        say("leave_message", language),
        Record(
            max_length_s=LONGEST_VOICEMAIL_S,
            action=f"{public_base_url}/voice/fallback?done=yes",
            recording_status=f"{public_base_url}/voice/recordings/{FALLBACK}",
        ),
    ]
    return provider.render(verbs)


def thanks_document(provider: Provider, language: str) -> str:
    """After the voicemail."""
    return provider.render([say("message_kept", language), Hangup()])


def fallback_document(deps: Deps, event: CallEvent) -> str:
    """The answer to the provider's fallback request, which comes when a document of ours did not reach it.

    When we answered and only the answer was lost, it is given again; else the caller hears an apology and a way on.
    Raises UnknownCallError when the call is not stored.
    """
    with deps.db.write() as db:
        call = lock_by_sid(db, event.call_sid)
    if call is None:
        raise UnknownCallError("The fallback request names a call that we do not know.")
    failed = _TURN_IN_URL.search(event.raw.get("ErrorUrl", ""))
    number = int(failed.group(1)) if failed else 0
    if call.turn > number and (failed or "/voice/incoming" in event.raw.get("ErrorUrl", "")):
        return conversation.take_turn(deps, call.token, number, event)
    error = f"The provider could not get our answer (error {event.error_code[:20] or 'unknown'})."
    return conversation.last_resort(deps, call.token, call.turn, event, error)
