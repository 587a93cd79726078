"""A case: one matter to be told or asked, for one person, by one flow."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from callbacks.purposes import Purpose
from storage.database import Base
from storage.types import Json, UtcDateTime

_WAITING_WITH_END = "state IN ('open', 'merged') AND not_after IS NOT NULL"


class CaseState(StrEnum):
    """Where a case stands. OPEN waits for `due_at`; CALLING has a live attempt; MERGED rides along with another case
    of the same phone and purpose; CLOSED is final and has a reason. STAGED belongs to an import that is still being
    written: it is no case yet for anybody but the import, and it vanishes when the import fails.
    """

    STAGED = "staged"
    OPEN = "open"
    CALLING = "calling"
    MERGED = "merged"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """Why a case was closed."""

    GOAL_MET = "goal_met"
    DONE = "done"
    """The conversation came to an end of its own that is neither the goal nor a refusal."""
    HANDED_OVER = "handed_over"
    """A person or a ticket takes care of it."""
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    OPTED_OUT = "opted_out"
    WRONG_PERSON = "wrong_person"
    TRIES_USED = "tries_used"
    INVALID_NUMBER = "invalid_number"
    NOT_ALLOWED = "not_allowed"
    """The gate said no for good: no consent, no allowed hour before the case expires."""
    CAMPAIGN_STOPPED = "campaign_stopped"
    UNDONE = "undone"


class CaseKind(StrEnum):
    """A test call is dialled for staff before a launch and counts in no figure."""

    NORMAL = "normal"
    TEST = "test"


class Case(Base):
    """One case. Everything the dialer asks of it is in columns; what the flow says is in `variables`.

    Attributes:
        key: unique for ever; the same event, row or API request never makes a second case.
        reference: what the matter is about (tracking number, ticket number), for cancelling from outside; "" for none.
        zone: IANA zone from the case's own column, "" to find it by person, number, campaign.
        due_at: the earliest moment of the next try, UTC; a claim is a range scan over it. Denials move it.
        wish_at: the callee asked to be called at this time.
        tries: calls that rang; `tries_by` counts them by `callbacks.settings.Result`.
        variant: "a" or "b" of an A/B test.
        flagged: the number turned out to be invalid or a wrong person's.
        rule, rule_inputs: the gate's last denial, for "why not dialled"; "" when it was never denied.
        reason: why it is closed. On a case that is not closed: what will close it when its live call ends without the
            goal (it was cancelled, or its campaign stopped, while the phone was ringing).
        note: a sentence for people about how it closed.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "ix_cases_due",
            "campaign_id",
            "priority",
            "due_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        # All counts of a campaign's page are answered from these two alone.
        Index("ix_cases_counts", "campaign_id", "state", "reason", "variant", "kind"),
        Index(
            "ix_cases_open_rule",
            "campaign_id",
            "rule",
            "due_at",
            "kind",
            "state",  # Constant here, but SQLite reads the row for it otherwise.
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_cases_campaign_id_id", "campaign_id", "id"),
        # Test calls wait beside millions of others and are looked for at every tick.
        Index(
            "ix_cases_test_due",
            "due_at",
            sqlite_where=text("state = 'open' AND kind = 'test'"),
            postgresql_where=text("state = 'open' AND kind = 'test'"),
        ),
        Index("ix_cases_number_state", "number", "state"),
        Index("ix_cases_reference", "reference"),
        Index("ix_cases_import_id", "import_id"),
        Index("ix_cases_merged_into_id", "merged_into_id"),
        Index("ix_cases_person_id", "person_id"),
        Index(
            "ix_cases_not_after",
            "not_after",
            sqlite_where=text(_WAITING_WITH_END),
            postgresql_where=text(_WAITING_WITH_END),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    kind: Mapped[CaseKind] = mapped_column(String(8), default=CaseKind.NORMAL)
    purpose: Mapped[Purpose] = mapped_column(String(16))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    number: Mapped[str] = mapped_column(String(20))
    zone: Mapped[str] = mapped_column(String(64), default="")
    language: Mapped[str] = mapped_column(String(16), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    reference: Mapped[str] = mapped_column(String(200), default="")
    variables: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    priority: Mapped[int] = mapped_column(default=50)
    """0 first, 100 last."""
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[CaseState] = mapped_column(String(8), default=CaseState.OPEN)
    reason: Mapped[str] = mapped_column(String(24), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    tries: Mapped[int] = mapped_column(default=0)
    tries_by: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    variant: Mapped[str] = mapped_column(String(1), default="a")
    caller_number: Mapped[str] = mapped_column(String(20), default="")
    outcome: Mapped[str] = mapped_column(String(32), default="")
    """The flow's word for how the last conversation ended."""
    flagged: Mapped[bool] = mapped_column(default=False)
    rule: Mapped[str] = mapped_column(String(40), default="")
    rule_inputs: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="SET NULL"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("audience_imports.id", ondelete="SET NULL"))
    source: Mapped[str] = mapped_column(String(16), default="")
    """import, api, rule, manual, callback, test."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    demo: Mapped[bool] = mapped_column(default=False)
