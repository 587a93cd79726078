"""What was heard, as it is stored with a turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telephony.calls import DialEnded, Digits, Heard, Nothing, QueueEnded, Recorded, Silence, Speech

KINDS: Mapping[type, str] = {
    Digits: "digits",
    Speech: "speech",
    Silence: "silence",
    Recorded: "recorded",
    DialEnded: "dial",
    QueueEnded: "queue",
    Nothing: "nothing",
}

LONGEST_SPEECH = 8_000
"""Characters of one answer; Twilio listens for 60 seconds at most, so more than this was not spoken."""


def heard_to_json(heard: Heard) -> dict[str, Any]:
    """The heard value with its kind: {"kind": "digits", "digits": "1"}."""
    return {"kind": KINDS[type(heard)], **vars(heard)}


def within_limits(heard: Heard) -> Heard:
    """The heard value, shortened where somebody sent more than a caller can say."""
    match heard:
        case Digits(digits=digits) if len(digits) > 500:
            return Digits(digits=digits[:500])
        case Speech(text=text, confidence=confidence) if len(text) > LONGEST_SPEECH:
            return Speech(text=text[:LONGEST_SPEECH], confidence=confidence)
        case _:
            return heard
