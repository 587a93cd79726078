"""Where callers went: for one version of a flow, how many entered each node and what became of them there.

A caller counts once per node and once per exit, however often the call came by. Nodes of the version as a sub-flow of
other flows count as well; they are told apart by the version id that the engine puts on its events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from flows.versions import Flow, FlowVersion, called_flows
from ivr.calls import Call
from ivr.turns import TurnRow

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, kw_only=True)
class NodeHeat:
    """Callers at one node. They overlap: who was not understood may have asked for a person, and left.

    Attributes:
        entered: came to the node.
        hung_up: ended the call there.
        failed: the flow could not go on there, or ended there as failed.
        person: asked for a person there, by key, by words or by too many errors.
        no_match / no_input: were not understood, or kept silent, at least once.
    """

    entered: int = 0
    hung_up: int = 0
    failed: int = 0
    person: int = 0
    no_match: int = 0
    no_input: int = 0


@dataclass(frozen=True, kw_only=True)
class Heat:
    """What calls did on a version: how many there were, per node, and per node and exit."""

    calls: int = 0
    nodes: Mapping[str, NodeHeat] = field(default_factory=dict)
    exits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def heat_of(session: Session, version_id: int, *, since: datetime, until: datetime) -> Heat:
    """Read the calls that began between the two times (aware, UTC), including calls that still go on.

    A version that does not exist has no callers.
    """
    counts = _Counts()
    of_call: _OfCall | None = None
    rows = session.execute(_turns(session, version_id, since, until).execution_options(yield_per=ROWS_AT_ONCE))
    for call_id, own_version, events in rows:
        if of_call is None or of_call.call_id != call_id:
            if of_call is not None:
                counts.add(of_call)
            of_call = _OfCall(call_id, is_own=own_version == version_id, version_id=version_id)
        of_call.read(events or ())
    if of_call is not None:
        counts.add(of_call)
    return counts.heat()


def _turns(session: Session, version_id: int, since: datetime, until: datetime) -> Select[Any]:
    """The events of calls on the version, and of calls of flows that call it, call by call in order."""
    in_time = and_(Call.started_at >= since, Call.started_at <= until)
    of_version: ColumnElement[bool] = Call.flow_version_id == version_id
    callers = _calling(session, version_id, in_time)
    if callers:
        of_version = or_(of_version, Call.flow_name.in_(callers))
    return (
        select(TurnRow.call_id, Call.flow_version_id, TurnRow.events)
        .join(Call, Call.id == TurnRow.call_id)
        .where(in_time, of_version)
        .order_by(TurnRow.call_id, TurnRow.number)
    )


def _calling(session: Session, version_id: int, in_time: ColumnElement[bool]) -> list[str]:
    """Names of flows that run this version's flow inside them, directly or through others.

    Only versions that were called in that time, and those in force (which sub-flows are), can have done so.
    """
    named = select(Flow.name).join(FlowVersion, FlowVersion.flow_id == Flow.id)
    name = session.scalar(named.where(FlowVersion.id == version_id))
    if name is None:
        return []
    called = select(Call.flow_version_id).where(in_time).distinct()
    in_force = select(Flow.published_version_id)
    documents = select(Flow.name, FlowVersion.document).join(Flow, Flow.id == FlowVersion.flow_id)
    calls: dict[str, set[str]] = {}
    for caller, document in session.execute(
        documents.where(or_(FlowVersion.id.in_(called), FlowVersion.id.in_(in_force)))
    ):
        calls.setdefault(caller, set()).update(called_flows(document))
    found: set[str] = set()
    waiting = {name}
    while waiting:
        waiting = {caller for caller, inner in calls.items() if inner & waiting} - found
        found |= waiting
    return sorted(found)


class _OfCall:
    """One call's way through the version, each thing once."""

    def __init__(self, call_id: int, *, is_own: bool, version_id: int) -> None:
        self.call_id = call_id
        self._wanted = {0, version_id} if is_own else {version_id}
        self._here = is_own
        self.seen: set[tuple[str, str]] = set()
        self.left: set[tuple[str, str]] = set()

    def read(self, events: Iterable[Any]) -> None:
        """Take in a turn's events, in order."""
        for event in events:
            kind, node = event.get("type"), event.get("node", "")
            if kind in ("NodeEntered", "NodeLeft"):
                self._here = event.get("version", 0) in self._wanted
                if not self._here:
                    continue
                if kind == "NodeEntered":
                    self.seen.add(("entered", node))
                else:
                    self.left.add((node, event.get("exit", "")))
            elif self._here:
                self._happened(kind, node, event)

    def _happened(self, kind: str | None, node: str, event: Mapping[str, Any]) -> None:
        match kind:
            case "NotUnderstood":
                self.seen.add(("no_input" if event.get("kind") == "no-input" else "no_match", node))
            case "PersonRequested":
                self.seen.add(("person", node))
            case "FlowFailed":
                self.seen.add(("failed", node))
            case "CallEnded" if event.get("by") == "caller":
                self.seen.add(("hung_up", node))
            case "CallEnded" if event.get("outcome") == "failed":
                self.seen.add(("failed", node))
            case _:
                return


class _Counts:
    def __init__(self) -> None:
        self.calls = 0
        self._nodes: dict[str, Counter[str]] = {}
        self._exits: dict[str, Counter[str]] = {}

    def add(self, call: _OfCall) -> None:
        """Count one call; one that never came to the version counts nowhere."""
        if not call.seen:
            return
        self.calls += 1
        for what, node in call.seen:
            self._nodes.setdefault(node, Counter())[what] += 1
        for node, exit_name in call.left:
            self._exits.setdefault(node, Counter())[exit_name] += 1

    def heat(self) -> Heat:
        """The figures as values."""
        return Heat(
            calls=self.calls,
            nodes={node: NodeHeat(**counts) for node, counts in self._nodes.items()},
            exits={node: dict(counts.most_common()) for node, counts in self._exits.items()},
        )
