"""Ticket numbers: short enough to say, with a last digit that catches every single wrong or swapped digit.

The check digit is Damm's (H. M. Damm, 2004): it finds all single-digit errors and all swaps of neighbours.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, Session, mapped_column
from stdnum import damm

from storage.database import Base
from storage.insert import insert_row
from storage.types import UtcDateTime

FIRST_COUNT = 10_001
"""The first ticket's count, so that every number has the six digits that callers are asked for, up to count 99,999."""


class NumberTaken(Base):
    """A count that was given away. The row's id is unique under concurrency on every database; gaps are harmless."""

    __tablename__ = "ticket_numbers"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads this once.

    id: Mapped[int] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


def number_of(count: int) -> str:
    """The ticket number of a count from 1: the count and its check digit, without a leading zero."""
    if count < 1:
        raise ValueError(f"Tickets are counted from 1, not from {count}.")
    return f"{count}{damm.calc_check_digit(str(count))}"


def next_number(session: Session, now: datetime | None = None) -> str:
    """Take the next ticket number, for this transaction only; no two transactions get the same."""
    return number_of(FIRST_COUNT - 1 + insert_row(session, NumberTaken, taken_at=now).id)


def is_valid(text: str) -> bool:
    """Whether `text` (spaces and hyphens allowed) could be a ticket number: plain digits with a right check digit."""
    digits = plain(text)
    return digits.isascii() and digits.isdigit() and digits[0] != "0" and len(digits) > 1 and damm.is_valid(digits)


def plain(text: str) -> str:
    """`text` without the spaces, hyphens and the # that people write around a number."""
    return "".join(c for c in text.strip().lstrip("#") if c not in " -\u2013\u00a0")
