"""How our own numbers fare: one that people stopped answering, or that networks refuse, is seen here first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from callbacks.attempt import CarrierOutcome
from callbacks.reports.intervals import wilson
from callbacks.settings import BreakerLimits
from callbacks.tallies import Tally

DAYS = 7
LEAST = 30
"""Calls a number needs before anything is said of it."""


class Health(StrEnum):
    """What there is to say of a number."""

    UNKNOWN = "unknown"
    """Too few calls."""
    GOOD = "good"
    UNANSWERED = "unanswered"
    """Answered clearly less often than the campaign's other numbers."""
    SHORT = "short"
    """Many people hang up within seconds."""
    FAILING = "failing"


@dataclass(frozen=True, kw_only=True)
class NumberRow:
    """One caller number over the latest 7 days. Rates are 0 to 1."""

    number: str
    dialled: int
    rang: int
    answered: int
    short: int
    failed: int
    health: Health = Health.UNKNOWN

    @property
    def answer_rate(self) -> float:
        """Answered of those that rang."""
        return self.answered / self.rang if self.rang else 0.0

    @property
    def short_rate(self) -> float:
        """Ended within seconds, of those answered."""
        return self.short / self.answered if self.answered else 0.0

    @property
    def failed_rate(self) -> float:
        """Never reached a phone, of those dialled."""
        return self.failed / self.dialled if self.dialled else 0.0


def caller_numbers(session: Session, campaign_id: int, now: datetime, limits: BreakerLimits) -> list[NumberRow]:
    """Every number the campaign called from in the latest 7 days, the busiest first."""
    failed = Tally.carrier_outcome.in_((CarrierOutcome.FAILED, CarrierOutcome.PROVIDER_ERROR))
    sums = (
        func.sum(Tally.attempts),
        func.sum(Tally.rang),
        func.sum(Tally.answered),
        func.sum(Tally.short),
        func.sum(case((failed, Tally.attempts), else_=0)),
    )
    rows = session.execute(
        select(Tally.caller_number, *sums)
        .where(Tally.campaign_id == campaign_id, Tally.hour >= now - timedelta(days=DAYS))
        .group_by(Tally.caller_number)
    )
    found = [
        NumberRow(number=number, dialled=int(a), rang=int(b), answered=int(c), short=int(d), failed=int(e))
        for number, a, b, c, d, e in rows
    ]
    return [_judged(row, found, limits) for row in sorted(found, key=lambda row: -row.dialled)]


def _judged(row: NumberRow, rows: list[NumberRow], limits: BreakerLimits) -> NumberRow:
    values = {name: getattr(row, name) for name in ("number", "dialled", "rang", "answered", "short", "failed")}
    return NumberRow(**values, health=_health(row, [r for r in rows if r is not row], limits))


def _health(row: NumberRow, others: list[NumberRow], limits: BreakerLimits) -> Health:
    if row.dialled < LEAST:
        return Health.UNKNOWN
    if row.failed_rate > limits.failed_rate:
        return Health.FAILING
    if row.short_rate > limits.short_call_rate:
        return Health.SHORT
    rang, answered = sum(r.rang for r in others), sum(r.answered for r in others)
    if rang >= LEAST and wilson(row.answered, row.rang).high < wilson(answered, rang).low:
        return Health.UNANSWERED
    return Health.GOOD
