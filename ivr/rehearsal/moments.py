"""When a rehearsal takes place: "Sunday 03:00", "31 December", ISO 8601, or now."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil import parser

from flows.documents import FlowDocument
from ivr.rehearsal.errors import ScenarioError, refused

YEARS = range(2000, 2100)
_WEEKDAYS = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "周一": 0, "周二": 1, "周三": 2, "周四": 3, "周五": 4, "周六": 5, "周日": 6, "周天": 6,
    "星期一": 0, "星期二": 1, "星期三": 2, "星期四": 3, "星期五": 4, "星期六": 5, "星期日": 6, "星期天": 6,
}  # fmt: skip
_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1, "今天": 0, "明天": 1, "昨天": -1}
_CHINESE_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]")
_NOON = "12:00"


def zone_of(document: FlowDocument) -> ZoneInfo:
    """The flow's own zone: that of its first node with business hours, else UTC."""
    named = (str(getattr(node, "zone", "")) for node in document.nodes.values() if node.type == "business_hours")
    try:
        return ZoneInfo(next(named, "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def moment_of(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that is meant, aware, UTC. A day without a year or date is the next one; without a time it is noon.

    Raises ScenarioError with a sentence about what can be written.
    """
    plain = " ".join(text.replace("：", ":").split())
    if plain.lower() in ("", "now", "现在"):
        return now
    local = now.astimezone(zone)
    try:
        found = _iso(plain, zone) or _day_and_time(plain, local, zone) or _date(plain, local, zone)
    except (ValueError, OverflowError, parser.ParserError, Warning) as error:
        raise _unclear(text) from error
    if found.year not in YEARS:
        raise _unclear(text)
    return found.astimezone(UTC)


def _iso(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if ":" not in text and "T" not in text:
        found = found.replace(hour=12)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _day_and_time(text: str, local: datetime, zone: ZoneInfo) -> datetime | None:
    """A weekday, "tomorrow" and the like, with a time or without."""
    match = re.fullmatch(r"(?:next )?([a-z]+|[\u4e00-\u9fff]{2,3}),? ?(?:at )?(\d{1,2}:\d{2})?", text.lower())
    word = match[1] if match else ""
    days = [name for name in _WEEKDAYS if name == word or (len(word) >= 3 and name.startswith(word))]
    if match is None or not (days or word in _DAYS):
        return None
    hour, minute = (int(part) for part in (match[2] or _NOON).split(":"))
    ahead = (_WEEKDAYS[days[0]] - local.weekday()) % 7 if days else _DAYS[word]
    day = local.date() + timedelta(days=ahead)
    found = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    return found + timedelta(days=7) if days and found < local else found


def _date(text: str, local: datetime, zone: ZoneInfo) -> datetime:
    """A date in words or figures; the next one when it has no year."""
    text = _CHINESE_DATE.sub(lambda m: f"{m[1] or ''}-{m[2]}-{m[3]}".lstrip("-") + " ", text).strip()
    if re.fullmatch(r"\d{1,2}-\d{1,2}( .*)?", text):
        text = f"{local.year}-{text}" if _passed(text, local) else f"{local.year + 1}-{text}"
    first = local.replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = parser.parse(text, default=first)
        later = parser.parse(text, default=first.replace(year=first.year + 1, day=min(first.day, 28)))
    has_no_year = later.year != found.year
    found = found if found.tzinfo else found.replace(tzinfo=zone)
    if has_no_year and found.date() < local.date():
        found = found.replace(year=found.year + 1)
    return found


def _passed(text: str, local: datetime) -> bool:
    month, day = (int(part) for part in text.split()[0].split("-"))
    return (month, day) >= (local.month, local.day)


def _unclear(text: str) -> ScenarioError:
    return refused(
        "“{text}” is no time. Write “Sunday 03:00”, “31 December 10:00”, “tomorrow 09:30”, a date and time such as "
        "2026-12-31T10:00, or now.",
        text=text[:40],
    )
