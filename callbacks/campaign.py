"""A campaign: cases, a flow, numbers, hours, tries, pace and dates; and the log of what was done with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from callbacks.purposes import Purpose
from callbacks.settings import BreakerLimits, CallingHours, MachineMode, Pacing, RetryMatrix
from storage.database import Base
from storage.types import Json, UtcDateTime


class CampaignState(StrEnum):
    """Where a campaign stands. Finished and stopped are final."""

    DRAFT = "draft"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    DRAINING = "draining"
    FINISHED = "finished"
    STOPPED = "stopped"


class Campaign(Base):
    """One campaign.

    Attributes:
        standing: True for one without an end that rules, the API and call-backs feed; it never finishes by itself.
        is_template: kept only to be copied; never launched.
        flow_name, flow_b_name: the call flow, and the other one of an A/B test ("" for none).
        share_b: part of the cases that get flow B, 0 to 1.
        flow_version_id, flow_b_version_id: the published versions it was launched with.
        tested_version_ids: flow versions a test call of this campaign has heard.
        caller_numbers: our numbers it calls from, E.164; a case keeps its number over its tries.
        region: ISO 3166 country of numbers written without one.
        zone: IANA zone of callees of whom nothing better is known.
        law: name of the law pack, "" to choose by the callee's country.
        hours, retries, pacing, breaker: JSON of callbacks.settings; read them by the properties.
        defaults: values for variables that a case lacks.
        sms_text: by language, for MachineMode.SMS and outcomes; {{ expressions }} over the case's variables.
        cost_per_minute: in the organisation's currency, for estimates.
        running_since: start of the ramp: the latest launch or resume.
        reason: why it is paused or stopped, a sentence; `tripped` is the breaker's signal, "" when a person did it.
        version: grows with each change.
    """

    __tablename__ = "campaigns"
    __table_args__ = (Index("ix_campaigns_state", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[CampaignState] = mapped_column(String(16), default=CampaignState.DRAFT)
    standing: Mapped[bool] = mapped_column(default=False)
    is_template: Mapped[bool] = mapped_column(default=False)
    purpose: Mapped[Purpose] = mapped_column(String(16), default=Purpose.INFORMATION)
    flow_name: Mapped[str] = mapped_column(String(60), default="")
    flow_b_name: Mapped[str] = mapped_column(String(60), default="")
    share_b: Mapped[float] = mapped_column(default=0.0)
    flow_version_id: Mapped[int | None] = mapped_column(ForeignKey("flow_versions.id", ondelete="SET NULL"))
    flow_b_version_id: Mapped[int | None] = mapped_column(ForeignKey("flow_versions.id", ondelete="SET NULL"))
    tested_version_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    caller_numbers: Mapped[list[str]] = mapped_column(Json, default=list)
    region: Mapped[str] = mapped_column(String(2), default="")
    zone: Mapped[str] = mapped_column(String(64), default="")
    language: Mapped[str] = mapped_column(String(16), default="")
    law: Mapped[str] = mapped_column(String(40), default="")
    hours_json: Mapped[dict[str, Any]] = mapped_column("hours", Json, default=dict)
    retries_json: Mapped[dict[str, Any]] = mapped_column("retries", Json, default=dict)
    pacing_json: Mapped[dict[str, Any]] = mapped_column("pacing", Json, default=dict)
    breaker_json: Mapped[dict[str, Any]] = mapped_column("breaker", Json, default=dict)
    machine: Mapped[MachineMode] = mapped_column(String(16), default=MachineMode.HANG_UP)
    ring_timeout_s: Mapped[int] = mapped_column(default=30)
    defaults: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    sms_text: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    cost_per_minute: Mapped[float] = mapped_column(default=0.0)
    priority: Mapped[int] = mapped_column(default=50)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    running_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    tripped: Mapped[str] = mapped_column(String(32), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(120), default="")
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    demo: Mapped[bool] = mapped_column(default=False)

    @property
    def hours(self) -> CallingHours:
        """The week grid."""
        return CallingHours.model_validate(self.hours_json)

    @hours.setter
    def hours(self, value: CallingHours) -> None:
        self.hours_json = value.model_dump(mode="json")

    @property
    def retries(self) -> RetryMatrix:
        """The retry matrix."""
        return RetryMatrix.model_validate(self.retries_json)

    @retries.setter
    def retries(self, value: RetryMatrix) -> None:
        self.retries_json = value.model_dump(mode="json")

    @property
    def pacing(self) -> Pacing:
        """How fast it dials."""
        return Pacing.model_validate(self.pacing_json)

    @pacing.setter
    def pacing(self, value: Pacing) -> None:
        self.pacing_json = value.model_dump(mode="json")

    @property
    def breaker(self) -> BreakerLimits:
        """When it stops itself."""
        return BreakerLimits.model_validate(self.breaker_json)

    @breaker.setter
    def breaker(self, value: BreakerLimits) -> None:
        self.breaker_json = value.model_dump(mode="json")


class CampaignEntry(Base):
    """What was done with a campaign, by whom, and why."""

    __tablename__ = "campaign_log"
    __table_args__ = (Index("ix_campaign_log_campaign_id_id", "campaign_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(120), default="")
    what: Mapped[str] = mapped_column(String(40))
    """A trigger of the lifecycle (launch, pause, …) or "edit", "import", "undo", "trip", "test"."""
    note: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
