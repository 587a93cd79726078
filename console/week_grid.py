"""The week of calling hours as seven lines of text, which the script of the page shows as a grid to click."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from pydantic import ValidationError

from callbacks.settings import DAYS, MINUTES_OF_DAY, CallingHours, Day, Span
from console.form_fields import Fields
from console.translate import gettext as _now
from console.translate import lazy_gettext as _

DAY_NAMES: Mapping[Day, object] = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?"
_WINDOW = re.compile(rf"{_CLOCK}(?:-|–|—|~|to|至|到){_CLOCK}")


def text_of(spans: tuple[Span, ...]) -> str:
    """Spans as a person writes them: "09:00-12:00, 14:00-20:00"; "" for a day without any."""
    return ", ".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans)


def spans_of(text: str) -> tuple[Span, ...]:
    """Spans of a day, in order, those that touch joined. Raises ValueError with a sentence for the reader."""
    joined = re.sub(r"\s*(-|–|—|~|to|至|到)\s*", r"\1", text.strip())
    found: list[Span] = []
    for start, end in sorted(_window(word) for word in re.split(r"[,;、\s]+", joined) if word):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _window(word: str) -> Span:
    match = _WINDOW.fullmatch(word)
    if match is None:
        raise ValueError(_now("Write hours like 09:00-12:00, 14:00-20:00; leave it empty for none."))
    start, end = (int(match[i]) * 60 + int(match[i + 1] or 0) for i in (1, 3))
    if max(int(match[2] or 0), int(match[4] or 0)) > 59 or start >= MINUTES_OF_DAY or end > MINUTES_OF_DAY:
        raise ValueError(_now("There is no such time. Times go from 00:00 to 24:00."))
    if end <= start:
        raise ValueError(
            _now("These hours pass midnight. Write them as two: until 24:00 here, and from 00:00 on the next day.")
        )
    return start, end


def read_hours(fields: Fields) -> CallingHours | None:
    """The hours of the form; None when something is wrong, with the sentence beside its field."""
    week: dict[Day, tuple[Span, ...]] = {}
    for day in DAYS:
        try:
            week[day] = spans_of(fields.raw(f"week_{day}"))
        except ValueError as error:
            fields.refuse(f"week_{day}", str(error))
    closed: tuple[date, ...] = fields.days("closed_dates")
    if fields.errors:
        return None
    if not any(week.values()):
        fields.refuse("week", _now("The week has no calling hours at all; mark at least one hour."))
        return None
    try:
        return CallingHours(week=week, skip_holidays=fields.flag("skip_holidays"), closed_dates=closed)
    except ValidationError:
        fields.refuse("week", _now("These hours cannot be kept; check each day."))
        return None


def values_of(hours: CallingHours) -> dict[str, str]:
    """The form's texts for these hours."""
    days = {f"week_{day}": text_of(hours.week.get(day, ())) for day in DAYS}
    return days | {
        "skip_holidays": "1" if hours.skip_holidays else "",
        "closed_dates": ", ".join(day.isoformat() for day in hours.closed_dates),
    }


def hours_in_week(hours: CallingHours) -> float:
    """How many hours a week are open."""
    return sum(end - start for spans in hours.week.values() for start, end in spans) / 60
