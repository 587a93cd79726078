"""Where conversations end: how many people came to each node, which way they left it, who hung up there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt, AttemptState, CarrierOutcome
from callbacks.case import CaseKind
from ivr.calls import Call
from ivr.turns import TurnRow

NEWEST = 300
"""So many of the latest conversations are read: turns are long rows, and a flow that changed makes old ones useless."""


@dataclass(frozen=True, kw_only=True)
class NodeRow:
    """One node: calls that entered it, calls that left by each exit, calls whose person hung up there."""

    node: str
    entered: int
    left_by: Mapping[str, int]
    hung_up: int


@dataclass(frozen=True, kw_only=True)
class DropOff:
    """The nodes in the order in which conversations reach them, over `calls` conversations of one flow version."""

    flow_version_id: int | None
    calls: int
    nodes: tuple[NodeRow, ...]


@dataclass
class _Counts:
    entered: Counter[str] = field(default_factory=Counter)
    left: dict[str, Counter[str]] = field(default_factory=dict)
    hung_up: Counter[str] = field(default_factory=Counter)
    place: dict[str, list[int]] = field(default_factory=dict)


def drop_off(session: Session, campaign_id: int, flow_version_id: int | None, *, variant: str = "a") -> DropOff:
    """Read the latest answered calls of a campaign with one of its flows that ran on one version of it."""
    calls = session.execute(
        select(Attempt.call_id, Call.ended_by)
        .join(Call, Call.id == Attempt.call_id)
        .where(
            Attempt.campaign_id == campaign_id,
            Attempt.state == AttemptState.ENDED,
            Attempt.kind == CaseKind.NORMAL,
            Attempt.carrier_outcome == CarrierOutcome.ANSWERED,
            Attempt.flow_version_id == flow_version_id,
            Attempt.variant == variant,
        )
        .order_by(Attempt.id.desc())
        .limit(NEWEST)
    ).all()
    ended_by = {int(row.call_id): row.ended_by for row in calls}
    turns = session.execute(
        select(TurnRow.call_id, TurnRow.events)
        .where(TurnRow.call_id.in_(ended_by))
        .order_by(TurnRow.call_id, TurnRow.number)
    ).all()
    counts = _Counts()
    events: dict[int, list[Mapping[str, Any]]] = {}
    for call_id, found in turns:
        events.setdefault(call_id, []).extend(e for e in found or () if isinstance(e, dict))
    for call_id, of_call in events.items():
        _count(counts, of_call, by_person=ended_by[call_id] == "caller")
    return DropOff(flow_version_id=flow_version_id, calls=len(events), nodes=tuple(_rows(counts)))


def _count(counts: _Counts, events: Sequence[Mapping[str, Any]], *, by_person: bool) -> None:
    """One conversation: a node asked again counts once."""
    path = list(dict.fromkeys(_nodes(events, "NodeEntered")))
    for place, node in enumerate(path):
        counts.entered[node] += 1
        counts.place.setdefault(node, []).append(place)
    leaving = {str(e.get("node")): str(e.get("exit", "")) for e in events if e.get("type") == "NodeLeft"}
    for node, name in leaving.items():
        counts.left.setdefault(node, Counter())[name] += 1
    last = list(_nodes(events, "CallEnded")) or list(_nodes(events, "NodeEntered"))
    if by_person and last:
        counts.hung_up[last[-1]] += 1


def _nodes(events: Iterable[Mapping[str, Any]], kind: str) -> Iterable[str]:
    return (str(e["node"]) for e in events if e.get("type") == kind and e.get("node"))


def _rows(counts: _Counts) -> list[NodeRow]:
    def order(node: str) -> tuple[float, int]:
        places = counts.place[node]
        return (sum(places) / len(places), -counts.entered[node])

    return [
        NodeRow(
            node=node,
            entered=counts.entered[node],
            left_by=dict(counts.left.get(node, Counter()).most_common()),
            hung_up=counts.hung_up[node],
        )
        for node in sorted(counts.entered, key=order)
    ]
