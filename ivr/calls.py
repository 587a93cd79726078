"""A call as it is stored: one row that holds its session, so that a turn costs one SELECT and one UPDATE."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import Json, UtcDateTime
from telephony.calls import FINAL_STATUSES

_LIVE = "status NOT IN ({})".format(", ".join(f"'{status}'" for status in sorted(FINAL_STATUSES)))


class Call(Base):
    """One call, one leg: the caller's.

    Attributes:
        sid: the provider's CallSid; None for an outbound call that is not placed yet.
        token: names the call in our own URLs; url-safe, cannot be guessed.
        turn: number of the turn whose answer is waited for; 0 before the first document.
        state: the engine's session (`ivr.session.Session.to_json`).
        ear: who listens: "carrier" (its own recogniser) or "house" (a live stream to ours, while there is one).
        outcome: a short word once the flow is over: completed, abandoned, failed, voicemail, …
        ended_by: "caller", "flow" or "".
        error: the last thing that went wrong, a sentence without private words.
        ticket_id: the ticket this call opened or added to last.
    """

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_live", "started_at", sqlite_where=text(_LIVE), postgresql_where=text(_LIVE)),
        Index("ix_calls_started_at_id", "started_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str | None] = mapped_column(String(64), unique=True)
    token: Mapped[str] = mapped_column(String(43), unique=True)
    direction: Mapped[str] = mapped_column(String(16))
    from_number: Mapped[str] = mapped_column(String(64), default="", index=True)
    to_number: Mapped[str] = mapped_column(String(64), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(String(16))
    sequence_number: Mapped[int | None]
    answered_by: Mapped[str | None] = mapped_column(String(32))
    sip_code: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(16), default="")
    flow_name: Mapped[str] = mapped_column(String(60), default="")
    flow_version_id: Mapped[int | None] = mapped_column(ForeignKey("flow_versions.id", ondelete="SET NULL"))
    node: Mapped[str] = mapped_column(String(80), default="")
    outcome: Mapped[str] = mapped_column(String(32), default="")
    ear: Mapped[str] = mapped_column(String(16), default="carrier")
    ended_by: Mapped[str] = mapped_column(String(16), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    turn: Mapped[int] = mapped_column(default=0)
    state: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    duration_s: Mapped[int | None]
    demo: Mapped[bool] = mapped_column(default=False)
