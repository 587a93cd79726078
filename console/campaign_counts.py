"""The campaign list's figures, for many campaigns at once: counted rows only, whatever the number of calls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseKind, CaseState, CloseReason
from callbacks.reports.counts import NEVER_CALLED_FOR
from callbacks.reports.why_not import IS_OPEN
from callbacks.tallies import Tally

PACE_OVER = timedelta(hours=3)
"""The pace behind an estimate is that of the latest hours, the running one included."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Counts of one campaign. Rates are 0 to 1, None while there is nothing to count.

    `done` of `total` cases are over; `next_at` is the earliest due case; `ends_at` an estimate from the present pace.
    """

    total: int = 0
    done: int = 0
    goals: int = 0
    opt_outs: int = 0
    tried: int = 0
    rang: int = 0
    answered: int = 0
    next_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def answer_rate(self) -> float | None:
        """Answered of the calls that rang."""
        return self.answered / self.rang if self.rang else None

    @property
    def goal_rate(self) -> float | None:
        """Goals of the cases that are over and could be called."""
        return self.goals / self.tried if self.tried else None

    @property
    def opt_out_rate(self) -> float | None:
        """Opt-outs of the answered calls."""
        return min(1.0, self.opt_outs / self.answered) if self.answered else None


def figures_of(s: Session, campaigns: Iterable[Campaign], now: datetime) -> dict[int, Figures]:
    """The figures of these campaigns, by id."""
    by_id = {campaign.id: campaign for campaign in campaigns}
    cases, calls, recent = _cases(s, list(by_id)), _calls(s, list(by_id)), _recent(s, list(by_id), now)
    due = _due(s, [c.id for c in by_id.values() if c.state in (CampaignState.RUNNING, CampaignState.DRAINING)])
    found = {}
    for key, campaign in by_id.items():
        cells = {cell: n for cell, n in cases.get(key, {}).items() if cell[1] != CloseReason.UNDONE}
        rang, answered, attempts = calls.get(key, (0, 0, 0))
        over = {reason: n for (state, reason), n in cells.items() if state == CaseState.CLOSED}
        total, done = sum(cells.values()), sum(over.values())
        found[key] = Figures(
            total=total,
            done=done,
            goals=over.get(CloseReason.GOAL_MET, 0),
            opt_outs=over.get(CloseReason.OPTED_OUT, 0),
            tried=sum(n for reason, n in over.items() if reason not in NEVER_CALLED_FOR),
            rang=rang,
            answered=answered,
            next_at=due.get(key) or (campaign.starts_at if campaign.state == CampaignState.READY else None),
            ends_at=_estimate(campaign, total - done, attempts / done if done else 0, recent.get(key, 0), now),
        )
    return found


def _estimate(campaign: Campaign, left: int, per_case: float, recent: int, now: datetime) -> datetime | None:
    """When the rest is over if it goes on as in the latest hours; None without a pace."""
    if campaign.state not in (CampaignState.RUNNING, CampaignState.DRAINING) or not left or not recent or not per_case:
        return None
    since = max(now - PACE_OVER, campaign.running_since or now - PACE_OVER)
    span_s = max((now - since).total_seconds(), 60.0)
    return now + timedelta(seconds=min(left * per_case / recent * span_s, 365 * 86_400.0))


def _cases(s: Session, ids: list[int]) -> dict[int, dict[tuple[str, str], int]]:
    counted = (
        select(Case.campaign_id, Case.state, Case.reason, func.count())
        .where(Case.campaign_id.in_(ids), Case.kind == CaseKind.NORMAL, Case.state != CaseState.STAGED)
        .group_by(Case.campaign_id, Case.state, Case.reason)
    )
    found: dict[int, dict[tuple[str, str], int]] = {}
    for key, state, reason, count in s.execute(counted):
        found.setdefault(key, {})[(str(state), reason)] = count
    return found


def _calls(s: Session, ids: list[int]) -> dict[int, tuple[int, int, int]]:
    sums = (func.sum(Tally.rang), func.sum(Tally.answered), func.sum(Tally.attempts))
    counted = select(Tally.campaign_id, *sums).where(Tally.campaign_id.in_(ids)).group_by(Tally.campaign_id)
    return {key: (int(rang), int(answered), int(n)) for key, rang, answered, n in s.execute(counted)}


def _recent(s: Session, ids: list[int], now: datetime) -> dict[int, int]:
    counted = (
        select(Tally.campaign_id, func.sum(Tally.attempts))
        .where(Tally.campaign_id.in_(ids), Tally.hour >= now - PACE_OVER)
        .group_by(Tally.campaign_id)
    )
    return {key: int(n) for key, n in s.execute(counted)}


def _due(s: Session, ids: list[int]) -> dict[int, datetime]:
    first = select(Case.campaign_id, func.min(Case.due_at)).where(Case.campaign_id.in_(ids), IS_OPEN)
    return dict(s.execute(first.group_by(Case.campaign_id)).tuples().all())
