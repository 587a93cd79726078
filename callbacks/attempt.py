"""An attempt: one dial of a case. Its row is written before the phone company is asked."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, String, Table, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import Json, UtcDateTime


class AttemptState(StrEnum):
    """Where a dial stands.

    CLAIMED has a slot and a lease and nothing was asked of the provider yet. DIALING is committed before the request
    goes out. UNKNOWN: no answer came, so it may or may not have rung; only the reconciler moves it. RELEASED never
    left the house (gate, lost lease, 429) and counts as no try. ENDED is over. The last two are final.
    """

    CLAIMED = "claimed"
    DIALING = "dialing"
    UNKNOWN = "unknown"
    PLACED = "placed"
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"
    RELEASED = "released"


LIVE_STATES = (
    AttemptState.CLAIMED,
    AttemptState.DIALING,
    AttemptState.UNKNOWN,
    AttemptState.PLACED,
    AttemptState.RINGING,
    AttemptState.ANSWERED,
)
_LIVE = "state NOT IN ('ended', 'released')"


class CarrierOutcome(StrEnum):
    """How the dial ended on the telephone network."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    FAILED = "failed"
    CANCELED = "canceled"
    INVALID_NUMBER = "invalid_number"
    PROVIDER_ERROR = "provider_error"
    """The provider refused or never knew the call; it did not ring and is no try."""


class BusinessOutcome(StrEnum):
    """What came of it for the matter; "" in the column when nobody answered."""

    GOAL = "goal"
    DONE = "done"
    HANDED_OVER = "handed_over"
    INCOMPLETE = "incomplete"
    CALL_LATER = "call_later"
    MACHINE = "machine"
    OPTED_OUT = "opted_out"
    WRONG_PERSON = "wrong_person"


class Attempt(Base):
    """One dial.

    `number` has at most one live attempt, and so has a case: the database sees to it. `decision` is the gate's record
    at the moment of dialling. `slot_at` is the moment the pacer gave it. `rang` is what makes it a counted try.
    `outcome_word` is the flow's own word.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("case_id", "n"),
        Index("uq_attempts_live_number", "number", unique=True, sqlite_where=text(_LIVE), postgresql_where=text(_LIVE)),
        Index("uq_attempts_live_case", "case_id", unique=True, sqlite_where=text(_LIVE), postgresql_where=text(_LIVE)),
        Index("ix_attempts_live", "campaign_id", "state", sqlite_where=text(_LIVE), postgresql_where=text(_LIVE)),
        Index("ix_attempts_number_dialled_at", "number", "dialled_at"),
        Index("ix_attempts_campaign_id_id", "campaign_id", "id"),
        Index("ix_attempts_campaign_id_ended_at", "campaign_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    n: Mapped[int]
    """1 for the first dial of the case, released ones included."""
    kind: Mapped[str] = mapped_column(String(8), default="normal")
    purpose: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(20))
    caller_number: Mapped[str] = mapped_column(String(20), default="")
    reference: Mapped[str] = mapped_column(String(200), default="")
    variant: Mapped[str] = mapped_column(String(1), default="a")
    state: Mapped[AttemptState] = mapped_column(String(8), default=AttemptState.CLAIMED)
    decision: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    slot_at: Mapped[datetime] = mapped_column(UtcDateTime)
    dialled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rang_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the provider was last asked about it."""
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id", ondelete="SET NULL"), unique=True)
    sid: Mapped[str | None] = mapped_column(String(64), unique=True)
    flow_version_id: Mapped[int | None] = mapped_column(ForeignKey("flow_versions.id", ondelete="SET NULL"))
    carrier_outcome: Mapped[str] = mapped_column(String(16), default="")
    business_outcome: Mapped[str] = mapped_column(String(16), default="")
    outcome_word: Mapped[str] = mapped_column(String(32), default="")
    answered_by: Mapped[str] = mapped_column(String(32), default="")
    sip_code: Mapped[int | None]
    duration_s: Mapped[int | None]
    error: Mapped[str] = mapped_column(Text, default="")
    demo: Mapped[bool] = mapped_column(default=False)


ATTEMPTS = cast(Table, Attempt.__table__)
"""For statements that are built once and pass the unit of work by."""
