"""Where a call stands: the plain object that a flow's machine moves and that one JSON value keeps between webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

KEPT_AT_MOST = 50
"""Spoken pieces and answers kept for a ticket; a caller who says more than this has long been handed on."""

HISTORY_AT_MOST = 20


@dataclass(kw_only=True)
class Frame:
    """One flow under way: the call's flow, or a sub-flow on top of it.

    Attributes:
        version: id of the flow version; a call stays on it.
        node: the node the frame is at.
        memory: what that node wants to find again.
        history: questions asked, oldest first, for going back.
        values: the flow's values by name.
    """

    version: int
    node: str
    memory: Mapping[str, Any] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def remember_question(self) -> None:
        """Put the frame's node at the end of its history; what was asked after it is forgotten."""
        if self.node in self.history:
            del self.history[self.history.index(self.node) + 1 :]
        else:
            self.history.append(self.node)
            del self.history[:-HISTORY_AT_MOST]


@dataclass(kw_only=True)
class Pending:
    """A lookup under way: its row, the time at which it counts as failed, and how often the caller was put off."""

    id: int
    until: datetime
    polls: int = 0


@dataclass(kw_only=True)
class Session:
    """A call's place in its flow. The model of the flow's `transitions` machine (its attribute is `_node`).

    Attributes:
        frames: the call's flow first, the running sub-flow last.
        language: BCP-47 tag the call is held in.
        errors_in_call: no-inputs and no-matches so far.
        waits_for: what the last document waits for: gather, record, dial, enqueue, redirect, or "" for nothing.
        failures: how often the flow could not go on.
        closing: the call could not be finished; only the ticket's number is still to be said.
        ended: nothing more is done but to hang up.
        outcome: a short word once it ended.
        kept: what the caller said that a ticket should hold, as {"node", "text", "confidence"}.
        answers: what was understood, as {"node", "value", "mode"}.
        recorded: whether the caller left a recording with sound in it.
        tickets: numbers of the tickets this call opened or added to.
        pending: the lookup under way, or None.
        token: the provider's idempotency token of the last request, "" if it sends none.
        caller_name, vip: of the person on the line, as known when the call began.
        touched: a key was pressed or a question answered: no machine does that.
    """

    frames: list[Frame] = field(default_factory=list)
    language: str = ""
    errors_in_call: int = 0
    waits_for: str = ""
    failures: int = 0
    closing: bool = False
    ended: bool = False
    outcome: str = ""
    kept: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    recorded: bool = False
    tickets: list[str] = field(default_factory=list)
    pending: Pending | None = None
    token: str = ""
    caller_name: str = ""
    vip: bool = False
    touched: bool = False

    @property
    def frame(self) -> Frame:
        """The frame that runs. Raises IndexError before the call is on a flow."""
        return self.frames[-1]

    @property
    def node(self) -> str:
        """The node the call is at, "" before the first."""
        return self.frames[-1].node if self.frames else ""

    @property
    def subflow(self) -> int:
        """Id of the running sub-flow's version, 0 while the call is in its own flow."""
        return self.frames[-1].version if len(self.frames) > 1 else 0

    @property
    def _node(self) -> str:
        return self.frames[-1].node

    @_node.setter
    def _node(self, node: str) -> None:
        self.frames[-1].node = node

    @property
    def values(self) -> dict[str, Any]:
        """The values of the flow that runs."""
        return self.frames[-1].values

    def keep(self, node: str, text: str, confidence: float | None) -> None:
        """Keep something said for a ticket."""
        self.kept = [*self.kept, {"node": node, "text": text, "confidence": confidence}][-KEPT_AT_MOST:]

    def keep_answer(self, node: str, value: Any, mode: str) -> None:
        """Keep an answer for a ticket. A question answered again replaces its earlier answer."""
        others = [answer for answer in self.answers if answer["node"] != node]
        self.answers = [*others, {"node": node, "value": value, "mode": mode}][-KEPT_AT_MOST:]

    @property
    def said(self) -> str:
        """What the caller said in own words, one piece a line."""
        return "\n".join(piece["text"] for piece in self.kept)

    def to_json(self) -> dict[str, Any]:
        """The session as a compact JSON object; what has its default is left out."""
        full = {
            "f": [_frame_to_json(frame) for frame in self.frames],
            "l": self.language,
            "e": self.errors_in_call,
            "w": self.waits_for,
            "x": self.failures,
            "c": self.closing,
            "z": self.ended,
            "o": self.outcome,
            "k": self.kept,
            "a": self.answers,
            "r": self.recorded,
            "t": self.tickets,
            "p": self.pending and [self.pending.id, self.pending.until.isoformat(), self.pending.polls],
            "i": self.token,
            "n": self.caller_name,
            "v": self.vip,
            "q": self.touched,
        }
        return {key: value for key, value in full.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Session:
        """Read back what `to_json` wrote, now or in an older release: unknown keys are skipped."""
        get = data.get
        pending = get("p")
        return cls(
            frames=[_frame_from_json(frame) for frame in get("f", ())],
            language=get("l", ""),
            errors_in_call=get("e", 0),
            waits_for=get("w", ""),
            failures=get("x", 0),
            closing=get("c", False),
            ended=get("z", False),
            outcome=get("o", ""),
            kept=list(get("k", ())),
            answers=list(get("a", ())),
            recorded=get("r", False),
            tickets=list(get("t", ())),
            pending=pending and Pending(id=pending[0], until=datetime.fromisoformat(pending[1]), polls=pending[2]),
            token=get("i", ""),
            caller_name=get("n", ""),
            vip=get("v", False),
            touched=get("q", False),
        )


def _frame_to_json(frame: Frame) -> dict[str, Any]:
    full = {
        "v": frame.version,
        "n": frame.node,
        "m": dict(frame.memory),
        "h": frame.history,
        "x": frame.values,
    }
    return {key: value for key, value in full.items() if value}


def _frame_from_json(data: Mapping[str, Any]) -> Frame:
    get = data.get
    return Frame(
        version=data["v"],
        node=get("n", ""),
        memory=get("m", {}),
        history=list(get("h", ())),
        values=dict(get("x", {})),
    )
