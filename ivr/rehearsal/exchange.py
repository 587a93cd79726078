"""One exchange of a rehearsal: what was done, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.events import Event
from ivr.rehearsal.sentences import Failure, Sentence, Tell, in_english

AUDIBLE = frozenset({"say", "play", "ask"})
"""Kinds of said lines that have words."""


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A node that was entered, or stood at, and the exit it was left by; "" while the call is still there.

    `flow` is "" for the flow under work. `entered` is False for the node at which the exchange began.
    """

    flow: str
    node: str
    exit: str = ""
    entered: bool = True


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key that may be pressed now, and what it means."""

    press: str
    word: str


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """What was done, and what came of it.

    Attributes:
        step: index of the scenario's step that brought it, -1 for the start of the call.
        heard: what the engine was given, with its kind; "start", "hangup" and "tape" (words into a recording that
            still runs) besides those of `ivr.heard`.
        said: what the caller hears, as a call's turns keep it: kind, text, language.
        path: nodes passed, in order.
        node, flow, language, values: where the call stands afterwards; the values of the flow that runs.
        events: what the house was told.
        notes: the same for people, and what a rehearsal adds.
        waits_for: gather, record, dial, enqueue, or "" for nothing.
        choices: keys that mean something now.
        hints: phrases that a recogniser would be told to expect.
    """

    step: int
    heard: Mapping[str, Any]
    said: tuple[Mapping[str, Any], ...] = ()
    path: tuple[Passed, ...] = ()
    node: str = ""
    flow: str = ""
    language: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    notes: tuple[Sentence, ...] = ()
    waits_for: str = ""
    choices: tuple[Key, ...] = ()
    hints: tuple[str, ...] = ()
    ended: bool = False
    outcome: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The words that are heard."""
        return tuple(" ".join(line["text"].split()) for line in self.said if line["kind"] in AUDIBLE and line["text"])

    def to_json(self, tell: Tell = in_english) -> dict[str, Any]:
        """The exchange as the editor takes it."""
        return {
            "step": self.step,
            "heard": dict(self.heard),
            "said": [dict(line) for line in self.said],
            "path": [{"flow": at.flow, "node": at.node, "exit": at.exit} for at in self.path],
            "node": self.node,
            "flow": self.flow,
            "language": self.language,
            "values": dict(self.values),
            "notes": [note.told(tell) for note in self.notes],
            "waits_for": self.waits_for,
            "choices": [{"press": key.press, "word": key.word} for key in self.choices],
            "hints": list(self.hints),
            "ended": self.ended,
            "outcome": self.outcome,
        }


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """A whole conversation with a flow.

    `tickets` are as the desk would have them (number, category, subject, text, reference, …), `messages` {to, body}.
    `ended_by` is "app", "caller" or "".
    """

    exchanges: tuple[Exchange, ...]
    tickets: tuple[Mapping[str, Any], ...] = ()
    messages: tuple[Mapping[str, str], ...] = ()
    failures: tuple[Failure, ...] = ()
    ended: bool = False
    outcome: str = ""
    ended_by: str = ""
    ms: float = 0.0

    @property
    def passed(self) -> tuple[Passed, ...]:
        """Every node passed in the whole call."""
        return tuple(at for exchange in self.exchanges for at in exchange.path)

    def to_json(self, tell: Tell = in_english) -> dict[str, Any]:
        """The rehearsal as the editor takes it."""
        return {
            "exchanges": [exchange.to_json(tell) for exchange in self.exchanges],
            "tickets": [dict(ticket) for ticket in self.tickets],
            "messages": [dict(message) for message in self.messages],
            "failures": [{"step": f.step, "message": f.sentence.told(tell)} for f in self.failures],
            "ended": self.ended,
            "outcome": self.outcome,
            "ms": round(self.ms, 1),
        }
