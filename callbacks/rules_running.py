"""Rules at work: what happened makes cases and cancels them; every event makes one case per rule, never two."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from callbacks.cases import create_case
from callbacks.closing import cancel
from callbacks.date_rules import DATE, run_date_rules
from callbacks.errors import CallbacksError
from callbacks.event_rules import EventRule
from callbacks.happening_cursor import mark_read, unread
from callbacks.rule_values import case_wanted, fits
from tickets.people import Person
from tickets.ticket import Ticket
from work.happenings import Happening

log = logging.getLogger(__name__)

READER = "rules"
_ACTIVE = (CampaignState.RUNNING, CampaignState.PAUSED)

RuleAndCampaign = tuple[EventRule, Campaign]


def run_rules(session: Session, now: datetime, *, limit: int = 500) -> int:
    """Deal with what happened since the last run, and with the dates that have come near.

    Gives the number of cases made and cancelled. Call it again and again; one transaction each time.
    """
    happenings = unread(session, READER, now, limit=limit)
    query = select(EventRule, Campaign).join(Campaign, Campaign.id == EventRule.campaign_id)
    rules: list[RuleAndCampaign] = [
        (rule, campaign)
        for rule, campaign in session.execute(query.where(EventRule.active).order_by(EventRule.id))
        if campaign.state in _ACTIVE
    ]
    done = sum(_deal_with(session, happening, rules, now) for happening in happenings)
    if happenings:
        mark_read(session, READER, happenings[-1].id)
    dates = [(rule, campaign) for rule, campaign in rules if rule.event == DATE]
    return done + (run_date_rules(session, dates, now) if dates else 0)


def _deal_with(session: Session, happening: Happening, rules: Sequence[RuleAndCampaign], now: datetime) -> int:
    done = 0
    for rule, campaign in rules:
        if rule.created_at > happening.at:
            continue
        if happening.kind in rule.cancelled_by:
            by = f"rule {rule.id}"
            kind, campaign_id = happening.kind, campaign.id
            done += cancel(session, reference=happening.reference, now=now, by=by, kind=kind, campaign_id=campaign_id)
        if happening.kind == rule.event:
            done += _make(session, happening, rule, campaign, now)
    return done


def _make(session: Session, happening: Happening, rule: EventRule, campaign: Campaign, now: datetime) -> int:
    if not fits(rule.conditions, happening.payload, now):
        return 0
    new = case_wanted(rule, happening.payload, reference=happening.reference, region=campaign.region, now=now)
    if new is None:
        return 0
    due_at = happening.at + timedelta(minutes=rule.delay_min)
    known = replace(
        new,
        due_at=due_at,
        key=f"rule:{rule.id}:{happening.id}",
        ticket_id=new.ticket_id if _exists(session, Ticket, new.ticket_id) else None,
        person_id=new.person_id if _exists(session, Person, new.person_id) else None,
    )
    try:
        return int(create_case(session, campaign, known, now).made)
    except CallbacksError as error:
        # An event that makes no sense must not hold up those behind it.
        log.warning("Rule %d made no case of happening %d: %s.", rule.id, happening.id, type(error).__name__)
        return 0


def _exists(session: Session, model: type[Ticket] | type[Person], row_id: int | None) -> bool:
    """An event may come from outside, or name what was erased since."""
    return row_id is not None and session.get(model, row_id) is not None
