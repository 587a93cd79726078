"""The rows that pace the dialling of all workers; whoever holds the account's row is the pacer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime

ACCOUNT = "account"


class PaceRow(Base):
    """A GCRA cell. `key` is "account" or "campaign:<id>"; `tat` the theoretical arrival time on the database's clock.

    `served` is a campaign's virtual time for sharing by weight: calls given to it, divided by its weight.
    """

    __tablename__ = "pace"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    tat: Mapped[datetime] = mapped_column(UtcDateTime)
    served: Mapped[float] = mapped_column(default=0.0)
