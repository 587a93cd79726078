"""What is planned: how many cases fall due on which day, and when campaigns run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseKind
from callbacks.reports.why_not import IS_OPEN
from callbacks.tallies import Tally

PLANNED = (CampaignState.READY, CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.DRAINING)


@dataclass(frozen=True, kw_only=True)
class DayPlan:
    """One campaign on one day: cases that fall due, those of them at a time the person wished, and calls made so far.

    What was due before today stands on today.
    """

    campaign_id: int
    day: date
    due: int = 0
    wished: int = 0
    called: int = 0


@dataclass(frozen=True, kw_only=True)
class Run:
    """A campaign's dates as days of the calendar's zone, cut to the days shown. `is_open_end`: it has no last day."""

    campaign_id: int
    name: str
    state: CampaignState
    first: date
    last: date
    is_open_end: bool


def day_starts(first: date, days: int, zone: ZoneInfo) -> list[datetime]:
    """The beginnings of `days` days and of the one after them, UTC; a day of a clock change has 23 or 25 hours."""
    return [datetime.combine(first + timedelta(days=i), time(), zone).astimezone(UTC) for i in range(days + 1)]


def planned(session: Session, first: date, days: int, zone: ZoneInfo, now: datetime) -> list[DayPlan]:
    """Due cases and calls made by campaign and day, from `first` on."""
    starts = day_starts(first, days, zone)
    today = now.astimezone(zone).date()
    found: dict[tuple[int, date], dict[str, int]] = {}

    def add(campaign_id: int, index: int, name: str, count: int) -> None:
        day = first + timedelta(days=index)
        if name != "called" and day < today:
            day = today
        if first <= day < first + timedelta(days=days) and count:
            values = found.setdefault((campaign_id, day), {})
            values[name] = values.get(name, 0) + count

    for campaign_id, index, due, wished in session.execute(_due(starts)):
        add(campaign_id, index, "due", int(due))
        add(campaign_id, index, "wished", int(wished or 0))
    for campaign_id, hour, count in session.execute(_called(starts)):
        index = next(i for i in reversed(range(days)) if hour >= starts[i])
        add(campaign_id, index, "called", int(count))
    return [DayPlan(campaign_id=key[0], day=key[1], **values) for key, values in sorted(found.items())]


def _due(starts: Sequence[datetime]) -> Select[Any, Any, Any, Any]:
    days = len(starts) - 1
    index = case(*((Case.due_at >= starts[i], i) for i in reversed(range(days))), else_=0).label("day")
    wished = func.sum(case((Case.wish_at.is_not(None), 1), else_=0))
    return (
        select(Case.campaign_id, index, func.count(), wished)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .where(
            IS_OPEN,
            Case.kind == CaseKind.NORMAL,
            Case.due_at < starts[-1],
            Campaign.state.in_(PLANNED),
        )
        .group_by(Case.campaign_id, index)
    )


def _called(starts: Sequence[datetime]) -> Select[int, datetime, int]:
    return (
        select(Tally.campaign_id, Tally.hour, func.sum(Tally.attempts))
        .where(Tally.hour >= starts[0], Tally.hour < starts[-1])
        .group_by(Tally.campaign_id, Tally.hour)
    )


def runs(session: Session, first: date, days: int, zone: ZoneInfo, now: datetime) -> list[Run]:
    """Campaigns that run, ran or are to run within the days, by their first day."""
    starts = day_starts(first, days, zone)
    found = session.scalars(
        select(Campaign)
        .where(
            Campaign.is_template.is_(False),
            Campaign.state != CampaignState.DRAFT,
            or_(Campaign.starts_at.is_(None), Campaign.starts_at < starts[-1]),
            or_(Campaign.finished_at.is_(None), Campaign.finished_at >= starts[0]),
        )
        .order_by(Campaign.id)
    )
    shown = [_run(campaign, first, first + timedelta(days=days - 1), zone, now) for campaign in found]
    return sorted((run for run in shown if run is not None), key=lambda run: (run.first, run.campaign_id))


def _run(campaign: Campaign, first: date, last: date, zone: ZoneInfo, now: datetime) -> Run | None:
    begins = campaign.starts_at or campaign.running_since or (now if campaign.state in PLANNED else None)
    ends = campaign.finished_at or campaign.ends_at
    if begins is None:
        return None
    from_day = begins.astimezone(zone).date()
    # The end is the first moment that is no longer part of it, so midnight belongs to the day before.
    to_day = (ends - timedelta(microseconds=1)).astimezone(zone).date() if ends else last
    if from_day > last or to_day < first:
        return None
    return Run(
        campaign_id=campaign.id,
        name=campaign.name,
        state=campaign.state,
        first=max(first, from_day),
        last=max(min(last, to_day), max(first, from_day)),
        is_open_end=ends is None,
    )
