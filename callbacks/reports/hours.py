"""How calls ended, hour by hour, and how often people answer at which hour of the week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.attempt import CarrierOutcome
from callbacks.reports.funnel import MACHINES
from callbacks.reports.tally import hour_of
from callbacks.tallies import Tally

ENDS = ("human", "machine", "busy", "no_answer", "failed")
"""What an hour is divided into. `busy` holds rejected calls, `failed` all that never rang."""

HEAT_DAYS = 90
_HOURS = 24
_END_OF = {
    CarrierOutcome.BUSY: "busy",
    CarrierOutcome.REJECTED: "busy",
    CarrierOutcome.NO_ANSWER: "no_answer",
    CarrierOutcome.CANCELED: "no_answer",
}


@dataclass(frozen=True, kw_only=True)
class HourRow:
    """One hour (UTC) and how its calls ended, by ENDS."""

    hour: datetime
    ends: Mapping[str, int]

    @property
    def total(self) -> int:
        """All calls of the hour."""
        return sum(self.ends.values())


@dataclass(frozen=True, kw_only=True)
class Heat:
    """Calls that rang and calls that were answered, by (weekday from 0 for Monday, hour of the day) in `zone`."""

    zone: str
    cells: Mapping[tuple[int, int], tuple[int, int]]

    @property
    def best(self) -> tuple[int, int] | None:
        """The hour of the week in which people answer most often, among those with at least 20 calls."""
        known = {key: answered / rang for key, (rang, answered) in self.cells.items() if rang >= LEAST_TO_NAME}
        return max(known, key=lambda key: known[key]) if known else None


LEAST_TO_NAME = 20


def by_hour(session: Session, campaign_id: int, now: datetime, *, is_over: bool = False) -> list[HourRow]:
    """The latest 24 hours, oldest first; of a campaign that is over, the last 24 in which it may have called."""
    last = hour_of(now)
    if is_over:
        last = session.scalar(select(func.max(Tally.hour)).where(Tally.campaign_id == campaign_id)) or last
    first = last - timedelta(hours=_HOURS - 1)
    rows = session.execute(
        select(Tally.hour, Tally.carrier_outcome, Tally.answered_by, func.sum(Tally.attempts))
        .where(Tally.campaign_id == campaign_id, Tally.hour >= first, Tally.hour <= last)
        .group_by(Tally.hour, Tally.carrier_outcome, Tally.answered_by)
    )
    found = {first + timedelta(hours=i): dict.fromkeys(ENDS, 0) for i in range(_HOURS)}
    for hour, carrier, answered_by, count in rows:
        found[hour][_end(carrier, answered_by)] += int(count)
    return [HourRow(hour=hour, ends=ends) for hour, ends in found.items()]


def _end(carrier: str, answered_by: str) -> str:
    if carrier == CarrierOutcome.ANSWERED:
        return "machine" if answered_by in MACHINES else "human"
    return _END_OF.get(CarrierOutcome(carrier), "failed")


def heat(session: Session, campaign_id: int, now: datetime, *, zone: str) -> Heat:
    """Answers by hour of the week over the latest 90 days, in an IANA zone."""
    local = ZoneInfo(zone or "UTC")
    rows = session.execute(
        select(Tally.hour, func.sum(Tally.rang), func.sum(Tally.answered))
        .where(Tally.campaign_id == campaign_id, Tally.hour >= now - timedelta(days=HEAT_DAYS))
        .group_by(Tally.hour)
    )
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for hour, rang, answered in rows:
        there = hour.astimezone(local)
        key = (there.weekday(), there.hour)
        before = cells.get(key, (0, 0))
        cells[key] = (before[0] + int(rang), before[1] + int(answered))
    return Heat(zone=zone or "UTC", cells=cells)
