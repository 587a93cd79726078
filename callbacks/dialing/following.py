"""What the phone company tells of a call moves the attempt that made it, in the transaction that stores the news.

News may come late, twice, in another order, or before the dial's own answer: the machine takes only what leads forward,
and an attempt ends once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from callbacks.attempt import ATTEMPTS, Attempt, AttemptState, CarrierOutcome
from callbacks.call_backs import case_of_call
from callbacks.campaign import Campaign
from callbacks.dialing.answering import is_machine, machine_answered, redirect
from callbacks.dialing.machine import STEPS, is_live, move
from callbacks.dialing.outcomes import Ended, ended
from callbacks.dialing.settling import settle, settle_call_back
from flows.outbound import Meaning, meaning_of, opening_of
from flows.versions import FlowVersion, load_document
from ivr.scope import CallScope
from storage.database import connection_of
from telephony.calls import CallStatus, Direction

_NEVER_RANG = frozenset({CarrierOutcome.PROVIDER_ERROR, CarrierOutcome.INVALID_NUMBER})

_COLUMNS = tuple(ATTEMPTS.c[name] for name in ("id", "state", "sid", "rang_at", "answered_at", "answered_by"))
_PROGRESS = select(*_COLUMNS).where(ATTEMPTS.c.call_id == bindparam("call")).with_for_update()
_MOVE = update(ATTEMPTS).where(ATTEMPTS.c.id == bindparam("attempt"))

HEARD_OUT = 0.9
"""Part of the opening after which somebody who hangs up has heard it."""


def follow(scope: CallScope) -> None:
    """Take in what is new about a call: `scope.columns` over `scope.call`. Repeatable."""
    if scope.call.direction == Direction.OUTBOUND:
        attempt = None if _noted_quietly(scope) else _attempt_of(scope)
        if attempt is not None:
            _follow_attempt(scope, attempt)
    elif _is_over(scope):
        known = case_of_call(scope.db, scope)
        if known is not None:
            settle_call_back(scope, known[0], _meaning(scope), known_of(scope, "outcome"))


def known_of(scope: CallScope, name: str) -> Any:
    """A column of the call as it will be stored."""
    return scope.columns.get(name, getattr(scope.call, name))


@dataclass(kw_only=True)
class Progress:
    """The columns of an attempt that move while its call goes on."""

    id: int
    state: Any
    sid: str | None
    rang_at: datetime | None
    answered_at: datetime | None
    answered_by: str


def _noted_quietly(scope: CallScope) -> bool:
    """Take in that a live call goes on, by plain statements: two of three notices of a call say no more than that.

    False when there is more to do than to write down how far the call is.
    """
    status = CallStatus(known_of(scope, "status"))
    if status.is_final:
        return False
    scope.db.flush()
    connection = connection_of(scope.db)
    row = connection.execute(_PROGRESS, {"call": scope.call.id}).first()
    if row is None:
        return True
    progress = Progress(**row._mapping)
    verdict = str(known_of(scope, "answered_by") or "")
    if not is_live(progress) or (verdict and verdict != progress.answered_by):
        return False
    progress.sid = progress.sid or known_of(scope, "sid")
    _note_progress(scope, progress, status)
    moved = {name: value for name, value in vars(progress).items() if value != getattr(row, name)}
    if moved:
        connection.execute(_MOVE, {"attempt": progress.id, **moved})
    return True


def _attempt_of(scope: CallScope) -> Attempt | None:
    query = select(Attempt).where(Attempt.call_id == scope.call.id).with_for_update()
    return scope.db.scalar(query.execution_options(populate_existing=True))


def _follow_attempt(scope: CallScope, attempt: Attempt) -> None:
    status = CallStatus(known_of(scope, "status"))
    if attempt.state in (AttemptState.ENDED, AttemptState.RELEASED):
        _end_stray_call(scope, attempt, status)
        return
    if attempt.sid is None:
        attempt.sid = known_of(scope, "sid")
    _note_progress(scope, attempt, status)
    _take_verdict(scope, attempt)
    if _is_over(scope):
        _end(scope, attempt, status)


def _end_stray_call(scope: CallScope, attempt: Attempt, status: CallStatus) -> None:
    """A call of which the provider knew nothing when it was asked, and which rings after all."""
    gave_up = attempt.state == AttemptState.RELEASED or attempt.carrier_outcome in _NEVER_RANG
    if gave_up and not status.is_final:
        redirect(scope, attempt, "hang_up")


def _note_progress(scope: CallScope, attempt: Attempt | Progress, status: CallStatus) -> None:
    if not status.is_final:
        move(attempt, STEPS[status])
    answered_at = known_of(scope, "answered_at")
    if attempt.answered_at is None and answered_at is not None:
        attempt.answered_at = answered_at
    if attempt.rang_at is None and (status is CallStatus.RINGING or answered_at is not None):
        attempt.rang_at = answered_at or scope.now


def _take_verdict(scope: CallScope, attempt: Attempt) -> None:
    verdict = str(known_of(scope, "answered_by") or "")
    if not verdict or verdict == attempt.answered_by:
        return
    attempt.answered_by = verdict
    status = CallStatus(known_of(scope, "status"))
    if is_machine(verdict) and not status.is_final and not scope.talk.touched:
        machine_answered(scope, attempt, scope.db.get_one(Campaign, attempt.campaign_id))


def _is_over(scope: CallScope) -> bool:
    """Whether call and conversation are over. One that was being recorded is, when its recording came or did not."""
    status = CallStatus(known_of(scope, "status"))
    return status.is_final and (scope.talk.ended or not scope.talk.node)


def _end(scope: CallScope, attempt: Attempt, status: CallStatus) -> None:
    result = _ended(scope, attempt, status)
    if not move(attempt, "end"):
        return
    attempt.ended_at = known_of(scope, "ended_at") or scope.now
    attempt.duration_s = known_of(scope, "duration_s")
    attempt.sip_code = known_of(scope, "sip_code")
    attempt.outcome_word = str(known_of(scope, "outcome") or "")[:32]
    attempt.lease_until = None
    settle(scope, attempt, result, heard=_heard(scope, attempt), replied=bool(scope.talk.answers))


def _ended(scope: CallScope, attempt: Attempt, status: CallStatus) -> Ended:
    return ended(
        status,
        sip_code=known_of(scope, "sip_code"),
        answered=attempt.answered_at is not None,
        rang=attempt.rang_at is not None,
        meaning=_meaning(scope) if attempt.answered_at or status is CallStatus.COMPLETED else Meaning.INCOMPLETE,
        answered_by=attempt.answered_by,
        replied=scope.talk.touched,
    )


def _meaning(scope: CallScope) -> Meaning:
    version_id = known_of(scope, "flow_version_id")
    version = scope.db.get(FlowVersion, version_id) if version_id else None
    if version is None:
        return Meaning.INCOMPLETE
    return meaning_of(load_document(version), str(known_of(scope, "outcome") or ""))


def _heard(scope: CallScope, attempt: Attempt) -> bool:
    """Whether the opening was heard to its end: the call went on from it, or ended after the time it takes."""
    talk = scope.talk
    if attempt.answered_at is None or not talk.frames:
        return False
    if talk.answers:
        return True
    version = scope.db.get(FlowVersion, talk.frames[0].version)
    document = load_document(version) if version is not None else None
    opening = opening_of(document) if document is not None else None
    frame = talk.frames[0]
    if document is None or opening is None or not frame.node or document.nodes.get(frame.node) is not opening:
        return bool(frame.node)
    takes_s = float(frame.memory.get("takes_s", 0) or 0)
    ended_at = attempt.ended_at or scope.now
    return ended_at - attempt.answered_at >= timedelta(seconds=HEARD_OUT * takes_s)
