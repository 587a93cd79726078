"""When the next dial may be: pure arithmetic over moments.

A dial gets a moment of its own, its slot; slots of the account lie at least 1/pace apart. A campaign has a pace of its
own and is given slots by a GCRA cell: no bursts, and none of its pace is lost when its slots are moved a little to fit
between those of others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from callbacks.settings import Pacing

AHEAD = timedelta(seconds=0.5)
"""Slots are handed out so far ahead: time enough to prepare the call, and a pause still holds within a second."""

BATCH = timedelta(seconds=0.2)
"""Slots are handed out again when the ones given reach less than AHEAD - BATCH: a tick costs as much for ten cases."""

LEAD = timedelta(seconds=0.15)
"""A slot nearer than this could not be kept: its id is still on its way to a worker."""


def next_gap(pacing: Pacing, running_since: datetime | None, at: datetime) -> timedelta:
    """Time from a campaign's dial at `at` to its next.

    While it ramps up the pace grows linearly from 0, so that n(t) = pace * t^2 / (2 * ramp) calls have been made; the
    gap is where that has grown by one.
    """
    pace, ramp_s = pacing.calls_per_second, pacing.ramp_min * 60
    gap_s = 1 / pace
    passed_s = (at - running_since).total_seconds() if running_since is not None else ramp_s
    if passed_s >= ramp_s:
        return timedelta(seconds=gap_s)
    passed_s = max(passed_s, 0.0)
    next_s = math.sqrt(passed_s**2 + 2 * ramp_s / pace)
    if next_s > ramp_s:
        made = (ramp_s**2 - passed_s**2) * pace / (2 * ramp_s)
        next_s = ramp_s + (1 - made) / pace
    return timedelta(seconds=next_s - passed_s)


@dataclass(kw_only=True)
class Cell:
    """One campaign's pace. `tat` is the theoretical moment of its next dial; a dial may come up to `slack` earlier."""

    tat: datetime
    slack: timedelta

    @property
    def ready_at(self) -> datetime:
        """The earliest moment of the next dial."""
        return self.tat - self.slack

    def advance(self, at: datetime, gap: timedelta) -> None:
        """Take note of a dial."""
        self.tat = max(self.tat, at) + gap


def slack_of(account_gap: timedelta) -> timedelta:
    """How far a campaign's dial may be moved forward to a slot of the account: just under one slot."""
    return account_gap * 0.999


class Runner(Protocol):
    """Who wants slots: a campaign with something to dial."""

    weight: int
    served: float
    cell: Cell
    least: Cell | None
    """The guaranteed pace; None when nothing is guaranteed."""


Lane = TypeVar("Lane", bound=Runner)


def pick(lanes: Sequence[Lane], at: datetime) -> tuple[Lane, datetime] | None:
    """Whose turn it is, and when, not before `at`; None when nobody runs.

    Whoever is below its guaranteed pace comes first, longest due first; then who was served least for its weight.
    """
    if not lanes:
        return None
    at = max(at, min(lane.cell.ready_at for lane in lanes))
    ready = [lane for lane in lanes if lane.cell.ready_at <= at]
    owed = [(lane.least.tat, n) for n, lane in enumerate(ready) if lane.least is not None and lane.least.ready_at <= at]
    if owed:
        return ready[min(owed)[1]], at
    return min(ready, key=lambda lane: lane.served), at


def tolerance(calls_per_second: float) -> timedelta:
    """How late a dial may be in its slot. With less than one gap no second holds more than pace + 1 dials."""
    return timedelta(seconds=min(0.98 / calls_per_second, 0.3))
