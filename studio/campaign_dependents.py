"""Campaigns that have not ended and use a flow, and what a change would break for them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from callbacks.audience import AudienceImport, ImportState
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseState
from callbacks.event_rules import EventRule
from callbacks.variables import missing_variables
from flows.phrases import primary
from flows.versions import FlowVersion
from studio.dependent import Dependent
from studio.flow_changes import FlowChange
from studio.naming import language_words, names
from studio.sentences import told

ENDED = (CampaignState.FINISHED, CampaignState.STOPPED)
LAUNCHED = (CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.DRAINING)
CASES_READ = 200
"""Waiting cases that are looked at for the names of their values; a list gives all its cases the same ones."""


def campaigns(session: Session, name: str, change: FlowChange) -> Iterator[Dependent]:
    """Every campaign with the flow as its A or B that has not ended; templates are only copied."""
    query = select(Campaign).where(
        or_(Campaign.flow_name == name, Campaign.flow_b_name == name),
        Campaign.state.not_in(ENDED),
        Campaign.is_template.is_(False),
    )
    for campaign in session.scalars(query.order_by(Campaign.id)):
        breaks = list(_breaks(session, campaign, name, change))
        launched = campaign.state in LAUNCHED
        page = f"/campaigns/{campaign.id}" + ("" if launched else "/setup")
        kept = _kept(session, campaign, name) if launched else ""
        fine = told("It calls people with this flow.")
        yield Dependent(
            kind="campaign",
            name=str(campaign.id),
            title=campaign.name,
            url=page,
            breaks=bool(breaks),
            sentence=" ".join(part for part in (kept, *(breaks or ([] if kept else [fine]))) if part),
        )


def _kept(session: Session, campaign: Campaign, name: str) -> str:
    """That a launched campaign goes on with the version it was launched with."""
    version_id = campaign.flow_version_id if campaign.flow_name == name else campaign.flow_b_version_id
    version = session.get(FlowVersion, version_id) if version_id is not None else None
    if version is None:
        return ""
    return told("It keeps version {number} until it takes a new one.", number=version.number)


def _breaks(session: Session, campaign: Campaign, name: str, change: FlowChange) -> Iterator[str]:
    if change.loses_outbound:
        yield told("It makes calls, and the flow would no longer have the section “outbound”.")
        return
    if change.loses_opening:
        yield told("It makes calls, and the flow would no longer say at the start who calls and why.")
    if change.other_purpose and change.other_purpose != str(campaign.purpose):
        yield told(
            "Its calls are for {purpose}, and the flow’s would be for {other}.",
            purpose=str(campaign.purpose),
            other=change.other_purpose,
        )
    if campaign.language and primary(campaign.language) in change.lost_languages:
        yield told(
            "Its calls begin in {language}, which the flow would no longer speak.",
            language=language_words([campaign.language]),
        )
    if lost := sorted(change.lost_variables & _given(session, campaign)):
        yield told("It gives {names}, which the flow would no longer expect.", names=names(lost))
    variants = [letter for letter, own in (("a", campaign.flow_name), ("b", campaign.flow_b_name)) if own == name]
    needs = tuple(sorted(change.new_needs))
    for needed, count in missing_variables(session, campaign, dict.fromkeys(variants, needs)).items():
        yield told("{count} of its cases lack {names}, which the flow would need.", count=count, names=names([needed]))
    if change.lost_goals:
        yield told("It counts {names} as its goal, and the flow would no longer.", names=names(change.lost_goals))


def _given(session: Session, campaign: Campaign) -> set[str]:
    """Names of the values that the campaign gives: its defaults, columns of its lists, values of its cases, rules."""
    found = set(campaign.defaults)
    maps = session.scalars(
        select(AudienceImport.mapping).where(
            AudienceImport.campaign_id == campaign.id, AudienceImport.state != ImportState.UNDONE
        )
    )
    for mapping in maps:
        found |= {target.removeprefix("var:") for target in mapping.values() if target.startswith("var:")}
    waiting = select(Case.variables).where(
        Case.campaign_id == campaign.id, Case.state.in_((CaseState.OPEN, CaseState.MERGED))
    )
    for variables in session.scalars(waiting.limit(CASES_READ)):
        found |= set(variables)
    for variables in session.scalars(select(EventRule.variables).where(EventRule.campaign_id == campaign.id)):
        found |= set(variables)
    return found
