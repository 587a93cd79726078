"""A house that may answer lookups in any way, for a search over everything that can happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.documents import FlowDocument
from flows.requests import Lookup, LookupReply
from ivr.rehearsal.house import House
from ivr.rehearsal.making_values import assignments, body_with, read_names
from ivr.rehearsal.scenario import LookupSample

REPLIES_AT_MOST = 16


@dataclass(frozen=True, kw_only=True)
class Replies:
    """What each lookup of a document may be answered, made from the conditions that look at what it brings."""

    by_node: Mapping[str, tuple[LookupSample, ...]]

    @classmethod
    def of(cls, document: FlowDocument, now: datetime) -> Replies:
        """Every outcome, and for `ok` a reply for every condition that depends on the reply."""
        found = {}
        together = tuple(assignments(document, read_names(document), now))
        for name, node in document.nodes.items():
            take = getattr(node, "take", None)
            if node.type == "subflow" or not isinstance(take, dict):
                continue
            alone = assignments(document, frozenset(take), now)
            made = _distinct(body_with(take, values) for values in (*alone, *together) if set(values) & set(take))
            bodies = [*made, body_with(take, {})] if made else [body_with(take, {}), {}]
            rows = [LookupSample(outcome="ok", status=200, body=body) for body in bodies[: REPLIES_AT_MOST - 3]]
            rows += [
                LookupSample(outcome="not_found", status=404),
                LookupSample(outcome="timeout"),
                LookupSample(outcome="error"),
            ]
            found[name] = tuple(rows)
        return cls(by_node=found)


def _distinct(bodies: Iterable[Any]) -> list[Any]:
    return list({repr(body): body for body in bodies}.values())


class OpenHouse(House):
    """A house whose lookups may be answered in any way.

    Attributes:
        script: which of its replies each lookup gets, in order; the first one beyond its end.
        asked: what was asked for since the script was set: node, the reply's place, and how many there are.
        used: every reply of the call, by node, in order.
    """

    def __init__(self, house: House, replies: Replies) -> None:
        super().__init__(house.world, caller_number=house.caller_number, flow=house.flow)
        self.replies = replies
        self.script: tuple[int, ...] = ()
        self.asked: list[tuple[str, int, int]] = []
        self.used: list[tuple[str, LookupSample]] = []

    def copy(self) -> OpenHouse:
        """The same house, for going another way from here."""
        twin = OpenHouse(self, self.replies)
        twin.tickets = [dict(ticket) for ticket in self.tickets]
        twin.messages = list(self.messages)
        twin.used = list(self.used)
        return twin

    def look_up(self, request: Lookup, flow: str = "") -> LookupReply:
        """The scripted choice of the next reply, else the first one."""
        rows = () if flow else self.replies.by_node.get(request.node, ())
        if not rows:
            return LookupReply(outcome="error")
        place = len(self.asked)
        choice = self.script[place] if place < len(self.script) else 0
        self.asked.append((request.node, choice, len(rows)))
        self.used.append((request.node, rows[choice]))
        return rows[choice].reply
