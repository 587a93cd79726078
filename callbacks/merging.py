"""Several open cases of one phone and purpose become one call: the others ride along with the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseKind, CaseState
from callbacks.spoken_flow import spoken_flow
from callbacks.variables import has_riders, tells_several

_AT_ONCE = 500

LONGEST_WAIT = timedelta(hours=24)
"""A case rides along with a call that comes at most so much later than it was wanted,"""

LONGEST_LEAD = timedelta(hours=4)
"""or at most so much earlier; its own `not_before` and `not_after` hold in any case."""


def merge_open(session: Session, campaign: Campaign, numbers: Sequence[str], now: datetime) -> dict[int, Case]:
    """Merge what is open for these numbers; gives the lead of every case that rides along now, by the case's id.

    The numbers are held by `known_people.hold_numbers`. Only OPEN cases lead: what the phone is ringing for already
    knows its words. Cases of another campaign join only while both are running with the same version of the same flow.
    Nothing is merged for a flow that speaks of one matter only, since what rides along would close without being told.
    """
    variants = [v for v in ("a", "b") if (flow := spoken_flow(session, campaign, v)) and tells_several(flow)]
    if not variants or not numbers:
        return {}
    query = (
        select(Case)
        .where(
            Case.number.in_(numbers),
            Case.state == CaseState.OPEN,
            Case.kind == CaseKind.NORMAL,
            Case.reason == "",
            Case.variant.in_(variants),
            or_(Case.campaign_id == campaign.id, Case.campaign_id.in_(_kindred(session, campaign))),
        )
        .order_by(Case.tries.desc(), Case.due_at, Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    session.flush()
    leads: dict[tuple[str, str, str], list[Case]] = {}
    joined: dict[int, Case] = {}
    for case in session.scalars(query):
        group = leads.setdefault((case.number, case.purpose, case.variant), [])
        lead = next((lead for lead in group if fits(lead, case, now)), None)
        if lead is None:
            group.append(case)
        else:
            _join(session, case, lead)
            joined[case.id] = lead
    session.flush()
    return joined


def merge_anew(session: Session, campaign: Campaign, now: datetime) -> None:
    """Merge all that waits in a campaign again, since its flow or the flow of its cases is another one now."""
    mine = (Case.campaign_id == campaign.id, Case.kind == CaseKind.NORMAL)
    session.execute(
        update(Case)
        .where(*mine, Case.state == CaseState.MERGED)
        .values(state=CaseState.OPEN, merged_into_id=None)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    query = select(Case.number).where(*mine, Case.state == CaseState.OPEN)
    crowded = session.scalars(query.group_by(Case.number).having(func.count() > 1)).all()
    for at in range(0, len(crowded), _AT_ONCE):
        merge_open(session, campaign, crowded[at : at + _AT_ONCE], now)


def fits(lead: Case, rider: Case, now: datetime) -> bool:
    """Whether the call of `lead` comes at a time that `rider` allows, in a language that it speaks."""
    if lead.language and rider.language and lead.language != rider.language:
        return False
    at = max(lead.due_at, now)
    if (rider.not_before and at < rider.not_before) or (rider.not_after and at > rider.not_after):
        return False
    return -LONGEST_LEAD <= at - max(rider.due_at, now) <= LONGEST_WAIT


def riders_of(session: Session, case: Case) -> list[Case]:
    """The cases that ride along with this one, oldest first, locked."""
    if any(other is not case for other in (*session.dirty, *session.new)):
        session.flush()
    if not has_riders(session, case):
        return []
    query = select(Case).where(Case.merged_into_id == case.id, Case.state == CaseState.MERGED).order_by(Case.id)
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def promote(session: Session, riders: Sequence[Case], lead: Case) -> None:
    """Let the first of the riders lead, since their lead is gone for a reason of its own.

    The calls that were made count for it, as they were made to the same phone, so that nobody is called at once again.
    """
    if not riders:
        return
    first, *others = riders
    first.state, first.merged_into_id = CaseState.OPEN, None
    if lead.tries:
        first.tries, first.tries_by = lead.tries, dict(lead.tries_by)
        first.due_at = max(first.due_at, lead.due_at)
    first.caller_number = first.caller_number or lead.caller_number
    for other in others:
        other.merged_into_id = first.id
    session.flush()


def leave_foreign_leads(session: Session, campaign_id: int) -> int:
    """Let cases of other campaigns no longer ride along with this one's, since it stops calling; gives how many."""
    leads = select(Case.id).where(Case.campaign_id == campaign_id, Case.state == CaseState.OPEN).scalar_subquery()
    freed = session.scalars(
        update(Case)
        .where(Case.state == CaseState.MERGED, Case.campaign_id != campaign_id, Case.merged_into_id.in_(leads))
        .values(state=CaseState.OPEN, merged_into_id=None)
        .returning(Case.id)
        .execution_options(synchronize_session=False)
    ).all()
    if freed:
        session.expire_all()
    return len(freed)


def _join(session: Session, rider: Case, lead: Case) -> None:
    session.execute(
        update(Case)
        .where(Case.merged_into_id == rider.id, Case.state == CaseState.MERGED)
        .values(merged_into_id=lead.id)
        .execution_options(synchronize_session="fetch")
    )
    rider.state, rider.merged_into_id = CaseState.MERGED, lead.id


def _kindred(session: Session, campaign: Campaign) -> list[int]:
    """Ids of other running campaigns that say the same."""
    if campaign.state != CampaignState.RUNNING or campaign.flow_b_name or campaign.flow_version_id is None:
        return []
    query = select(Campaign.id).where(
        Campaign.state == CampaignState.RUNNING,
        Campaign.flow_version_id == campaign.flow_version_id,
        Campaign.flow_b_name == "",
        Campaign.id != campaign.id,
    )
    return list(session.scalars(query))
