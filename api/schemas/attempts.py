"""Dials and answers as programs see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schemas.base import Id, Number, Out, Paged
from callbacks.attempt import AttemptState, BusinessOutcome, CarrierOutcome


class AttemptOut(Out):
    """One dial of a case."""

    id: int
    case_id: int
    campaign_id: int
    n: int
    state: AttemptState
    purpose: str
    number: str
    caller_number: str
    reference: str
    variant: str
    decision: dict[str, Any] = Field(description="The gate's record at the moment of dialling.")
    claimed_at: datetime
    dialled_at: datetime | None
    rang_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    call_id: int | None
    sid: str | None
    carrier_outcome: str
    business_outcome: str
    outcome_word: str
    answered_by: str
    sip_code: int | None
    duration_s: int | None
    error: str


class AttemptsOut(Out):
    """A page of attempts, the newest first."""

    items: list[AttemptOut]
    next: int | None


class AttemptsQuery(Paged):
    """Which attempts."""

    campaign_id: Id | None = None
    case_id: Id | None = None
    number: Number | None = None
    state: AttemptState | None = None
    carrier_outcome: CarrierOutcome | None = None
    business_outcome: BusinessOutcome | None = None


class AnswerOut(Out):
    """One answer to one question: a record of consent."""

    id: int
    campaign_id: int
    case_id: int
    call_id: int | None
    number: str
    reference: str
    node: str
    question: str
    answer: Any
    heard: str
    mode: str
    confidence: float | None
    audio_offset_ms: int | None
    language: str
    flow_version_id: int | None
    at: datetime


class AnswersOut(Out):
    """A page of answers, the newest first."""

    items: list[AnswerOut]
    next: int | None


class AnswersQuery(Paged):
    """Which answers."""

    campaign_id: Id | None = None
    case_id: Id | None = None
    reference: str | None = Field(default=None, min_length=1, max_length=200)
    node: str | None = Field(default=None, min_length=1, max_length=80)
