"""Dates as lists write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

DATE = re.compile(
    r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)


def read_moment(text: str, zone: str, *, end: bool = False) -> datetime:
    """A date, or date and time, as UTC.

    Args:
        text: 2026-11-30, 2026/11/30 14:00, 2026年11月30日, 2026-11-30T14:00:00+08:00.
        zone: IANA zone in which it is meant unless it says so itself.
        end: a date without a time means its end, not its beginning.

    Raises:
        ValueError: with a sentence; the day does not exist, or it is no date at all.
    """
    found = DATE.fullmatch(text.strip())
    if found is None:
        raise ValueError("Write a date as 2026-11-30 or 2026-11-30 14:00.")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=_zone(found[7]) or ZoneInfo(zone))
    except ValueError as error:
        raise ValueError(f"{text.strip()[:40]} does not exist in the calendar.") from error
    if end and found[4] is None:
        at += timedelta(days=1)
    return at.astimezone(UTC)


def impossible_date(text: str) -> str:
    """A sentence when a text looks like a date that does not exist, "" otherwise."""
    if not text[:4].isdigit() or DATE.fullmatch(text) is None:
        return ""
    try:
        read_moment(text, "UTC")
    except ValueError as error:
        return str(error)
    return ""


def _zone(offset: str | None) -> timezone | None:
    if not offset:
        return None
    if offset == "Z":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
