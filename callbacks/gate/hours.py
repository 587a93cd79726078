"""Whether calls are allowed at a moment, and when they are next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from callbacks.gate.calendar import ALWAYS, EPOCH, Calendar, Grid, Week, calendar_of, open_spans, week_of
from callbacks.settings import CallingHours

HORIZON_DAYS = 400
"""No window within so many days means that there is none: every week and every holiday has come by once."""


def calendar_for(
    hours: CallingHours, zones: tuple[str, ...], *, law_week: Week = ALWAYS, law_zone: str = "", region: str = ""
) -> Calendar:
    """The calendar of a campaign's hours and a law's, for callees in `zones` of the country `region`.

    `law_zone` is the zone whose clock the law means, "" for the callee's own.
    """
    grid = Grid(
        week=week_of(hours),
        closed=frozenset(hours.closed_dates),
        holidays=region if hours.skip_holidays else "",
    )
    return calendar_of((grid, zones), (Grid(week=law_week), (law_zone,) if law_zone else zones))


def is_open(calendar: Calendar, now: datetime) -> bool:
    """Whether every zone of the calendar allows a call at `now`."""
    now = now.astimezone(UTC)
    minute = now.hour * 60 + now.minute
    return any(start <= minute < end for start, end in open_spans(calendar, now.toordinal() - EPOCH))


@lru_cache(maxsize=8192)
def first_open(calendar: Calendar, after: datetime, until: datetime | None) -> datetime | None:
    """The first open moment at or after `after` and before `until`; None when there is none within HORIZON_DAYS."""
    after = after.astimezone(UTC)
    first_day = after.toordinal()
    minute = after.hour * 60 + after.minute
    last_day = (
        first_day + HORIZON_DAYS if until is None else min(until.astimezone(UTC).toordinal(), first_day + HORIZON_DAYS)
    )
    for ordinal in range(first_day, last_day + 1):
        for start, end in open_spans(calendar, ordinal - EPOCH):
            if ordinal == first_day and end <= minute:
                continue
            if ordinal == first_day and start <= minute:
                found = after
            else:
                found = datetime.fromordinal(ordinal).replace(tzinfo=UTC) + timedelta(minutes=start)
            return found if until is None or found < until else None
    return None


def open_at(hours: CallingHours, zones: tuple[str, ...], now: datetime) -> bool:
    """Whether a campaign's own hours allow a call at `now` in all of `zones`; holidays are not looked at."""
    return is_open(calendar_for(hours, zones), now)


def next_open(
    hours: CallingHours,
    law_week: Week,
    zones: tuple[str, ...],
    region: str,
    now: datetime,
    until: datetime | None = None,
) -> datetime | None:
    """The first moment from `now` on, before `until`, that the hours, the law's week and the country's holidays allow.

    None when there is none within HORIZON_DAYS. Right over every change of clocks of every zone.
    """
    return first_open(calendar_for(hours, zones, law_week=law_week, region=region), now, until)
