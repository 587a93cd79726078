"""What one turn of a call comes to: what the caller is to hear, and what the house is to know and do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from flows.events import Event
from flows.nodes.base import Caller
from flows.requests import Request
from ivr.machine import CompiledFlow
from telephony.verbs import Dial, DialQueue, Enqueue, Gather, Hangup, Leave, Play, Record, Say, Verb


class Library(Protocol):
    """Where the engine finds flows."""

    def version(self, version: int) -> CompiledFlow:
        """The flow version of this id. Raises LookupError when there is none."""

    def latest(self, name: str) -> CompiledFlow:
        """The published version of a flow. Raises LookupError when there is none."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What surrounds a turn: the time, who is on the line, and where flows are found."""

    now: datetime
    library: Library
    caller: Caller = field(default_factory=Caller)
    service_number: str = ""
    call_sid: str = ""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What the engine wants after one answer.

    Attributes:
        verbs: heard by the caller, in order; ends with one that brings an answer or hangs up, unless `request` is set.
        events: told to the house, in order.
        request: what the engine must have answered before the call goes on, or None.
        filler: heard while a slow request is under way.
        ended: the call is over once the verbs are heard.
        outcome: a short word once it ended.
    """

    verbs: tuple[Verb, ...] = ()
    events: tuple[Event, ...] = ()
    request: Request | None = None
    filler: tuple[Verb, ...] = ()
    ended: bool = False
    outcome: str = ""

    @property
    def aloud(self) -> tuple[Verb, ...]:
        """The verbs with the filler before the last one: what is heard where a wait's length cannot be told."""
        return (*self.verbs[:-1], *self.filler, *self.verbs[-1:])

    @property
    def said(self) -> list[dict[str, Any]]:
        """What the caller hears, as it is stored."""
        return [line for verb in self.verbs for line in _said(verb)]

    def then(self, later: Turn) -> Turn:
        """This turn with what the engine wanted after its request was answered."""
        return replace(later, verbs=self.verbs + later.verbs, events=self.events + later.events)


def _said(verb: Verb) -> list[dict[str, Any]]:
    match verb:
        case Say():
            return [{"kind": "say", "text": verb.text, "language": verb.language}]
        case Play():
            return [{"kind": "play", "text": verb.text, "language": verb.language}]
        case Gather():
            return [{**line, "kind": "ask"} for prompt in verb.prompts for line in _said(prompt)]
        case Record() | Dial() | DialQueue() | Enqueue() | Hangup() | Leave():
            return [{"kind": type(verb).__name__.lower(), "text": "", "language": ""}]
        case _:
            return []
