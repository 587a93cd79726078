"""Somebody's permission to be called for a purpose."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class ConsentKind(StrEnum):
    """How strong a permission is: written covers express, express covers implied (an order, a parcel under way)."""

    IMPLIED = "implied"
    EXPRESS = "express"
    WRITTEN = "written"


class Consent(Base):
    """One permission of one number for one purpose ("all" for any), with where it comes from.

    `source` is import, api, agent, call or sms; `evidence` says what was asked and answered, or names the document.
    `until` is the day it lapses, None for none.
    """

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_number_purpose", "number", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(16))
    kind: Mapped[ConsentKind] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(16), default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id", ondelete="SET NULL"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(120), default="")
    demo: Mapped[bool] = mapped_column(default=False)
