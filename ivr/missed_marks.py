"""What has been done about an utterance that a flow did not understand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class MissedMark(Base):
    """A turn with an utterance that somebody has dealt with. `state` is "learned" or "dismissed".

    `meant` is the choice that was meant, "" when dismissed.
    """

    __tablename__ = "missed_marks"

    turn_id: Mapped[int] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    meant: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(120), default="")
