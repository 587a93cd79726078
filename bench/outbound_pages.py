"""Server time of a campaign's pages with a million attempts in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bench.outbound_desk import (
    add_due_cases,
    analyse,
    launch,
    multiply_attempts,
    multiply_cases,
    new_campaign,
    now_utc,
    publish_flow,
)
from bench.pages import Page, measure_page, signed_in
from callbacks.attempt import Attempt, AttemptState, BusinessOutcome, CarrierOutcome
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseState, CloseReason
from callbacks.reports.tally import count_attempt
from callbacks.tallies import Tally
from demo import organisation
from demo.settings import LOGINS, PASSWORD
from house import House
from soak.plan import SERVICE_NUMBER, number_of

HOURS = 300
"""Over so many hours the attempts lie."""


def pages(house: House, environ: Mapping[str, str], *, attempts: int, times: int) -> list[Page]:
    """Store a campaign with so many ended attempts, one for each case, and get its pages."""
    with house.db.write() as session:
        organisation.load(session, now_utc(), logins=LOGINS, password=PASSWORD)
        campaign_id = _campaign(session, attempts)
    analyse(house.db)
    client = signed_in(environ)
    paths = (f"/campaigns/{campaign_id}", f"/campaigns/{campaign_id}/cases", "/campaigns")
    found = [measure_page(client, path, times) for path in paths]
    client.application.extensions["house"].close()  # type: ignore[attr-defined]
    return [replace(page, path=page.path.replace(f"/{campaign_id}", "/<id>")) for page in found]


def _campaign(session: Session, attempts: int) -> int:
    """A running campaign whose cases are closed, with one attempt each and the tallies that belong to them."""
    now = now_utc()
    campaign = new_campaign(session, publish_flow(session, now), now, calls_per_second=10, max_live=100)
    add_due_cases(session, campaign, 1, now)
    launch(session, campaign, now)
    like = session.scalar(select(func.min(Case.id)).where(Case.campaign_id == campaign.id)) or 0
    closed = {"state": CaseState.CLOSED, "reason": CloseReason.GOAL_MET, "tries": 1, "closed_at": now}
    session.execute(update(Case).where(Case.id == like).values(**closed))
    multiply_cases(session, like, 1, attempts - 1)
    first, last = session.execute(select(func.min(Case.id), func.max(Case.id))).one()
    attempt = _attempt(campaign, like, number_of(0), 0)
    session.add(attempt)
    session.flush()
    multiply_attempts(session, attempt.id, (first + 1, last))
    _tally(session, campaign, attempt, attempts)
    return campaign.id


def _attempt(campaign: Campaign, case_id: int, number: str, hour: int) -> Attempt:
    at = now_utc() - timedelta(hours=hour)
    return Attempt(
        case_id=case_id,
        campaign_id=campaign.id,
        n=1,
        purpose=campaign.purpose,
        number=number,
        caller_number=SERVICE_NUMBER,
        kind="normal",
        variant="a",
        state=AttemptState.ENDED,
        claimed_at=at,
        slot_at=at,
        dialled_at=at,
        rang_at=at,
        answered_at=at,
        ended_at=at + timedelta(seconds=40),
        carrier_outcome=CarrierOutcome.ANSWERED,
        business_outcome=BusinessOutcome.GOAL,
        answered_by="human",
        duration_s=35,
        flow_version_id=campaign.flow_version_id,
    )


def _tally(session: Session, campaign: Campaign, like: Attempt, attempts: int) -> None:
    """The counts as they would have been kept, spread over hours and over every outcome."""
    outcomes = (
        (CarrierOutcome.ANSWERED, BusinessOutcome.GOAL, "human"),
        (CarrierOutcome.ANSWERED, BusinessOutcome.MACHINE, "machine"),
        (CarrierOutcome.ANSWERED, BusinessOutcome.INCOMPLETE, "human"),
        (CarrierOutcome.BUSY, "", ""),
        (CarrierOutcome.NO_ANSWER, "", ""),
    )
    for hour in range(HOURS):
        for carrier, business, answered_by in outcomes:
            one = _attempt(campaign, like.case_id, like.number, hour)
            one.carrier_outcome, one.business_outcome, one.answered_by = str(carrier), str(business), answered_by
            count_attempt(session, one, heard=True, replied=business == BusinessOutcome.GOAL)
    each = max(1, attempts // (HOURS * len(outcomes)))
    mine = Tally.campaign_id == campaign.id
    counted = {name: getattr(Tally, name) * each for name in ("attempts", "rang", "answered", "heard", "replied")}
    session.execute(update(Tally).where(mine).values(**counted))
