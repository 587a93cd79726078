"""Somebody's word that we must not call again, with the evidence of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class OptOut(Base):
    """One number that is not to be called for one purpose ("all" for any), with the evidence.

    `how` is key, words, flow, sms, agent, api or import; `evidence` are the words or the key; `audio_offset_ms` counts
    from the moment the call was answered. `by` is the user who entered it, "" when the person did. A revoked row stays.
    """

    __tablename__ = "opt_outs"
    __table_args__ = (UniqueConstraint("number", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(60))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id", ondelete="SET NULL"))
    node: Mapped[str] = mapped_column(String(80), default="")
    how: Mapped[str] = mapped_column(String(16), default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    audio_offset_ms: Mapped[int | None]
    by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str] = mapped_column(String(120), default="")
    demo: Mapped[bool] = mapped_column(default=False)
