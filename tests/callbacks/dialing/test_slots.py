"""The arithmetic of pace: gaps, cells, and whose turn it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from callbacks.dialing.account import AccountPace
from callbacks.dialing.pacing import Cell, next_gap, pick, slack_of, tolerance
from callbacks.settings import Pacing

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass
class Runner:
    """A campaign that always has something to dial."""

    name: str
    pace: float
    weight: int = 1
    least_pace: float = 0.0
    served: float = 0.0

    def __post_init__(self) -> None:
        self.cell = Cell(tat=START, slack=timedelta())
        self.least = Cell(tat=START, slack=timedelta()) if self.least_pace else None


def run(runners: list[Runner], account_pace: float, seconds: float) -> list[tuple[str, datetime]]:
    """Hand out the slots of so many seconds."""
    gap = timedelta(seconds=1 / account_pace)
    for runner in runners:
        runner.cell.slack = slack_of(gap)
        if runner.least is not None:
            runner.least.slack = slack_of(gap)
    given: list[tuple[str, datetime]] = []
    at = START
    while (chosen := pick(runners, at)) and chosen[1] < START + timedelta(seconds=seconds):
        runner, at = chosen
        runner.cell.advance(at, timedelta(seconds=1 / runner.pace))
        if runner.least is not None:
            runner.least.advance(at, timedelta(seconds=1 / runner.least_pace))
        runner.served += 1 / runner.weight
        given.append((runner.name, at))
        at += gap
    return given


def most_in_a_second(moments: list[datetime]) -> int:
    """The most dials of any window of one second, its ends included."""
    return max(sum(begin <= at <= begin + timedelta(seconds=1) for at in moments) for begin in moments)


@pytest.mark.parametrize("account", [1.0, 7.0, 50.0])
@pytest.mark.parametrize("pace", [0.5, 1.0, 3.0, 30.0, 33.3, 50.0])
def test_a_campaign_gets_its_own_pace_or_that_of_the_account(account: float, pace: float) -> None:
    given = run([Runner("a", pace)], account, 60)
    allowed = min(account, pace)
    assert len(given) == pytest.approx(60 * allowed, rel=0.02, abs=1.5)
    assert most_in_a_second([at for _, at in given]) <= allowed + 1


def test_two_campaigns_share_by_weight_and_neither_loses_its_own_pace() -> None:
    counts = Counter(name for name, _ in run([Runner("a", 100, weight=3), Runner("b", 100)], 20, 60))
    assert counts["a"] == pytest.approx(900, abs=3)
    assert counts["b"] == pytest.approx(300, abs=3)


def test_what_a_slow_campaign_leaves_the_other_takes() -> None:
    counts = Counter(name for name, _ in run([Runner("slow", 2, weight=50), Runner("fast", 100)], 20, 60))
    assert counts["slow"] == pytest.approx(120, abs=2)
    assert counts["fast"] == pytest.approx(1080, abs=3)


def test_a_guaranteed_pace_is_served_before_any_weight() -> None:
    runners = [Runner("heavy", 100, weight=100), Runner("small", 100, least_pace=2)]
    counts = Counter(name for name, _ in run(runners, 10, 60))
    assert counts["small"] == pytest.approx(120, abs=3)
    assert sum(counts.values()) == pytest.approx(600, abs=2)


def test_nobody_starves_beside_a_hundred_times_its_weight() -> None:
    given = run([Runner("heavy", 100, weight=100), Runner("light", 100)], 10, 60)
    light = [at for name, at in given if name == "light"]
    assert len(light) >= 5


def test_the_ramp_reaches_full_pace_linearly() -> None:
    pacing = Pacing(calls_per_second=10, ramp_min=1)
    at, made = START, [START]
    while at < START + timedelta(seconds=90):
        at += next_gap(pacing, START, at)
        made.append(at)

    def count(begin_s: float, end_s: float) -> int:
        return sum(begin_s <= (moment - START).total_seconds() < end_s for moment in made)

    assert count(0, 60) == pytest.approx(300, abs=3)
    assert count(0, 30) == pytest.approx(75, abs=3)
    assert count(60, 90) == pytest.approx(300, abs=3)


def test_without_a_ramp_the_pace_is_full_at_once() -> None:
    assert next_gap(Pacing(calls_per_second=4), START, START) == timedelta(seconds=0.25)
    assert next_gap(Pacing(calls_per_second=4, ramp_min=5), None, START) == timedelta(seconds=0.25)


@pytest.mark.parametrize("pace", [0.2, 1, 10, 50, 200])
def test_a_dial_that_is_late_within_tolerance_adds_at_most_one_to_any_second(pace: float) -> None:
    gap = 1 / pace
    late = tolerance(pace).total_seconds()
    slots = [n * gap for n in range(round(pace * 4) + 8)]
    # The worst case: those before the window are as late as they may be, those within it punctual.
    inside = [at for at in slots if 2.0 - late <= at <= 3.0]
    assert len(inside) <= pace + 1 + 1e-9


@pytest.mark.parametrize(
    ("pace", "live", "reserve"), [(0, 50, 5), (-1, 50, 5), (1001, 50, 5), (1, 0, 0), (1, 5, 5), (1, 5, -1)]
)
def test_an_account_that_could_call_nobody_is_refused(pace: float, live: int, reserve: int) -> None:
    with pytest.raises(ValueError, match=r"^The account"):
        AccountPace(calls_per_second=pace, max_live=live, inbound_reserve=reserve)
