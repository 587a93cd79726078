"""A lookup under way: the flow asked for it in one turn, a worker does it, a later turn reads the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import Json, UtcDateTime


class LookupRow(Base):
    """One lookup. `request` holds names of secrets, never the secrets; `reply` is None until it is answered."""

    __tablename__ = "lookups"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    request: Mapped[dict[str, Any]] = mapped_column(Json)
    reply: Mapped[dict[str, Any] | None] = mapped_column(Json)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
