"""What a campaign is told about hours, tries, pace and alarms: values that are stored as JSON and shown as forms."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MINUTES_OF_DAY = 24 * 60
_CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Span = Annotated[tuple[int, int], Field(description="From and to in minutes after local midnight; to is exclusive.")]


DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _office_week() -> dict[Day, tuple[Span, ...]]:
    return dict.fromkeys(DAYS, ((9 * 60, 20 * 60),))


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CallingHours(_Settings):
    """When people may be called, in their own local time.

    `week` maps each of DAYS to spans in minutes after midnight, each 0 <= from < to <= 1440, ascending, not touching.
    A window over midnight is two spans on two days; a form that is given 22:00 to 06:00 says so.
    """

    week: dict[Day, tuple[Span, ...]] = Field(default_factory=_office_week, description="Spans per day of the week.")
    skip_holidays: bool = Field(default=True, description="No calls on public holidays of the callee's country.")
    closed_dates: tuple[date, ...] = Field(default=(), description="Further days without calls, in the callee's zone.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        for day, spans in self.week.items():
            before = -1
            for start, end in spans:
                if not 0 <= start < end <= MINUTES_OF_DAY:
                    raise ValueError(
                        f"{day}: a window must begin before it ends within one day; split one over midnight in two."
                    )
                if start <= before:
                    raise ValueError(f"{day}: windows must not overlap and must stand in order.")
                before = end
        if not any(self.week.values()):
            raise ValueError("The week has no calling hours at all; mark at least one hour.")
        return self


class Result(StrEnum):
    """How a try went, for the retry matrix: one row each."""

    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    FAILED = "failed"
    MACHINE = "machine"
    INCOMPLETE = "incomplete"
    """Answered by a person, but the goal was not reached."""


class RetryRow(_Settings):
    """What follows one result.

    `tries` further calls after this result; 0 closes the case. The first waits `delay_min`, each later one `growth`
    times as long as the one before. `other_daypart` moves the next try to another part of the day (morning before
    12:00, afternoon before 17:00, evening), in the callee's zone.
    """

    tries: int = Field(default=2, ge=0, le=10)
    delay_min: int = Field(default=60, ge=1, le=7 * MINUTES_OF_DAY)
    growth: float = Field(default=1.0, ge=1, le=10)
    other_daypart: bool = False


def _default_rows() -> dict[Result, RetryRow]:
    return {
        Result.BUSY: RetryRow(tries=3, delay_min=15, growth=2),
        Result.NO_ANSWER: RetryRow(tries=2, delay_min=120, growth=2, other_daypart=True),
        Result.REJECTED: RetryRow(tries=1, delay_min=240, other_daypart=True),
        Result.FAILED: RetryRow(tries=1, delay_min=60),
        Result.MACHINE: RetryRow(tries=1, delay_min=240, other_daypart=True),
        Result.INCOMPLETE: RetryRow(tries=1, delay_min=30),
    }


class RetryMatrix(_Settings):
    """Rows by result. A missing row means no further try. `max_tries` limits all calls of a case that rang."""

    rows: dict[Result, RetryRow] = Field(default_factory=_default_rows)
    max_tries: int = Field(default=3, ge=1, le=20)


class Pacing(_Settings):
    """How fast a campaign dials.

    `calls_per_second` and `max_live` are limits of the campaign; the account's own limits hold above them. `ramp_min`
    minutes after the start the full pace is reached, linearly. `weight` shares the account's pace between campaigns;
    `min_calls_per_second` is served before any sharing.
    """

    calls_per_second: float = Field(default=1.0, gt=0, le=100)
    max_live: int = Field(default=10, ge=1, le=10_000)
    ramp_min: float = Field(default=0, ge=0, le=240)
    weight: int = Field(default=1, ge=1, le=100)
    min_calls_per_second: float = Field(default=0, ge=0, le=100)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.min_calls_per_second > self.calls_per_second:
            raise ValueError("The guaranteed pace cannot be above the campaign's own pace.")
        return self


class MachineMode(StrEnum):
    """What to do when a machine answers. OFF does not ask the provider for detection at all."""

    OFF = "off"
    HANG_UP = "hang_up"
    LEAVE_MESSAGE = "leave_message"
    SMS = "sms"


class BreakerLimits(_Settings):
    """When a campaign stops itself, over its latest `window` ended attempts, once there are `least`.

    Rates are 0 to 1. `answer_rate_drop`: how far the answer rate may fall below the campaign's own earlier rate.
    """

    window: int = Field(default=100, ge=10, le=10_000)
    least: int = Field(default=40, ge=5, le=10_000)
    failed_rate: float = Field(default=0.3, gt=0, le=1)
    short_call_rate: float = Field(default=0.4, gt=0, le=1, description="Answered calls that end within 6 seconds.")
    answer_rate_drop: float = Field(default=0.5, gt=0, le=1)
    opt_out_rate: float = Field(default=0.05, gt=0, le=1)
    abandoned_rate: float = Field(default=0.025, gt=0, le=1, description="Answered, but nobody and nothing spoke.")
    provider_error_rate: float = Field(default=0.2, gt=0, le=1)


def minutes(text: str) -> int:
    """ "09:30" as minutes after midnight; "24:00" is the day's end. Raises ValueError with a sentence."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None or (found[1] == "24" and found[2] != "00"):
        raise ValueError("A time is written as HH:MM, from 00:00 to 24:00.")
    return int(found[1]) * 60 + int(found[2])
