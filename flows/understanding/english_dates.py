"""Dates in English words: tomorrow, next Monday, December fifth, the 5th of December, in three days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from flows.understanding.calendar_days import in_year, nearest_month_day, nearest_year, next_week, weekday_after
from flows.understanding.english_numbers import cardinal, ordinal, tokens

_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = {m: n for n, m in enumerate(_MONTH_NAMES, start=1)} | {m[:3]: n for n, m in enumerate(_MONTH_NAMES, start=1)}
MONTHS["sept"] = 9
_DAY_NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS = {d: n for n, d in enumerate(_DAY_NAMES)} | {d[:3]: n for n, d in enumerate(_DAY_NAMES)}
_NEAR = {"the day after tomorrow": 2, "day after tomorrow": 2, "tomorrow": 1, "today": 0, "tonight": 0}
_NEAR |= {"the day before yesterday": -2, "day before yesterday": -2, "yesterday": -1}


def english_date(text: str, today: date, *, past: bool = False, day_first: bool = False) -> date | None:
    """The date a normal text names, seen from `today`; None when it names none or one that does not exist.

    A date without a year is the nearest one ahead (the nearest one behind when `past`). "next Monday" is Monday of the
    next week, "Monday" the first one after today. `day_first` reads 5/12 as the fifth of December.
    """
    for words, days in _NEAR.items():
        if re.search(rf"\b{words}\b", text):
            return today + timedelta(days=days)
    return (
        _numeric(text, today, past=past, day_first=day_first)
        or _distance(text, today)
        or _named(text, today, past=past)
        or _weekday(text, today)
        or _day_alone(text, today, past=past)
    )


def _numeric(text: str, today: date, *, past: bool, day_first: bool) -> date | None:
    if found := re.search(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b", text):
        return in_year(int(found[1]), int(found[2]), int(found[3]))
    found = re.search(r"\b(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?\b", text)
    if not found:
        return None
    month, day = (int(found[2]), int(found[1])) if day_first else (int(found[1]), int(found[2]))
    return in_year(int(found[3]), month, day) if found[3] else nearest_year(today, month, day, past=past)


def _distance(text: str, today: date) -> date | None:
    found = re.search(r"\b(?:in )?([a-z0-9 -]+?) (day|week)s?(?: from (?:now|today)| later| ago)?\b", text)
    if not found or not re.search(r"\bin\b|from (now|today)|later|ago", text):
        return None
    count = cardinal([w for w in tokens(found[1]) if w != "in"])
    if count is None or count > 400:
        return None
    days = int(count) * (7 if found[2] == "week" else 1)
    return today + timedelta(days=-days if "ago" in text else days)


def _named(text: str, today: date, *, past: bool) -> date | None:
    words = [w for w in tokens(text) if w not in ("the", "of", "on", "and")]
    for at, word in enumerate(words):
        if word not in MONTHS:
            continue
        day, rest = _day_number(words[at + 1 :])
        if day is None:
            day, _ = _day_number(words[max(0, at - 2) : at]) if at else (None, [])
            if day is None and at:
                day, _ = _day_number(words[at - 1 : at])
            rest = words[at + 1 :]
        if day is None:
            return None
        year = _year(rest)
        return in_year(year, MONTHS[word], day) if year else nearest_year(today, MONTHS[word], day, past=past)
    return None


def _day_number(words: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    """A day of the month at the beginning of the words, and the words after it."""
    if len(words) >= 2 and words[0] in ("twenty", "thirty"):
        unit = ordinal(words[1]) or (int(n) if (n := cardinal(words[1:2])) is not None else None)
        if unit and unit < 10:
            return (20 if words[0] == "twenty" else 30) + unit, words[2:]
    if not words:
        return None, words
    value = ordinal(words[0])
    if value is None and (number := cardinal(words[:1])) is not None:
        value = int(number)
    return (value, words[1:]) if value and value <= 31 else (None, words)


def _year(words: Sequence[str]) -> int | None:
    if not words:
        return None
    if re.fullmatch(r"(19|20)\d\d", words[0]):
        return int(words[0])
    value = cardinal(words)
    if value is None and words[0] in ("twenty", "nineteen"):
        rest = cardinal(words[1:])
        value = rest + (2000 if words[0] == "twenty" else 1900) if rest is not None and rest < 100 else None
    return int(value) if value is not None and 1900 <= value < 2100 else None


def _weekday(text: str, today: date) -> date | None:
    words = tokens(text)
    for at, word in enumerate(words):
        if word in WEEKDAYS:
            before = words[at - 1] if at else ""
            if before == "last":
                return weekday_after(today, WEEKDAYS[word]) - timedelta(
                    days=7 if WEEKDAYS[word] != today.weekday() else 14
                )
            return next_week(today, WEEKDAYS[word]) if before == "next" else weekday_after(today, WEEKDAYS[word])
    return None


def _day_alone(text: str, today: date, *, past: bool) -> date | None:
    words = [w for w in tokens(text) if w not in ("on", "it", "is", "its")]
    if not words or (words[0] != "the" and ordinal(words[-1]) is None):
        return None
    day, rest = _day_number(words[1:] if words[0] == "the" else words)
    return nearest_month_day(today, day, past=past) if day and not rest else None
