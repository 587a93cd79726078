"""A caller's wish to be called back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class WishState(StrEnum):
    """Whether somebody has called back. A planned one is called by the dialer; nobody has to see to it."""

    WAITING = "waiting"
    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class CallbackWish(Base):
    """One wish. `number` is E.164; `wanted_at` None means as soon as possible."""

    __tablename__ = "callback_wishes"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id", ondelete="SET NULL"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    number: Mapped[str] = mapped_column(String(64))
    wanted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[WishState] = mapped_column(String(16), default=WishState.WAITING, index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    demo: Mapped[bool] = mapped_column(default=False)
