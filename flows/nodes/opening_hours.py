"""Weekly opening hours in a zone, with holidays and exceptions; pure calendar arithmetic."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Literal

import holidays
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from flows.field_words import shown

Verdict = Literal["open", "closed", "holiday"]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "every_day", "weekdays", "weekend"]
_GROUPS: Mapping[str, Sequence[str]] = {"every_day": DAYS, "weekdays": DAYS[:5], "weekend": DAYS[5:]}
_PERIOD = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)|([01]\d|2[0-3]):([0-5]\d)-24:00")


def _period(text: str) -> str:
    if not _PERIOD.fullmatch(text):
        raise ValueError("A period is written like 08:00-21:00; one over midnight like 22:00-06:00.")
    return text


Period = Annotated[str, AfterValidator(_period)]
"""From and to, 24-hour clock. The end is not part of it; an end at or before the start is on the next day."""


class Holidays(BaseModel):
    """The public holidays of a country, and of a part of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: str = Field(
        pattern=r"^[A-Z]{2}$",
        description="ISO 3166 code, such as CN or DE.",
        json_schema_extra=shown("国家或地区", "ISO 3166 代码，例如 CN 或 DE。"),
    )
    subdivision: str = Field(
        default="",
        max_length=10,
        description="Part of the country, such as BY for Bavaria.",
        json_schema_extra=shown("省州", "国家内的地区，例如巴伐利亚为 BY。", advanced=True),
    )


class ExceptionalDay(BaseModel):
    """A day with its own hours; none means closed. It counts before weekly hours and holidays."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Annotated, since a value of this name would hide the type from pydantic.
    date: Annotated[
        date,
        Field(description="The day, such as 2026-12-31.", json_schema_extra=shown("日期", "日期，例如 2026-12-31。")),
    ]
    hours: tuple[Period, ...] = Field(
        default=(),
        description="Its periods; none means closed.",
        json_schema_extra=shown("营业时间", "当天的时段；没有则休息。"),
    )


@lru_cache(maxsize=256)
def is_holiday(country: str, subdivision: str, day: date) -> bool:
    """True for a public holiday, days off in lieu included.

    Raises NotImplementedError for a country or part that the library does not know.
    """
    return day in holidays.country_holidays(country, subdiv=subdivision or None, years=day.year)


def periods_of(hours: Mapping[Day, Sequence[str]], day: date) -> tuple[str, ...]:
    """The periods that begin on a day: the weekday's own, else those of the group it belongs to."""
    name = DAYS[day.weekday()]
    for key in (name, "weekdays" if day.weekday() < 5 else "weekend", "every_day"):
        if key in hours:
            return tuple(hours[key])  # type: ignore[index]
    return ()


def verdict(
    local: datetime,
    hours: Mapping[Day, Sequence[str]],
    public: Holidays | None,
    exceptions: Sequence[ExceptionalDay],
) -> Verdict:
    """Whether it is open at a local time. A period that began yesterday and runs over midnight still counts."""
    own = {e.date: e.hours for e in exceptions}
    for day in (local.date(), local.date() - timedelta(days=1)):
        begun = own[day] if day in own else () if _is_off(public, day) else periods_of(hours, day)
        if any(_covers(period, day, local) for period in begun):
            return "open"
    return "holiday" if local.date() not in own and _is_off(public, local.date()) else "closed"


def _is_off(public: Holidays | None, day: date) -> bool:
    return public is not None and is_holiday(public.country, public.subdivision, day)


def _covers(period: str, day: date, local: datetime) -> bool:
    begin, end = (timedelta(hours=int(t[:2]), minutes=int(t[3:])) for t in period.split("-"))
    if end <= begin:
        end += timedelta(days=1)
    # Wall-clock time is compared, so that a change to or from summer time moves no opening hour.
    passed = local.replace(tzinfo=None) - datetime(day.year, day.month, day.day)  # noqa: DTZ001
    return begin <= passed < end
