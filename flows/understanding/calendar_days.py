"""Days that a caller means without saying the year or the month."""

from __future__ import annotations

from datetime import date, timedelta


def in_year(year: int, month: int, day: int) -> date | None:
    """The date, or None when the calendar has no such day (30 February)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest_year(today: date, month: int, day: int, *, past: bool) -> date | None:
    """The next such day from today on (the last one up to today when `past`); None when no year has it nearby."""
    this = in_year(today.year, month, day)
    if this is not None and (this <= today if past else this >= today):
        return this
    return in_year(today.year + (-1 if past else 1), month, day)


def nearest_month_day(today: date, day: int, *, past: bool) -> date | None:
    """The next day with this number (the last one when `past`), within this month and the two beside it."""
    month = today.replace(day=1)
    for _ in range(3):
        found = in_year(month.year, month.month, day)
        if found is not None and (found <= today if past else found >= today):
            return found
        month = (month - timedelta(days=1) if past else month + timedelta(days=31)).replace(day=1)
    return None


def weekday_after(today: date, weekday: int) -> date:
    """The first such weekday (0 is Monday) after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def next_week(today: date, weekday: int, weeks: int = 1) -> date:
    """The weekday of the week that many weeks ahead; weeks begin on Monday."""
    return today - timedelta(days=today.weekday()) + timedelta(days=weekday + 7 * weeks)
