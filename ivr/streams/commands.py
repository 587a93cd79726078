"""What the turn-taking of a live stream wants done: values that whoever holds socket and ear carries out in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audio.hearing.question import Question
from audio.hearing.speech_events import Patience
from telephony.calls import Heard


@dataclass(frozen=True, kw_only=True)
class SendSound:
    """One frame for the caller (160 bytes of mu-law, 20 ms). `reply`: of a turn, not of a filler."""

    payload: bytes
    reply: bool = True


@dataclass(frozen=True, kw_only=True)
class SendMark:
    """A mark behind the frames sent so far."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Clear:
    """Throw away all sound that has not been played, at the carrier and on the way there."""


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Prompts were queued: have them voiced."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Tell the ear the question, and forget what was being said."""

    question: Question
    patience: Patience


@dataclass(frozen=True, kw_only=True)
class Hear:
    """Sound of the utterance under way, for the ear."""

    payload: bytes


@dataclass(frozen=True, kw_only=True)
class Paused:
    """The caller may have finished."""


@dataclass(frozen=True, kw_only=True)
class BePatient:
    """How long a silence ends the utterance from now on."""

    patience: Patience


@dataclass(frozen=True, kw_only=True)
class Decide:
    """Have the ear decide; the hypothesis comes back with this number."""

    number: int


@dataclass(frozen=True, kw_only=True)
class Forget:
    """Drop the utterance, also one that is being decided."""


@dataclass(frozen=True, kw_only=True)
class TakeAnswer:
    """The question is answered; the next turn is to begin."""

    heard: Heard
    note: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AwaitReply:
    """A lookup is under way; the next turn begins when it has its reply."""


@dataclass(frozen=True, kw_only=True)
class GoBack:
    """Everything before the verb that leads out of the stream was heard: send the call back to the webhooks."""


Command = (
    SendSound
    | SendMark
    | Clear
    | Voice
    | Ask
    | Hear
    | Paused
    | BePatient
    | Decide
    | Forget
    | TakeAnswer
    | AwaitReply
    | GoBack
)
