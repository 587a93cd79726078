"""Wall-clock windows in one or several zones, turned into spans of UTC, right over every change of clocks.

A window is meant by the clock on the callee's wall. A day of UTC is therefore cut where a zone's offset changes, each
piece is compared with the windows of the local dates it lies on, and what all zones allow is kept by calendar and day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from callbacks.gate.public_holidays import is_holiday
from callbacks.gate.zones import zone_of
from callbacks.settings import DAYS, MINUTES_OF_DAY, CallingHours

Spans = tuple[tuple[int, int], ...]
"""From and to in minutes after midnight, ascending; to is exclusive."""
Week = tuple[Spans, ...]
"""The spans of Monday to Sunday."""

ALWAYS: Week = (((0, MINUTES_OF_DAY),),) * 7
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Windows by day of the week, days without any, and the country whose public holidays are such days ("": none)."""

    week: Week
    closed: frozenset[date] = frozenset()
    holidays: str = ""

    def spans(self, day: date) -> Spans:
        """The windows of one local date."""
        if day in self.closed or is_holiday(self.holidays, day):
            return ()
        return self.week[day.weekday()]

    def without_closed_days(self) -> Grid:
        """The same week with no day left out."""
        return Grid(week=self.week)


@dataclass(frozen=True, kw_only=True, eq=False)
class Calendar:
    """Grids, each with the zones on whose clocks it holds; a moment is open when all of them allow it.

    Compared by identity, since it is the key of what is kept; `calendar_of` gives the same one for the same grids.
    """

    parts: tuple[tuple[Grid, tuple[str, ...]], ...]


@lru_cache(maxsize=4096)
def calendar_of(*parts: tuple[Grid, tuple[str, ...]]) -> Calendar:
    """The calendar of these grids and zones."""
    return Calendar(parts=parts)


@lru_cache(maxsize=4096)
def without_closed_days(calendar: Calendar) -> Calendar:
    """The same hours on every day: tells a closed day from a closed hour."""
    return calendar_of(*((grid.without_closed_days(), zones) for grid, zones in calendar.parts))


def week_of(hours: CallingHours) -> Week:
    """The week of a form, Monday first; a day that is missing has no windows."""
    return tuple(tuple(hours.week.get(day, ())) for day in DAYS)


@lru_cache(maxsize=65_536)
def open_spans(calendar: Calendar, day: int) -> Spans:
    """The open minutes of a UTC day, given as days since 1970."""
    spans: Spans = ((0, MINUTES_OF_DAY),)
    for grid, zones in calendar.parts:
        for zone in zones:
            spans = intersect(spans, _spans_in_zone(grid, zone, day))
            if not spans:
                return ()
    return spans


@lru_cache(maxsize=65_536)
def _spans_in_zone(grid: Grid, zone: str, day: int) -> Spans:
    found: list[tuple[int, int]] = []
    for start, end, offset in _pieces(zone, day):
        first, last = (start + offset) // MINUTES_OF_DAY, (end - 1 + offset) // MINUTES_OF_DAY
        for shift in range(first, last + 1):
            begin = shift * MINUTES_OF_DAY - offset
            for opens, closes in grid.spans(date.fromordinal(EPOCH + day + shift)):
                span = (max(start, begin + opens), min(end, begin + closes))
                if span[0] < span[1]:
                    found.append(span)
    return joined(found)


@lru_cache(maxsize=16_384)
def _pieces(zone: str, day: int) -> tuple[tuple[int, int, int], ...]:
    """A UTC day cut where the zone's offset changes: from, to and offset, all in minutes."""
    midnight = datetime.combine(date.fromordinal(EPOCH + day), datetime.min.time(), UTC)
    tz = zone_of(zone)

    def offset(minute: int) -> int:
        moved = (midnight + timedelta(minutes=minute)).astimezone(tz).utcoffset() or timedelta()
        return int(moved.total_seconds() // 60)

    pieces, start = [], 0
    for hour in range(1, 25):
        low, high = (hour - 1) * 60, hour * 60
        if offset(low) != offset(min(high, MINUTES_OF_DAY - 1)):
            change = next(minute for minute in range(low + 1, high + 1) if offset(minute) != offset(low))
            pieces.append((start, change, offset(low)))
            start = change
    pieces.append((start, MINUTES_OF_DAY, offset(MINUTES_OF_DAY - 1)))
    return tuple(piece for piece in pieces if piece[0] < piece[1])


def intersect(left: Spans, right: Spans) -> Spans:
    """What two ascending lists of spans share."""
    shared = ((max(a, c), min(b, d)) for a, b in left for c, d in right)
    return tuple((start, end) for start, end in shared if start < end)


def joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """The same minutes in ascending spans that do not touch."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return tuple(whole)
