"""The cases that are due, found by ranges of one index: a million cases of the future are never walked over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseKind

OPEN = text("cases.state = 'open'")
"""Written out as in the index: with a parameter neither database would see that the partial index fits."""

DIALS = (CampaignState.RUNNING, CampaignState.DRAINING)
"""A draining campaign makes no first calls, but ends what it began; the gate says which."""

TEST = text("cases.kind = 'test'")


def running_campaigns(session: Session) -> Sequence[Campaign]:
    """The campaigns that dial by themselves."""
    return session.scalars(select(Campaign).where(Campaign.state.in_(DIALS))).all()


def due_cases(session: Session, campaign_id: int, now: datetime, limit: int) -> list[Case]:
    """Open cases of a campaign that are due, most urgent priority first, then longest due; kept from other claimers.

    One range of the index per priority in use: a single scan over all would pass every case of the future that has
    the same priority.
    """
    found: list[Case] = []
    priority = -1
    while len(found) < limit:
        next_one = session.scalar(
            select(func.min(Case.priority)).where(Case.campaign_id == campaign_id, OPEN, Case.priority > priority)
        )
        if next_one is None:
            break
        priority = next_one
        found += session.scalars(
            select(Case)
            .where(Case.campaign_id == campaign_id, OPEN, Case.priority == priority, Case.due_at <= now)
            .order_by(Case.due_at)
            .limit(limit - len(found))
            .with_for_update(skip_locked=True)
        )
    return found


def due_tests(session: Session, now: datetime, limit: int) -> list[Case]:
    """Test calls that staff asked for; they need no running campaign."""
    return list(
        session.scalars(
            select(Case)
            .where(OPEN, TEST, Case.due_at <= now)
            .order_by(Case.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def is_test(case: Case) -> bool:
    """Whether the case is a test call."""
    return case.kind == CaseKind.TEST
