"""Counted results, so that a page over a million attempts reads a few hundred rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class Tally(Base):
    """Ended attempts of one campaign in one hour (UTC, of dialling), by everything the pages group by.

    `answered_by` is human, machine, fax, unknown or "". `rang`, `answered`, `heard`, `replied` count the attempts that
    got so far: the phone rang, somebody picked up, the opening was heard to its end, a question was answered.
    """

    __tablename__ = "tallies"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    variant: Mapped[str] = mapped_column(String(1), primary_key=True)
    caller_number: Mapped[str] = mapped_column(String(20), primary_key=True)
    carrier_outcome: Mapped[str] = mapped_column(String(16), primary_key=True)
    business_outcome: Mapped[str] = mapped_column(String(16), primary_key=True)
    answered_by: Mapped[str] = mapped_column(String(16), primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0)
    rang: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    heard: Mapped[int] = mapped_column(default=0)
    replied: Mapped[int] = mapped_column(default=0)
    short: Mapped[int] = mapped_column(default=0)
    talk_s: Mapped[int] = mapped_column(default=0)
