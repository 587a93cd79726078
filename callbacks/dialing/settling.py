"""The end of a call reaches its case: closed, called again by the retry matrix, or called when its callee wished."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, load_only

from callbacks.attempt import Attempt, BusinessOutcome, CarrierOutcome
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind, CaseState, CloseReason
from callbacks.cases import close, postpone, wait_again
from callbacks.dialing.machine_text import text_machine
from callbacks.dialing.outcomes import CLOSES, Ended
from callbacks.dialing.releasing import open_again
from callbacks.dialing.telling import attempt_ended
from callbacks.gate.retries import next_try
from callbacks.gate.zones import zones_of
from callbacks.lifecycle import note_tested
from callbacks.settings import Result
from callbacks.wishes import CallbackWish
from flows.outbound import Meaning
from ivr.scope import CallScope
from tickets.people import Person

_ZONE = select(Person.time_zone).where(Person.id == bindparam("person"))
_UNANSWERED = (load_only(Campaign.retries_json, Campaign.zone),)
"""All that is asked of a campaign when nobody answered; the rest of it, many times as long, is read when needed."""

AS_SOON_AS_POSSIBLE = timedelta(minutes=30)
"""When somebody wants to be called later and names no time."""


def settle(scope: CallScope, attempt: Attempt, ended: Ended, *, heard: bool, replied: bool) -> None:
    """Write what an ended attempt means; called once, in the transaction that ends it."""
    session, now = scope.db, scope.now
    attempt.carrier_outcome = ended.carrier
    attempt.business_outcome = ended.business or ""
    if ended.rang and attempt.rang_at is None:
        attempt.rang_at = attempt.answered_at or attempt.ended_at
    session.flush()
    case = session.get_one(Case, attempt.case_id, with_for_update=True, populate_existing=True)
    campaign = session.get_one(Campaign, attempt.campaign_id, options=_UNANSWERED if ended.business is None else None)
    if case.kind == CaseKind.TEST:
        _end_test(session, case, campaign, attempt, ended, now)
    else:
        _count(case, ended)
        if ended.business is BusinessOutcome.MACHINE:
            text_machine(scope, attempt, case, campaign)
        _decide(session, case, campaign, attempt, ended, now)
    attempt_ended(session, attempt, case, heard=heard, replied=replied, now=now)


def settle_call_back(scope: CallScope, case_id: int, meaning: Meaning, word: str) -> None:
    """Somebody rang us about a case and the call is over: what was settled is not called about again."""
    session, now = scope.db, scope.now
    case = session.get(Case, case_id, with_for_update=True, populate_existing=True)
    if case is None or case.state == CaseState.CLOSED:
        return
    business = BusinessOutcome(meaning.value)
    if business in CLOSES:
        note = "Settled when they rang us."
        close(session, case, CLOSES[business], now=now, note=note, outcome=word, began_at=scope.call.started_at)
    elif business is BusinessOutcome.CALL_LATER and case.state == CaseState.OPEN:
        postpone(session, case, _wished_at(session, scope.call.id, now), now)


def _end_test(session: Session, case: Case, campaign: Campaign, attempt: Attempt, ended: Ended, now: datetime) -> None:
    """A test call is made once. A version that somebody has listened to counts as tested."""
    if ended.carrier is CarrierOutcome.ANSWERED and attempt.flow_version_id is not None:
        note_tested(session, campaign, attempt.flow_version_id, now=now)
    reason = CloseReason.INVALID_NUMBER if ended.carrier is CarrierOutcome.INVALID_NUMBER else CloseReason.DONE
    close(session, case, reason, now=now, note=f"Test call: {ended.carrier}.", outcome=attempt.outcome_word, held=True)


def _count(case: Case, ended: Ended) -> None:
    """Only calls that rang are tries. The rows of the matrix count whatever they are about."""
    if ended.rang:
        case.tries += 1
    if ended.result is not None:
        case.tries_by = {**case.tries_by, ended.result.value: case.tries_by.get(ended.result.value, 0) + 1}


def _decide(session: Session, case: Case, campaign: Campaign, attempt: Attempt, ended: Ended, now: datetime) -> None:
    word = attempt.outcome_word if ended.business is not None else ""
    case.outcome = word or case.outcome
    result = ended.result
    if ended.carrier is CarrierOutcome.INVALID_NUMBER:
        case.flagged = True
        close(session, case, CloseReason.INVALID_NUMBER, now=now, note="The network knows no such number.", held=True)
    elif ended.business is not None and ended.business in CLOSES:
        case.flagged = case.flagged or ended.business is BusinessOutcome.WRONG_PERSON
        close(session, case, CLOSES[ended.business], now=now, outcome=word, began_at=attempt.dialled_at, held=True)
    elif ended.business is BusinessOutcome.CALL_LATER and _postponed(session, case, attempt, now):
        return
    elif result is None and ended.business is None:
        open_again(session, attempt, now)
    else:
        _try_again(session, case, campaign, attempt, result or Result.INCOMPLETE, now)


def _postponed(session: Session, case: Case, attempt: Attempt, now: datetime) -> bool:
    """Whether the case waits for the wished time; the conversation itself may have seen to it."""
    if case.state != CaseState.CALLING:
        return True
    at = case.wish_at if case.wish_at is not None and case.wish_at > now else None
    return postpone(session, case, at or _wished_at(session, attempt.call_id, now), now)


def _wished_at(session: Session, call_id: int | None, now: datetime) -> datetime:
    newest = select(CallbackWish.wanted_at).where(CallbackWish.call_id == call_id).order_by(CallbackWish.id.desc())
    return session.scalar(newest.limit(1)) or now + AS_SOON_AS_POSSIBLE


def _try_again(
    session: Session, case: Case, campaign: Campaign, attempt: Attempt, result: Result, now: datetime
) -> None:
    if case.state != CaseState.CALLING:
        return
    zone = session.execute(_ZONE, {"person": case.person_id}).scalar() if case.person_id is not None else None
    zones = zones_of(case.zone, zone or "", case.number, campaign.zone)
    ended_at = attempt.ended_at or now
    due_at = next_try(campaign.retries, result, case.tries_by, case.tries, ended_at, zones)
    if due_at is None:
        close(session, case, CloseReason.TRIES_USED, now=now, began_at=attempt.dialled_at, held=True)
    else:
        wait_again(session, case, due_at, now)
