"""Where the search for tests begins: times at which hours are open, closed or a holiday, callers, and given values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flows.documents import FlowDocument
from flows.nodes.base import Context, Leave, Node
from ivr.rehearsal.making_values import assignments, read_names
from ivr.rehearsal.moments import zone_of
from ivr.rehearsal.scenario import CallSpec, KnownTicket, Scenario, Setting

WITHHELD = "anonymous"
TIMES_AT_MOST = 6
VALUES_AT_MOST = 12
DAYS_AHEAD = 400


def starts(document: FlowDocument, now: datetime) -> Iterator[Scenario]:
    """Scenarios without steps, the plainest first; every later one differs from it in one thing, the last in two."""
    times = tuple(_times(document, now)) or ("",)
    given = _given(document)
    plain = Setting(at=times[0], values=given)
    yield Scenario(setting=plain)
    for at in times[1:]:
        yield Scenario(setting=plain.model_copy(update={"at": at}))
    for values in _values(document, now):
        yield Scenario(setting=plain.model_copy(update={"values": {**given, **values}}))
    asks_tickets = any(node.type == "ticket_status" for node in document.nodes.values())
    known = [KnownTicket(number="100014", subject="A ticket", status="open")] if asks_tickets else []
    if known:
        yield Scenario(setting=plain.model_copy(update={"tickets": known}))
    yield Scenario(setting=plain.model_copy(update={"vip": True, "caller_name": "Li Wei"}))
    for at in times:
        yield Scenario(call=CallSpec(from_=WITHHELD), setting=plain.model_copy(update={"at": at, "tickets": known}))


def _times(document: FlowDocument, now: datetime) -> Iterator[str]:
    """Local times at which the nodes that go by the clock decide differently, open hours first."""
    nodes = [(name, node) for name, node in document.nodes.items() if node.type == "business_hours"]
    zone = zone_of(document)
    found: dict[tuple[str, ...], str] = {}
    for at in _moments(now, zone) if nodes else ():
        decided = tuple(_exit_at(document, name, node, at) for name, node in nodes)
        if decided not in found:
            found[decided] = at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
        if len(found) >= TIMES_AT_MOST:
            break
    # Where most is open, most can be done.
    yield from [found[key] for key in sorted(found, key=lambda key: -key.count("open"))]


def _moments(now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Each hour of the next eight days, then each noon of more than a year, for holidays."""
    first = now.astimezone(zone).replace(hour=0, minute=30, second=0, microsecond=0) + timedelta(days=1)
    for hours in range(8 * 24):
        yield (first + timedelta(hours=hours)).astimezone(UTC)
    for days in range(8, DAYS_AHEAD):
        yield (first + timedelta(days=days, hours=11)).astimezone(UTC)


def _exit_at(document: FlowDocument, name: str, node: Node, at: datetime) -> str:
    step = node.enter(Context(document=document, node_id=name, now=at, language=document.languages[0]))
    return step.then.exit if isinstance(step.then, Leave) else ""


def _given(document: FlowDocument) -> dict[str, Any]:
    """Something for every value that the flow expects from outside and has no default for."""
    return {name: _example(name) for name, variable in document.variables.items() if variable.default is None}


def _example(name: str) -> Any:
    if any(part in name for part in ("date", "day", "at", "until", "time", "_on")):
        return "2026-12-05"
    return 1 if any(part in name for part in ("count", "number_of", "amount")) else f"{name} 1"


def _values(document: FlowDocument, now: datetime) -> Iterator[Mapping[str, Any]]:
    """Values from outside that make conditions come out one way and the other."""
    taken = {name for node in document.nodes.values() for name in getattr(node, "take", {}) or {}}
    set_inside = {name for node in document.nodes.values() for name in node.sets_values()}
    outside = (frozenset(document.variables) | _asked_for(document)) - taken - set_inside
    for number, values in enumerate(assignments(document, outside, now)):
        if number >= VALUES_AT_MOST:
            return
        yield values


def _asked_for(document: FlowDocument) -> frozenset[str]:
    """Names that conditions read and that nobody declares; `caller` and the like are known by every call."""
    return read_names(document) - {"caller", "language", "service_number", "node", "case"}
