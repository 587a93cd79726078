"""Time walked forward: who would be dialled in which minute, given hours, zones, limits and the pace. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from callbacks.gate.calendar import Calendar
from callbacks.gate.decision import Decision
from callbacks.gate.facts import DialFacts
from callbacks.gate.hours import first_open, is_open
from callbacks.gate.may_dial import may_dial

MINUTE = timedelta(minutes=1)
HORIZON = timedelta(days=366)
MOST_ASKED = 12
"""A case is put to the gate this often before it is taken to be denied for good; each answer lies later than the one
before, so this is for rules that hold each other up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A case that waits: its facts, its place in the order, and the earliest moment it is due."""

    case_id: int
    priority: int
    due_at: datetime
    facts: DialFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What becomes of a case: the minute of its first call, or None and the denial that is final.

    `first` is the gate's first answer; when it denied and `at` is set, the case waited for that.
    """

    case_id: int
    at: datetime | None
    first: Decision
    last: Decision


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How many calls may begin: per second, with a ramp of so many minutes from the start on."""

    calls_per_second: float
    ramp_min: float = 0.0

    def in_minute(self, since_start: timedelta) -> float:
        """Calls that may begin within a minute that starts so long after the launch."""
        if self.ramp_min <= 0:
            return self.calls_per_second * 60
        middle = since_start.total_seconds() / 60 + 0.5
        return self.calls_per_second * 60 * min(1.0, middle / self.ramp_min)


@dataclass
class _Waiting:
    """Cases that are due, by the calendar that opens and closes for them alike: a heap of place and case."""

    heaps: dict[Calendar, list[tuple[int, datetime, int]]] = field(default_factory=dict)

    def add(self, candidate: Candidate, ready_at: datetime) -> None:
        place = (candidate.priority, ready_at, candidate.case_id)
        heapq.heappush(self.heaps.setdefault(candidate.facts.calendar, []), place)

    def open_at(self, minute: datetime) -> list[list[tuple[int, datetime, int]]]:
        return [heap for calendar, heap in self.heaps.items() if heap and is_open(calendar, minute)]

    def next_open(self, minute: datetime) -> datetime | None:
        found = (first_open(calendar, minute, None) for calendar, heap in self.heaps.items() if heap)
        return min((at for at in found if at is not None), default=None)


def forecast(candidates: Sequence[Candidate], start: datetime, pace: Pace) -> list[Plan]:
    """Plan the first call of every candidate, from `start` on, in no order."""
    plans: dict[int, Plan] = {}
    firsts: dict[int, Decision] = {}
    allowed: dict[int, Decision] = {}
    coming: list[tuple[datetime, int]] = []
    known = {candidate.case_id: candidate for candidate in candidates}
    for candidate in candidates:
        first, last, ready_at = _settle(candidate, max(start, candidate.due_at))
        firsts[candidate.case_id] = first
        if ready_at is None:
            plans[candidate.case_id] = Plan(case_id=candidate.case_id, at=None, first=first, last=last)
        else:
            coming.append((ready_at, candidate.case_id))
            allowed[candidate.case_id] = last
    heapq.heapify(coming)
    for case_id, at, decision in _walk(coming, known, start, pace):
        last = decision or allowed[case_id]
        plans[case_id] = Plan(case_id=case_id, at=at, first=firsts[case_id], last=last)
    return list(plans.values())


def _settle(candidate: Candidate, at: datetime) -> tuple[Decision, Decision, datetime | None]:
    """The first answer, the last one, and the moment of the last when it allows."""
    first = decision = may_dial(candidate.facts, at)
    for _ in range(MOST_ASKED):
        if decision.allowed:
            return first, decision, decision.at
        if decision.next_at is None:
            return first, decision, None
        decision = may_dial(candidate.facts, decision.next_at)
    return first, decision, None


def _walk(
    coming: list[tuple[datetime, int]], known: Mapping[int, Candidate], start: datetime, pace: Pace
) -> Iterable[tuple[int, datetime | None, Decision | None]]:
    """Minute by minute: whoever is due and open is dialled as far as the pace goes, the most urgent first.

    The decision is None where nothing can have changed since the gate allowed the call.
    """
    waiting, minute, room = _Waiting(), _minute(start), 0.0
    while coming or any(waiting.heaps.values()):
        while coming and coming[0][0] < minute + MINUTE:
            ready_at, case_id = heapq.heappop(coming)
            waiting.add(known[case_id], ready_at)
        heaps = waiting.open_at(minute)
        if not heaps or minute - start > HORIZON:
            minute, room = _next_minute(coming, waiting, minute), 0.0
            if minute - start > HORIZON:
                yield from _given_up(coming, waiting, known, minute)
                return
            continue
        # What a minute could not use is lost, but for the part of a call that a slow pace adds up.
        room = min(room, 1.0) + pace.in_minute(minute - start)
        while room >= 1 and heaps:
            heap = min(heaps)
            _priority, ready_at, case_id = heapq.heappop(heap)
            heaps = [h for h in heaps if h]
            at, facts = max(minute, ready_at), known[case_id].facts
            decision = may_dial(facts, at) if at > ready_at and _lapses(facts) else None
            if decision is None or decision.allowed:
                room -= 1
                yield case_id, at, decision
            elif decision.next_at is None:
                yield case_id, None, decision
            else:
                heapq.heappush(coming, (decision.next_at, case_id))
        minute += MINUTE


def _lapses(facts: DialFacts) -> bool:
    """Whether waiting in open hours can turn an allowance into a denial: an end, or a consent with one."""
    return facts.until is not None or any(permission.until is not None for permission in facts.record.permissions)


def _next_minute(coming: list[tuple[datetime, int]], waiting: _Waiting, minute: datetime) -> datetime:
    """The next minute in which anything can happen."""
    moments = [moment for moment in (waiting.next_open(minute + MINUTE), coming[0][0] if coming else None) if moment]
    later = _minute(min(moments)) if moments else minute + HORIZON + MINUTE
    return max(later, minute + MINUTE)


def _given_up(
    coming: list[tuple[datetime, int]], waiting: _Waiting, known: Mapping[int, Candidate], minute: datetime
) -> Iterable[tuple[int, datetime | None, Decision]]:
    """Cases that a year of calling does not reach."""
    rest = [case_id for _at, case_id in coming] + [place[2] for heap in waiting.heaps.values() for place in heap]
    for case_id in rest:
        yield case_id, None, may_dial(known[case_id].facts, minute)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
