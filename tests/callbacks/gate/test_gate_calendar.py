"""Windows on the callee's clock: against a clock that is simply read, over every change of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from gate_facts import at
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from callbacks.gate.calendar import ALWAYS
from callbacks.gate.hours import next_open, open_at
from callbacks.gate.zones import zone_error, zones_of
from callbacks.settings import DAYS, CallingHours

ZONES = (
    "UTC",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Shanghai",
    "Australia/Lord_Howe",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
"""Half-hour changes, changes at midnight, two-hour changes, both ends of the day."""

CHANGES = (
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 9, 27),
    date(2026, 10, 25),
    date(2026, 11, 1),
)
QUARTER = timedelta(minutes=15)


@st.composite
def weeks(draw: st.DrawFn) -> CallingHours:
    """A week with up to two windows a day, on quarters of hours."""
    week = {}
    for day in DAYS:
        edges = sorted(draw(st.sets(st.integers(0, 96), min_size=0, max_size=4)))
        edges = edges[: len(edges) // 2 * 2]
        week[day] = tuple((edges[i] * 15, edges[i + 1] * 15) for i in range(0, len(edges), 2))
    if not any(week.values()):
        week["mon"] = ((540, 1200),)
    return CallingHours(week=week, skip_holidays=False)


def moments() -> st.SearchStrategy[datetime]:
    """Quarters of hours, most of them within a day of a change of clocks somewhere."""
    near = st.builds(
        lambda day, quarters: datetime(day.year, day.month, day.day, tzinfo=UTC) + quarters * QUARTER,
        st.sampled_from(CHANGES),
        st.integers(-96, 192),
    )
    anywhere = st.integers(0, 4 * 365 * 96).map(lambda n: datetime(2024, 1, 1, tzinfo=UTC) + n * QUARTER)
    return st.one_of(near, anywhere)


def on_the_wall(hours: CallingHours, zones: tuple[str, ...], moment: datetime) -> bool:
    """The oracle: look at each clock."""
    for zone in zones:
        local = moment.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        if not any(start <= minute < end for start, end in hours.week[DAYS[local.weekday()]]):
            return False
    return True


@settings(deadline=None, max_examples=80)
@given(hours=weeks(), zones=st.sets(st.sampled_from(ZONES), min_size=1, max_size=3), moment=moments())
def test_open_is_what_every_clock_on_the_wall_says(hours: CallingHours, zones: set[str], moment: datetime) -> None:
    places = tuple(sorted(zones))
    for step in range(0, 96, 7):
        at_step = moment + step * QUARTER
        assert open_at(hours, places, at_step) == on_the_wall(hours, places, at_step)


@settings(deadline=None, max_examples=60)
@given(hours=weeks(), zones=st.sets(st.sampled_from(ZONES), min_size=1, max_size=2), moment=moments())
def test_the_next_opening_is_the_first_one_that_a_walk_finds(
    hours: CallingHours, zones: set[str], moment: datetime
) -> None:
    places = tuple(sorted(zones))
    walked = next((t for n in range(9 * 96) if on_the_wall(hours, places, t := moment + n * QUARTER)), None)
    found = next_open(hours, ALWAYS, places, "", moment)
    if walked is None:
        assert found is None or found >= moment + 9 * 96 * QUARTER
    else:
        assert found == walked


@settings(deadline=None, max_examples=60)
@given(hours=weeks(), zone=st.sampled_from(ZONES), moment=moments(), wait=st.integers(0, 96 * 8))
def test_nothing_opens_at_or_after_the_end(hours: CallingHours, zone: str, moment: datetime, wait: int) -> None:
    until = moment + wait * QUARTER
    found = next_open(hours, ALWAYS, (zone,), "", moment, until)
    unlimited = next_open(hours, ALWAYS, (zone,), "", moment)
    assert found == (unlimited if unlimited is not None and unlimited < until else None)


def test_the_weekday_is_the_callees_near_midnight() -> None:
    only_monday = CallingHours(week={"mon": ((0, 1440),)}, skip_holidays=False)
    # Sunday 23:00 UTC is Monday in Shanghai; Monday 23:00 UTC is Tuesday there.
    assert open_at(only_monday, ("Asia/Shanghai",), at("2026-11-15T23:00"))
    assert not open_at(only_monday, ("Asia/Shanghai",), at("2026-11-16T23:00"))
    # Monday 03:00 UTC is still Sunday in New York.
    assert not open_at(only_monday, ("America/New_York",), at("2026-11-16T03:00"))
    assert open_at(only_monday, ("America/New_York",), at("2026-11-17T03:00"))


def test_nine_in_the_morning_stays_nine_over_a_change_of_clocks() -> None:
    mornings = CallingHours(week=dict.fromkeys(DAYS, ((540, 600),)), skip_holidays=False)
    for zone, changes in (("Europe/London", "2026-10-25"), ("America/New_York", "2026-11-01")):
        night = datetime.fromisoformat(changes + "T00:30").replace(tzinfo=ZoneInfo(zone))
        found = next_open(mornings, ALWAYS, (zone,), "", night.astimezone(UTC))
        assert found is not None
        assert f"{found.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == f"{changes} 09:00"


def test_a_window_in_the_hour_that_is_left_out_opens_when_the_clock_jumps() -> None:
    small_hours = CallingHours(week={"sun": ((150, 210),)}, skip_holidays=False)
    # On 8 March 2026 New York's clock goes from 02:00 to 03:00: of 02:30 to 03:30 only the half after the jump exists.
    found = next_open(small_hours, ALWAYS, ("America/New_York",), "", at("2026-03-08T00:00-05:00"))
    assert found == at("2026-03-08T03:00-04:00")


def test_a_window_in_the_hour_that_comes_twice_is_open_both_times() -> None:
    small_hours = CallingHours(week={"sun": ((60, 120),)}, skip_holidays=False)
    for moment in ("2026-11-01T01:30-04:00", "2026-11-01T01:30-05:00"):
        assert open_at(small_hours, ("America/New_York",), at(moment))


def test_a_change_of_clocks_at_midnight_neither_loses_nor_doubles_a_day() -> None:
    # Havana goes from 00:00 to 01:00: Sunday begins at 01:00.
    sundays = CallingHours(week={"sun": ((0, 120),)}, skip_holidays=False)
    found = next_open(sundays, ALWAYS, ("America/Havana",), "", at("2026-03-07T20:00-05:00"))
    assert found == at("2026-03-08T01:00-04:00")


def test_a_window_over_midnight_is_a_sentence_not_a_night_of_calls() -> None:
    with pytest.raises(ValidationError, match="split one over midnight in two"):
        CallingHours(week={"mon": ((22 * 60, 6 * 60),)})
    with pytest.raises(ValidationError, match="no calling hours"):
        CallingHours(week={"mon": ()})


@pytest.mark.parametrize(
    "name",
    ["Mars/Olympus", "../etc/passwd", "", "Beijing", "Asia/Shanghai\n", "+08:00", "a/" * 200, "Asia", "/", "a/\0"],
)
def test_a_zone_that_does_not_exist_is_a_sentence(name: str) -> None:
    assert "does not exist" in zone_error(name)


def test_a_zone_that_exists_has_no_error() -> None:
    assert zone_error("Asia/Shanghai") == zone_error("UTC") == ""


def test_the_nearest_word_on_a_zone_counts() -> None:
    number = "+442071838750"
    assert zones_of("Asia/Tokyo", "Asia/Seoul", number, "UTC") == ("Asia/Tokyo",)
    assert zones_of("", "Asia/Seoul", number, "UTC") == ("Asia/Seoul",)
    assert zones_of("", "", number, "UTC") == ("Europe/London",)
    assert zones_of("Mars/Olympus", "Nowhere", number, "UTC") == ("Europe/London",)
    assert zones_of("", "", "+881612345678", "UTC") == ("UTC",)
    assert zones_of("", "", "+881612345678", "") == ()
