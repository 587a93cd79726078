"""Campaigns as programs see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from api.schemas.base import In, Moment, Out, Paged, Variables
from callbacks.campaign import CampaignState
from callbacks.purposes import Purpose
from callbacks.settings import BreakerLimits, CallingHours, MachineMode, Pacing, RetryMatrix

Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
FlowName = Annotated[str, StringConstraints(max_length=60)]
Numbers = Annotated[list[Annotated[str, StringConstraints(max_length=64)]], Field(max_length=100)]


class _Fields(In):
    """What may be set."""

    name: Name | None = None
    purpose: Purpose | None = None
    standing: Annotated[bool, Field(strict=True)] | None = None
    flow_name: FlowName | None = None
    flow_b_name: FlowName | None = None
    share_b: Annotated[float, Field(ge=0, le=1, strict=True)] | None = None
    caller_numbers: Numbers | None = None
    region: Annotated[str, StringConstraints(pattern="^([A-Z]{2})?$")] | None = None
    zone: Annotated[str, StringConstraints(max_length=64)] | None = None
    language: Annotated[str, StringConstraints(max_length=16)] | None = None
    law: Annotated[str, StringConstraints(max_length=40)] | None = None
    hours: CallingHours | None = None
    retries: RetryMatrix | None = None
    pacing: Pacing | None = None
    breaker: BreakerLimits | None = None
    machine: MachineMode | None = None
    ring_timeout_s: Annotated[int, Field(ge=5, le=120, strict=True)] | None = None
    defaults: Variables | None = None
    sms_text: Annotated[dict[str, Annotated[str, StringConstraints(max_length=1_000)]], Field(max_length=20)] | None = (
        None
    )
    cost_per_minute: Annotated[float, Field(ge=0, le=1_000, strict=True)] | None = None
    priority: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.starts_at is not None and self.ends_at is not None and self.ends_at <= self.starts_at:
            raise ValueError("The campaign would end before it begins.")
        return self

    def changes(self) -> dict[str, Any]:
        """What was given, as attributes of a campaign. A null clears dates only; elsewhere it changes nothing."""
        given = {name: getattr(self, name) for name in self.model_fields_set if name != "version"}
        return {n: v for n, v in given.items() if v is not None or n in ("starts_at", "ends_at")}


class NewCampaignIn(_Fields):
    """A campaign to be drafted."""

    name: Name


class CampaignEditIn(_Fields):
    """What changes; what is left out stays. After the launch only hours, retries, pacing and breaker may change."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)] | None = Field(
        default=None, description="As read; a campaign that changed meanwhile is then left alone (409)."
    )


class StepIn(In):
    """Why it is paused, resumed or stopped. One that its circuit breaker paused needs a note to resume."""

    note: Annotated[str, StringConstraints(max_length=500)] = ""


class CampaignOut(Out):
    """A campaign."""

    id: int
    name: str
    state: CampaignState
    reason: str
    tripped: str = Field(description="The circuit breaker's signal; empty when a person paused it.")
    purpose: Purpose
    standing: bool
    flow_name: str
    flow_b_name: str
    share_b: float
    caller_numbers: list[str]
    region: str
    zone: str
    language: str
    law: str
    hours: CallingHours
    retries: RetryMatrix
    pacing: Pacing
    breaker: BreakerLimits
    machine: MachineMode
    ring_timeout_s: int
    defaults: dict[str, Any]
    sms_text: dict[str, str]
    cost_per_minute: float
    priority: int
    starts_at: datetime | None
    ends_at: datetime | None
    running_since: datetime | None
    finished_at: datetime | None
    created_at: datetime
    created_by: str
    version: int


class FiguresOut(Out):
    """Counts of a campaign: cases by state, closed cases by reason, attempts that got so far."""

    cases: dict[str, int]
    closed: dict[str, int]
    attempts: int
    rang: int
    answered: int
    heard: int
    replied: int
    goal: int
    talk_s: int


class CampaignWithFiguresOut(CampaignOut):
    """A campaign with its figures."""

    figures: FiguresOut


class CampaignsOut(Out):
    """A page of campaigns, the newest first."""

    items: list[CampaignOut]
    next: int | None


class CampaignsQuery(Paged):
    """Which campaigns."""

    state: CampaignState | None = None
    template: Literal["true", "false"] = "false"
