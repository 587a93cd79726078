"""Rules about a date: a column of a list, or a fact about a person, minus one day."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind, CaseState, CloseReason
from callbacks.cases import create_case
from callbacks.errors import CallbacksError
from callbacks.event_rules import EventRule
from callbacks.gate.zones import zone_error
from callbacks.happening_cursor import hold_cursor
from callbacks.importing.moments import read_moment
from callbacks.new_case import NewCase
from callbacks.rule_values import case_wanted, fits
from tickets.people import Person, PersonNumber

log = logging.getLogger(__name__)

DATE = "date"
READER = "rules:dates"
EVERY = timedelta(minutes=15)
AHEAD = timedelta(hours=1)
"""Cases are made so long before they are due,"""

LATE = timedelta(days=2)
"""and still so long after, when nothing ran meanwhile."""

_OVER = (CloseReason.CANCELLED, CloseReason.UNDONE, CloseReason.OPTED_OUT, CloseReason.WRONG_PERSON)


def run_date_rules(session: Session, rules: list[tuple[EventRule, Campaign]], now: datetime) -> int:
    """Make the cases of the dates that have come near; looks at most every fifteen minutes. Gives how many."""
    cursor = hold_cursor(session, READER)
    if now < datetime.fromtimestamp(cursor.last_id, UTC) + EVERY:
        return 0
    cursor.last_id = int(now.timestamp())
    return sum(_make(session, rule, campaign, now) for rule, campaign in rules)


def _make(session: Session, rule: EventRule, campaign: Campaign, now: datetime) -> int:
    made = 0
    zone = campaign.zone if campaign.zone and not zone_error(campaign.zone) else "UTC"
    for who, text, new in (*_from_cases(session, rule, now), *_from_people(session, rule, campaign, now)):
        try:
            day = read_moment(text, new.zone or zone)
        except ValueError:
            continue
        due = day + timedelta(minutes=rule.delay_min)
        if not now - LATE < due <= now + AHEAD:
            continue
        # A reminder of a day that has begun comes too late; one after the day has no such end.
        end = day if rule.delay_min < 0 else None
        if end is not None and end <= now:
            continue
        wish = replace(new, not_before=max(due, now), not_after=end, key=f"rule:{rule.id}:{who}:{text[:40]}")
        try:
            made += create_case(session, campaign, wish, now).made
        except CallbacksError as error:
            log.warning("Rule %d made no case of a date: %s.", rule.id, type(error).__name__)
    return made


def _from_cases(session: Session, rule: EventRule, now: datetime) -> Iterator[tuple[str, str, NewCase]]:
    """Cases of any other campaign that name the date. ISO dates stand in order as texts, so the database can look."""
    column = Case.variables[rule.date_field].as_string()
    query = select(Case).where(
        Case.campaign_id != rule.campaign_id,
        Case.kind == CaseKind.NORMAL,
        Case.state != CaseState.STAGED,
        Case.reason.not_in(_OVER),
        _near(column, rule, now),
    )
    for case in session.scalars(query):
        payload = {**case.variables, "name": case.name, "reference": case.reference, "language": case.language}
        if fits(rule.conditions, payload, now):
            yield f"case:{case.id}", str(case.variables[rule.date_field]), _wish_of_case(rule, case, payload, now)


def _from_people(
    session: Session, rule: EventRule, campaign: Campaign, now: datetime
) -> Iterator[tuple[str, str, NewCase]]:
    column = Person.attributes[rule.date_field].as_string()
    query = select(Person, PersonNumber.number).join(PersonNumber).where(_near(column, rule, now))
    seen: set[int] = set()
    for person, number in session.execute(query.order_by(PersonNumber.id)):
        payload = {**person.attributes, "name": person.name, "language": person.language or "", "phone": number}
        if person.id in seen or not fits(rule.conditions, payload, now):
            continue
        seen.add(person.id)
        new = case_wanted(rule, payload, reference="", region=campaign.region, now=now)
        if new is not None:
            zone = person.time_zone or ""
            new = replace(new, person_id=person.id, zone=new.zone or ("" if not zone or zone_error(zone) else zone))
            yield f"person:{person.id}", str(person.attributes[rule.date_field]), new


def _wish_of_case(rule: EventRule, case: Case, payload: Mapping[str, Any], now: datetime) -> NewCase:
    new = case_wanted(rule, {**payload, "phone": case.number}, reference=case.reference, region="", now=now)
    wish = new or NewCase(number=case.number, reference=case.reference, name=case.name, source="rule")
    variables = {**case.variables, **wish.variables}
    return replace(wish, variables=variables, zone=wish.zone or case.zone, person_id=case.person_id)


def _near(column: ColumnElement[str], rule: EventRule, now: datetime) -> ColumnElement[bool]:
    """Dates about which something may be due now, a day more on both sides for zones."""
    margin = timedelta(days=1)
    first = now - timedelta(minutes=rule.delay_min) - LATE - margin
    last = now - timedelta(minutes=rule.delay_min) + AHEAD + 2 * margin
    return and_(column >= first.date().isoformat(), column <= last.date().isoformat())
