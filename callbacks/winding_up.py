"""How a campaign comes to its end: what is still open is closed, and what has nothing left to do is finished."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from callbacks.campaign_machine import move
from callbacks.case import Case, CaseKind, CaseState, CloseReason
from callbacks.closing import end_all

CLOSED_AT_ONCE = 1_000
"""Cases that are closed in one transaction; a job closes the rest, the gate refuses them meanwhile."""


def close_rest(session: Session, campaign: Campaign, now: datetime, *, limit: int = CLOSED_AT_ONCE) -> int:
    """Close what a stop, a drain or the end date leaves open, a bounded number at once; gives how many."""
    over = campaign.ends_at is not None and campaign.ends_at <= now
    if campaign.state == CampaignState.FINISHED or (over and campaign.state != CampaignState.STOPPED):
        reason, note = CloseReason.EXPIRED, "The campaign's end has come."
    else:
        reason, note = CloseReason.CAMPAIGN_STOPPED, ""
    found = [Case.campaign_id == campaign.id, Case.kind == CaseKind.NORMAL]
    if campaign.state == CampaignState.DRAINING and not over:
        found += [Case.tries == 0, Case.state.in_((CaseState.OPEN, CaseState.MERGED))]
        # Riders of a case that was called are part of what was begun.
        begun = select(Case.id).where(Case.campaign_id == campaign.id, Case.tries > 0)
        calling = select(Case.id).where(Case.campaign_id == campaign.id, Case.state == CaseState.CALLING)
        found.append(Case.merged_into_id.is_(None) | Case.merged_into_id.not_in(begun.union(calling)))
    return end_all(session, found, reason, now=now, note=note, limit=limit)


def finish(session: Session, now: datetime) -> list[int]:
    """Finish the campaigns that have nothing left to do, or whose end has come; gives their ids."""
    query = select(Campaign).where(
        Campaign.state.in_((CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.DRAINING))
    )
    finished = []
    for campaign in session.scalars(query.with_for_update(skip_locked=True)).all():
        over = campaign.ends_at is not None and campaign.ends_at <= now
        # A first call of a draining campaign that never left the house has begun nothing, and its case waits again.
        ends = over or campaign.state == CampaignState.DRAINING
        if ends and close_rest(session, campaign, now) >= CLOSED_AT_ONCE:
            continue
        ends_by_itself = not campaign.standing and campaign.state != CampaignState.PAUSED
        if not (over or ends_by_itself or campaign.state == CampaignState.DRAINING) or has_work(session, campaign):
            continue
        campaign.finished_at = now
        move(session, campaign, "finish", by="system", now=now, note="")
        finished.append(campaign.id)
    return finished


def has_work(session: Session, campaign: Campaign) -> bool:
    states = (CaseState.STAGED, CaseState.OPEN, CaseState.CALLING, CaseState.MERGED)
    query = select(Case.id).where(Case.campaign_id == campaign.id, Case.state.in_(states), Case.kind == CaseKind.NORMAL)
    return session.scalars(query.limit(1)).first() is not None
