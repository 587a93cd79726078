"""What a call tells the house: frozen events that nodes and engine report and `ivr.effects` reacts to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class NodeEntered:
    """The call reached a node. `version` is the id of a sub-flow's version, 0 for a node of the call's own flow."""

    node: str
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class NodeLeft:
    """The call left a node by one of its exits. `version` is the id of a sub-flow's version, 0 for the own flow."""

    node: str
    exit: str
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class Understood:
    """An answer was taken. `mode` is "keys" or "speech"; `confidence` 0.0 to 1.0, or None for keys or when unknown.

    `heard` are the keys or words themselves; `confirmed` says that the value was read back and agreed to.
    """

    node: str
    value: Any
    mode: str
    confidence: float | None = None
    heard: str = field(default="", compare=False)
    confirmed: bool = field(default=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class NotUnderstood:
    """A question got no usable answer. `kind` is "no-input" or "no-match"; `count` is per node and kind, from 1."""

    node: str
    kind: str
    count: int
    text: str = ""
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class PersonRequested:
    """The caller asked for a person; `how` is "key", "words" or "errors"."""

    node: str
    how: str


@dataclass(frozen=True, kw_only=True)
class SpeechKept:
    """Open speech that the flow keeps: what the caller wants, in own words."""

    node: str
    text: str
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class RecordingMade:
    """The caller left a recording. `url` is the provider's."""

    node: str
    recording_sid: str
    url: str
    duration_s: int


@dataclass(frozen=True, kw_only=True)
class LanguageChosen:
    """The caller chose a language (BCP-47 tag)."""

    node: str
    language: str


@dataclass(frozen=True, kw_only=True)
class MessageRequested:
    """An SMS is to be sent. `to` is E.164, or "" for the caller."""

    node: str
    to: str
    body: str


@dataclass(frozen=True, kw_only=True)
class CallbackRequested:
    """The caller wants to be called back. `at` is an ISO 8601 time with zone, or "" for as soon as possible.

    `later`: said on a call we make; the call is put off, and nobody has to do anything.
    """

    node: str
    number: str
    at: str
    reason: str = ""
    later: bool = False


@dataclass(frozen=True, kw_only=True)
class OptedOut:
    """The caller wants no more calls. `purpose` is "all" or one purpose; `evidence` is the key or the words used.

    `how` is "key", "words", or "flow" when a node of the flow decided it.
    """

    node: str
    purpose: str
    evidence: str
    how: str = "flow"


@dataclass(frozen=True, kw_only=True)
class Rated:
    """The caller gave a score from 1 to 5."""

    node: str
    score: int
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class TransferEnded:
    """A transfer came back. `outcome` is answered, busy, no_answer or failed."""

    node: str
    to: str
    outcome: str
    duration_s: int = 0


@dataclass(frozen=True, kw_only=True)
class TicketOpened:
    """A ticket was opened, or an open one on the same matter was added to."""

    node: str
    number: str
    appended: bool


@dataclass(frozen=True, kw_only=True)
class ReopenRequested:
    """The callee says that a solved ticket is not solved. `comment` is kept with it."""

    node: str
    number: str
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class FlowFailed:
    """The flow could not go on. `error` is a sentence without private words."""

    node: str
    error: str


@dataclass(frozen=True, kw_only=True)
class CallEnded:
    """The flow is over. `by` is "caller" or "flow"; `outcome` is a short word such as completed, abandoned, failed."""

    node: str
    by: str
    outcome: str


Event = (
    NodeEntered
    | NodeLeft
    | Understood
    | NotUnderstood
    | PersonRequested
    | SpeechKept
    | RecordingMade
    | LanguageChosen
    | MessageRequested
    | CallbackRequested
    | OptedOut
    | Rated
    | TransferEnded
    | TicketOpened
    | ReopenRequested
    | FlowFailed
    | CallEnded
)

EVENT_TYPES: tuple[type, ...] = Event.__args__


def to_json(event: Event) -> dict[str, Any]:
    """The event as a JSON object with its type's name under "type"; a `version` of 0 is left out."""
    fields = {name: value for name, value in vars(event).items() if name != "version" or value}
    return {"type": type(event).__name__, **fields}


def from_json(data: Mapping[str, Any]) -> Event:
    """Read back what `to_json` wrote. Raises KeyError for an unknown type."""
    types = {t.__name__: t for t in EVENT_TYPES}
    fields = {k: v for k, v in data.items() if k != "type"}
    event: Event = types[data["type"]](**fields)
    return event
