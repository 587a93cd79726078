"""What crashes and lost news leave behind is found and settled, on every dialer, again and again.

Each row is taken by one dialer at a time: it notes in `checked_at` that it looks, and others leave the row alone until
it is time for the next look.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseState
from callbacks.dialing.deps import DialDeps
from callbacks.dialing.lines import LIVE
from callbacks.dialing.looks import ask_after, catch_up, look_for
from callbacks.dialing.machine import move
from callbacks.dialing.releasing import release
from ivr.calls import Call
from telephony.calls import FINAL_STATUSES
from telephony.provider import ProviderError

log = logging.getLogger(__name__)

NO_ANSWER_AFTER = timedelta(seconds=20)
"""No request to the provider takes longer; whoever sent it is dead."""

LOOK_EVERY = timedelta(seconds=5)
RINGS_AT_MOST = timedelta(seconds=90)
"""A placed call of which nothing is heard for so long is asked after."""

TALKS_UNASKED = timedelta(minutes=3)
AT_MOST = 100

_BEFORE_ANSWER = (AttemptState.PLACED, AttemptState.RINGING)


def reconcile(deps: DialDeps) -> int:
    """One round over everything; gives how many attempts and cases were moved."""
    return (
        free_lapsed_claims(deps)
        + mark_unanswered(deps)
        + settle_unknown(deps)
        + follow_final_calls(deps)
        + ask_after_silent(deps)
        + cancel_stopped(deps)
        + open_left_cases(deps)
    )


def free_lapsed_claims(deps: DialDeps) -> int:
    """Claims whose worker never came: their cases are due again."""
    with deps.db.write() as session:
        now = deps.clock.read(session)
        lapsed = _take(session, and_(Attempt.state == AttemptState.CLAIMED, Attempt.lease_until < now))
        return sum(release(session, attempt, "nobody dialled it in time", now=now) for attempt in lapsed)


def mark_unanswered(deps: DialDeps) -> int:
    """Dials whose worker died between its intent and the provider's answer: they may be ringing."""
    with deps.db.write() as session:
        now = deps.clock.read(session)
        dead = _take(session, and_(Attempt.state == AttemptState.DIALING, Attempt.dialled_at < now - NO_ANSWER_AFTER))
        for attempt in dead:
            move(attempt, "lose")
            attempt.error = "The dialer stopped before the provider answered; the call may be ringing."
        return len(dead)


def settle_unknown(deps: DialDeps) -> int:
    """Look for the calls of unknown attempts."""
    taken = _take_for_look(deps, Attempt.state == AttemptState.UNKNOWN, LOOK_EVERY)
    return sum(look_for(deps, attempt_id, looked_before=before) for attempt_id, before in taken)


def follow_final_calls(deps: DialDeps) -> int:
    """Attempts whose call is known to be over, but which did not hear of it."""
    moved = 0
    with deps.db.read() as session:
        query = select(Attempt.id, Call.sid).join(Call, Call.id == Attempt.call_id)
        known = session.execute(
            query.where(LIVE, Call.status.in_(FINAL_STATUSES), Call.sid.is_not(None)).limit(AT_MOST)
        )
        overdue = known.all()
    for attempt_id, sid in overdue:
        with deps.db.write() as session:
            catch_up(session, str(sid), deps.calls.clock())
            moved += session.get_one(Attempt, attempt_id).state == AttemptState.ENDED
    return moved


def ask_after_silent(deps: DialDeps) -> int:
    """Fetch the calls of which nothing is heard."""
    now = deps.clock.now()
    ringing = and_(Attempt.state.in_(_BEFORE_ANSWER), Attempt.dialled_at < now - RINGS_AT_MOST)
    talking = and_(Attempt.state == AttemptState.ANSWERED, Attempt.answered_at < now - TALKS_UNASKED)
    taken = _take_for_look(deps, or_(ringing, talking), RINGS_AT_MOST)
    return sum(ask_after(deps, attempt_id) for attempt_id, _ in taken)


def cancel_stopped(deps: DialDeps) -> int:
    """End the calls that still wait at the provider when their campaign was stopped."""
    stopped = select(Campaign.id).where(Campaign.state == CampaignState.STOPPED)
    waiting = and_(Attempt.state == AttemptState.PLACED, Attempt.campaign_id.in_(stopped))
    taken = _take_for_look(deps, waiting, LOOK_EVERY)
    for attempt_id, _ in taken:
        with deps.db.read() as session:
            sid = session.scalar(select(Attempt.sid).where(Attempt.id == attempt_id))
        try:
            if sid is not None:
                deps.provider.update_call(sid, hang_up=True)
        except ProviderError as error:
            log.warning("Attempt %d of a stopped campaign could not be cancelled: %s", attempt_id, error)
    return len(taken)


def open_left_cases(deps: DialDeps) -> int:
    """Cases that wait for a call which no attempt makes: none should be there, and none is lost by that."""
    with deps.db.write() as session:
        now = deps.clock.read(session)
        active = select(Campaign.id).where(Campaign.state.not_in((CampaignState.FINISHED, CampaignState.STOPPED)))
        called = exists().where(Attempt.case_id == Case.id, LIVE)
        left = session.scalars(
            select(Case)
            .where(Case.campaign_id.in_(active), Case.state == CaseState.CALLING, ~called)
            .limit(AT_MOST)
            .with_for_update(skip_locked=True)
        ).all()
        for case in left:
            log.error("Case %d waited for a call that nobody makes; it is open again.", case.id)
            case.state, case.due_at = CaseState.OPEN, now
        return len(left)


def _take(session: Session, condition: ColumnElement[bool]) -> list[Attempt]:
    query = select(Attempt).where(LIVE, condition).order_by(Attempt.id).limit(AT_MOST)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def _take_for_look(deps: DialDeps, condition: ColumnElement[bool], every: timedelta) -> list[tuple[int, bool]]:
    """Attempts that are looked at now, and whether anybody looked before; other dialers leave them for a while."""
    with deps.db.read() as session:
        if session.scalar(select(Attempt.id).where(LIVE, condition).limit(1)) is None:
            return []
    with deps.db.write() as session:
        now = deps.clock.read(session)
        due = or_(Attempt.checked_at.is_(None), Attempt.checked_at < now - every)
        taken = [(attempt.id, attempt.checked_at is not None) for attempt in _take(session, and_(condition, due))]
        _note_look(session, [attempt_id for attempt_id, _ in taken], now)
    return taken


def _note_look(session: Session, ids: list[int], now: datetime) -> None:
    if ids:
        session.execute(update(Attempt).where(Attempt.id.in_(ids)).values(checked_at=now))
