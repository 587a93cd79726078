"""Who did what in the console: an append-only record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.types import Json, UtcDateTime


class AuditRow(Base):
    """One deed: `action` such as "login", "user.add", "ticket.export"; `subject` what it was done to."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), default=None, index=True)
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200), default="")
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    demo: Mapped[bool] = mapped_column(default=False)


def record(
    session: Session, *, at: datetime, user_id: int | None, action: str, subject: str = "", **details: Any
) -> AuditRow:
    """Write down a deed, in the same transaction as the deed. Passwords, numbers and transcripts do not belong here."""
    row = AuditRow(at=at, user_id=user_id, action=action, subject=subject[:200], details=details)
    session.add(row)
    return row
