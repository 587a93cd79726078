"""Dates, by keys and in the words of any language served."""

from __future__ import annotations

from datetime import date

from flows.phrases import primary
from flows.understanding.asian_dates import asian_date
from flows.understanding.calendar_days import in_year, nearest_year
from flows.understanding.english_dates import english_date
from flows.understanding.normal import normal
from flows.understanding.reading import Reading


def keyed_date(digits: str, today: date, *, past: bool = False) -> Reading | None:
    """A date from keys: MMDD (nearest ahead, or behind when `past`) or YYYYMMDD; None when there is no such day."""
    if not digits.isdigit():
        return None
    found = None
    if len(digits) == 4:
        found = nearest_year(today, int(digits[:2]), int(digits[2:]), past=past)
    elif len(digits) == 8:
        found = in_year(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    return Reading(value=found.isoformat()) if found else None


def spoken_date(text: str, language: str, today: date, *, past: bool = False) -> Reading | None:
    """The date somebody said, as ISO 8601 text; None when none was said or the calendar has no such day."""
    found = date_in(text, language, today, past=past)
    return Reading(value=found.isoformat()) if found else None


def date_in(text: str, language: str, today: date, *, past: bool = False) -> date | None:
    """The date named anywhere in the text; seen from `today` in the caller's zone."""
    plain = normal(text)
    if primary(language) in ("zh", "ko"):
        return asian_date(plain, language, today, past=past) or english_date(plain, today, past=past)
    return english_date(plain, today, past=past, day_first=language not in ("en", "en-US"))
