"""When a case is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gate_facts import at
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.gate.retries import next_try
from callbacks.settings import Result, RetryMatrix, RetryRow

ENDED = at("2026-11-18T10:00+08:00")
HERE = ("Asia/Shanghai",)


def one_row(row: RetryRow, max_tries: int = 20) -> RetryMatrix:
    return RetryMatrix(rows={Result.BUSY: row}, max_tries=max_tries)


def after(row: RetryRow, count: int, tries: int = 1, max_tries: int = 20, ended: datetime = ENDED) -> datetime | None:
    return next_try(one_row(row, max_tries), Result.BUSY, {"busy": count}, tries, ended, HERE)


def test_each_further_try_waits_longer_by_the_growth() -> None:
    row = RetryRow(tries=3, delay_min=15, growth=2)
    waits = [found - ENDED if (found := after(row, count)) else None for count in (1, 2, 3, 4)]
    assert waits == [timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60), None]


def test_no_tries_or_no_row_closes_the_case() -> None:
    assert after(RetryRow(tries=0), 1) is None
    assert next_try(RetryMatrix(rows={}), Result.BUSY, {"busy": 1}, 1, ENDED, HERE) is None


def test_all_calls_that_rang_are_limited_over_every_result() -> None:
    row = RetryRow(tries=10, delay_min=15)
    assert after(row, 1, tries=2, max_tries=3) is not None
    assert after(row, 1, tries=3, max_tries=3) is None


def test_results_are_counted_apart() -> None:
    matrix = RetryMatrix(rows={Result.BUSY: RetryRow(tries=1), Result.MACHINE: RetryRow(tries=1)}, max_tries=5)
    assert next_try(matrix, Result.MACHINE, {"busy": 1, "machine": 1}, 2, ENDED, HERE) is not None
    assert next_try(matrix, Result.BUSY, {"busy": 2, "machine": 1}, 3, ENDED, HERE) is None


def test_another_part_of_the_day_is_tried() -> None:
    row = RetryRow(tries=5, delay_min=30, other_daypart=True)
    assert after(row, 1) == at("2026-11-18T12:00+08:00")
    assert after(row, 1, ended=at("2026-11-18T14:00+08:00")) == at("2026-11-18T17:00+08:00")
    # The evening goes on into the next morning, which the gate then lets begin.
    assert after(row, 1, ended=at("2026-11-18T19:00+08:00")) == at("2026-11-19T00:00+08:00")
    # The wait alone leads to another part already.
    assert after(row, 1, ended=at("2026-11-18T11:45+08:00")) == at("2026-11-18T12:15+08:00")


def test_without_a_zone_the_wait_alone_counts() -> None:
    matrix = one_row(RetryRow(tries=1, delay_min=30, other_daypart=True))
    assert next_try(matrix, Result.BUSY, {"busy": 1}, 1, ENDED, ()) == ENDED + timedelta(minutes=30)


def test_the_longest_growth_ends_within_a_year() -> None:
    found = after(RetryRow(tries=10, delay_min=7 * 1440, growth=10), 10)
    assert found is not None
    assert found - ENDED <= timedelta(days=366)


@settings(deadline=None, max_examples=150)
@given(
    delay=st.integers(1, 3000),
    minute=st.integers(0, 525_600),
    zone=st.sampled_from(
        ("Asia/Shanghai", "America/New_York", "Europe/London", "America/Havana", "Australia/Lord_Howe")
    ),
)
def test_another_part_of_the_day_is_never_the_same_and_never_too_early(delay: int, minute: int, zone: str) -> None:
    def part(moment: datetime) -> int:
        hour = moment.astimezone(ZoneInfo(zone)).hour
        return 0 if hour < 12 else 1 if hour < 17 else 2

    ended = at("2026-01-01T00:00") + timedelta(minutes=minute)
    matrix = one_row(RetryRow(tries=1, delay_min=delay, other_daypart=True))
    found = next_try(matrix, Result.BUSY, {"busy": 1}, 1, ended, (zone,))
    assert found is not None
    assert ended + timedelta(minutes=delay) <= found <= ended + timedelta(minutes=delay, hours=13)
    assert part(found) != part(ended)
