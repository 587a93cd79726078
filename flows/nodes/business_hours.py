"""Go one way in opening hours, another when closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from flows.field_words import shown
from flows.nodes.base import Context, Leave, Node, Step
from flows.nodes.opening_hours import Day, ExceptionalDay, Holidays, Period, is_holiday, verdict
from flows.requests import Answer
from telephony.calls import Heard

_ANY_DAY = date(2026, 1, 1)


class BusinessHours(Node):
    """Leave by `open`, `closed` or `holiday`, by the clock of a zone.

    A weekday's own hours count before `weekdays` and `weekend`, these before `every_day`. Exceptions (working weekends,
    company days off) count before holidays. When `holiday` is not wired, a holiday is `closed`.

    ```yaml
    type: business_hours
    zone: Asia/Shanghai
    hours: {every_day: ["08:00-21:00"]}
    holidays: {country: CN}
    exceptions:
      - {date: 2026-12-31, hours: ["08:00-17:00"]}
    exits: {open: main_menu, closed: after_hours}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Business hours", "zh": "营业时间"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "One way in opening hours, another when closed or on a holiday.",
        "zh": "营业、休息和节假日走不同的分支。",
    }
    group: ClassVar[str] = "decide"
    order: ClassVar[int] = 30
    fresh: ClassVar[Mapping[str, Any]] = {"zone": "Asia/Shanghai", "hours": {"weekdays": ["09:00-18:00"]}}

    type: Literal["business_hours"] = "business_hours"
    zone: str = Field(
        description="Time zone of the hours, such as Asia/Shanghai.",
        json_schema_extra=shown("时区", "营业时间所用的时区，例如 Asia/Shanghai。", en="Time zone", widget="zone"),
    )
    hours: dict[Day, tuple[Period, ...]] = Field(
        description="Periods by day: mon to sun, weekdays, weekend, every_day.",
        json_schema_extra=shown(
            "每周营业时间", "按星期填写时段：周一到周日、工作日、周末或每天。", en="Weekly hours", widget="hours"
        ),
    )
    holidays: Holidays | None = Field(
        default=None,
        description="Public holidays on which it is closed.",
        json_schema_extra=shown("节假日", "休息的法定节假日。", en="Public holidays"),
    )
    exceptions: tuple[ExceptionalDay, ...] = Field(
        default=(),
        description="Days with hours of their own.",
        json_schema_extra=shown("特殊日期", "有单独营业时间的日期。", en="Exceptional days"),
    )

    @model_validator(mode="after")
    def _known_places(self) -> Self:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"There is no time zone {self.zone}. Write one like Asia/Shanghai.") from error
        if self.holidays:
            try:
                is_holiday(self.holidays.country, self.holidays.subdivision, _ANY_DAY)
            except NotImplementedError as error:
                raise ValueError(f"No holidays are known for {self.holidays.country}. Use exceptions.") from error
        return self

    def exit_names(self) -> tuple[str, ...]:
        """open, closed and holiday."""
        return ("open", "closed", "holiday")

    def optional_exits(self) -> frozenset[str]:
        """holiday falls back to closed."""
        return frozenset({"holiday"})

    def enter(self, ctx: Context) -> Step:
        """Look at the clock and go on."""
        local = ctx.now.astimezone(ZoneInfo(self.zone))
        found = verdict(local, self.hours, self.holidays, self.exceptions)
        if found == "holiday" and "holiday" not in self.exits:
            found = "closed"
        return Step(then=Leave(exit=found))

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Nothing is asked."""
        return self.enter(ctx)
