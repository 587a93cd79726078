"""Consents, opt-outs and the question whether a number may be called."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.schemas.base import Id, In, Moment, Number, Out, Paged
from callbacks.consents import ConsentKind
from callbacks.purposes import Purpose

AnyPurpose = Literal["delivery", "information", "follow_up", "survey", "marketing", "all"]
Evidence = Annotated[str, StringConstraints(max_length=2_000)]


class NewConsentIn(In):
    """A permission that somebody gave."""

    number: Number
    purpose: AnyPurpose
    kind: ConsentKind
    evidence: Evidence = Field(default="", description="What was asked and answered, or the document's name.")
    given_at: Moment | None = Field(default=None, description="Now, when left out.")
    until: Moment | None = Field(default=None, description="When it lapses.")


class ConsentOut(Out):
    """A permission."""

    id: int
    number: str
    purpose: str
    kind: ConsentKind
    source: str
    evidence: str
    call_id: int | None
    given_at: datetime
    until: datetime | None
    revoked_at: datetime | None
    by: str


class ConsentsOut(Out):
    """A page of consents, the newest first."""

    items: list[ConsentOut]
    next: int | None


class NewOptOutIn(In):
    """Somebody does not want to be called."""

    number: Number
    purpose: AnyPurpose = "all"
    evidence: Evidence = ""


class OptOutOut(Out):
    """A number that is not to be called."""

    id: int
    number: str
    purpose: str
    how: str
    evidence: str
    node: str
    call_id: int | None
    audio_offset_ms: int | None
    by: str
    created_at: datetime
    revoked_at: datetime | None
    revoked_by: str


class OptOutsOut(Out):
    """A page of opt-outs, the newest first."""

    items: list[OptOutOut]
    next: int | None


class PermissionsQuery(Paged):
    """Which consents or opt-outs."""

    number: Number | None = None
    purpose: AnyPurpose | None = None
    in_force: Literal["true", "false"] | None = Field(default=None, description="Only those that hold, or do not.")


class PermissionIn(In):
    """May we call this number in this campaign?"""

    number: Number
    campaign_id: Id
    reference: Annotated[str, StringConstraints(max_length=200)] = ""
    zone: Annotated[str, StringConstraints(max_length=64)] = ""
    purpose: Purpose | None = Field(default=None, description="The campaign's, when left out.")


class PermissionOut(Out):
    """The gate's answer at this moment; pacing is not asked."""

    allowed: bool
    rule: str
    sentence: str
    next_at: datetime | None = Field(description="When to ask again; null when it is allowed or final.")
    final: str = Field(description="Why it will never be allowed; empty otherwise.")
    law: str
    law_version: str
    inputs: dict[str, Any]
    at: datetime
