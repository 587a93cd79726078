"""Times of day, and days with a time, by keys and in the words of any language served."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.phrases import primary
from flows.understanding.asian_times import asian_time
from flows.understanding.dates import date_in, keyed_date
from flows.understanding.english_times import english_time
from flows.understanding.normal import normal
from flows.understanding.reading import Reading

_TWO_DIGITS = re.compile(r"(?<!\d)0\d:\d\d")
"""A clock time written with a leading zero is on the 24-hour clock."""


def keyed_time(digits: str) -> Reading | None:
    """A time from keys: HHMM (or HMM) on the 24-hour clock, as "HH:MM"; None when there is no such time."""
    if not digits.isdigit() or len(digits) not in (3, 4):
        return None
    hour, minute = int(digits[:-2]), int(digits[-2:])
    return Reading(value=f"{hour:02}:{minute:02}") if hour < 24 and minute < 60 else None


def spoken_time(text: str, language: str) -> Reading | None:
    """The time somebody said, as "HH:MM". 1 to 6 o'clock alone are in the afternoon, but doubtful."""
    found = _time_in(text, language)
    return Reading(value=f"{found[0]:%H:%M}", exact=found[1]) if found else None


def keyed_datetime(digits: str, today: date, zone: ZoneInfo) -> Reading | None:
    """A day and time from keys: MMDDHHMM or YYYYMMDDHHMM, as ISO 8601 text with the zone's offset."""
    day, at = keyed_date(digits[:-4], today), keyed_time(digits[-4:])
    if len(digits) not in (8, 12) or day is None or at is None:
        return None
    moment = datetime.combine(date.fromisoformat(day.value), time.fromisoformat(at.value), tzinfo=zone)
    return Reading(value=moment.isoformat())


def spoken_datetime(text: str, language: str, now: datetime) -> Reading | None:
    """The day and time somebody said, as ISO 8601 text with offset; `now` is in the caller's zone.

    A time without a day is the next such time. A day without a time is None.
    """
    found = _time_in(text, language)
    if found is None:
        return None
    at, exact = found
    day = date_in(_without_clock(text), language, now.date())
    moment = datetime.combine(day or now.date(), at, tzinfo=now.tzinfo)
    if day is None and moment <= now:
        moment += timedelta(days=1)
    return Reading(value=moment.isoformat(), exact=exact)


def _without_clock(text: str) -> str:
    """A clock time such as 15:30 would be read as a day by some date patterns."""
    return " ".join(word for word in text.split() if ":" not in word) or text


def _time_in(text: str, language: str) -> tuple[time, bool] | None:
    plain = normal(text)
    found = asian_time(plain, language) if primary(language) in ("zh", "ko") else None
    found = found or english_time(plain)
    if found is None:
        return None
    hour, minute, part = found
    if not part and _TWO_DIGITS.search(plain):
        part = "24h"
    exact = bool(part) or hour > 12 or hour == 0
    if part == "pm" and hour < 12:
        hour += 12
    elif part == "am" and hour == 12:
        hour = 0
    elif (part == "noon" and hour < 3) or (part == "night" and 9 <= hour < 12):
        hour += 12
    elif part == "night" and hour == 12:
        hour = 0
    elif not part and 1 <= hour <= 6:
        hour += 12
    return time(hour, minute), exact
