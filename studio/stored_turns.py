"""Reading back what turns store: what was heard, and what the engine told the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.events import Event, from_json
from ivr.heard import KINDS
from telephony.calls import Heard

_TYPES: Mapping[str, type] = {kind: heard for heard, kind in KINDS.items()}


class UnreadableTurnError(Exception):
    """A stored turn has a shape that this release does not know."""


def heard_of(stored: Mapping[str, Any]) -> Heard:
    """What was heard. Raises UnreadableTurnError."""
    try:
        made: Heard = _TYPES[str(stored["kind"])](**{k: v for k, v in stored.items() if k != "kind"})
    except (KeyError, TypeError) as error:
        raise UnreadableTurnError from error
    return made


def event_of(stored: Any) -> Event:
    """One event. Raises UnreadableTurnError."""
    try:
        return from_json(stored)
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableTurnError from error
