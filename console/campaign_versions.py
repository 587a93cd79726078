"""Campaigns under way that still say an older version of a flow than the one in force."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from flows.versions import Flow


def campaigns_behind(s: Session, flow: Flow) -> frozenset[str]:
    """Ids, as texts, of running and paused campaigns that were launched with another version than the one in force."""
    current = flow.published_version_id
    if current is None:
        return frozenset()
    query = select(Campaign.id).where(
        Campaign.state.in_((CampaignState.RUNNING, CampaignState.PAUSED)),
        or_(
            and_(Campaign.flow_name == flow.name, Campaign.flow_version_id != current),
            and_(Campaign.flow_b_name == flow.name, Campaign.flow_b_version_id != current),
        ),
    )
    return frozenset(str(campaign_id) for campaign_id in s.scalars(query))
