"""Dials that did not ring: given back, or over without counting as a try."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt, AttemptState, CarrierOutcome
from callbacks.case import Case, CaseState, CloseReason
from callbacks.cases import close
from callbacks.dialing.machine import move
from callbacks.dialing.telling import attempt_ended
from ivr.calls import Call
from telephony.calls import CallStatus

FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 900.0


def wait_after(session: Session, attempt: Attempt) -> timedelta:
    """How long a case rests after a dial that did not ring: longer each time, as long as none of its dials rings."""
    rang = select(func.max(Attempt.n)).where(Attempt.case_id == attempt.case_id, Attempt.rang_at.is_not(None))
    in_vain = attempt.n - (session.scalar(rang) or 0)
    return timedelta(seconds=min(FIRST_WAIT_S * 2 ** min(in_vain - 1, 20), LONGEST_WAIT_S))


def hold(session: Session, attempt_id: int) -> Attempt:
    """The attempt, held; its call's row first, as every webhook does, so that no two transactions wait in a circle."""
    call_id = session.scalar(select(Attempt.call_id).where(Attempt.id == attempt_id))
    if call_id is not None:
        session.execute(select(Call.id).where(Call.id == call_id).with_for_update())
    return session.get_one(Attempt, attempt_id, with_for_update=True, populate_existing=True)


def end_prepared_call(session: Session, attempt: Attempt, status: CallStatus, now: datetime) -> None:
    """The call that was stored for the dial never came about; one that rings after all is told to hang up."""
    if attempt.call_id is not None:
        never = update(Call).where(Call.id == attempt.call_id, Call.sid.is_(None))
        session.execute(never.values(status=status.value, outcome=status.value, ended_at=now))


def release(session: Session, attempt: Attempt, why: str, *, now: datetime, reopen: bool = True) -> bool:
    """Give an attempt back that never left the house; False when it is on its way already.

    `reopen` False leaves the case to the caller.
    """
    if not move(attempt, "release"):
        return False
    attempt.ended_at, attempt.error, attempt.lease_until = now, why, None
    end_prepared_call(session, attempt, CallStatus.CANCELED, now)
    if reopen:
        open_again(session, attempt, now)
    return True


def end_unplaced(session: Session, attempt: Attempt, why: str, *, now: datetime, invalid: bool = False) -> bool:
    """End an attempt that the provider refused or never knew; False when it is over already.

    An invalid number closes its case; otherwise the case is due again, and no try is counted.
    """
    if not move(attempt, "end"):
        return False
    attempt.ended_at, attempt.error, attempt.lease_until = now, why, None
    outcome = CarrierOutcome.INVALID_NUMBER if invalid else CarrierOutcome.PROVIDER_ERROR
    attempt.carrier_outcome = outcome
    end_prepared_call(session, attempt, CallStatus.FAILED, now)
    case = session.get_one(Case, attempt.case_id, with_for_update=True)
    if invalid:
        case.flagged = True
        close(session, case, CloseReason.INVALID_NUMBER, now=now, note="The number does not exist.")
    else:
        open_again(session, attempt, now)
    attempt_ended(session, attempt, case, heard=False, replied=False, now=now)
    return True


def open_again(session: Session, attempt: Attempt, now: datetime) -> None:
    """Let the case be claimed again after a rest; one that was to be closed meanwhile is closed."""
    case = session.get_one(Case, attempt.case_id, with_for_update=True)
    if case.state != CaseState.CALLING:
        return
    if case.reason:
        close(session, case, CloseReason(case.reason), now=now)
        return
    case.state, case.due_at = CaseState.OPEN, now + wait_after(session, attempt)


def is_over(attempt: Attempt) -> bool:
    """Whether nothing more happens to the attempt."""
    return attempt.state in (AttemptState.ENDED, AttemptState.RELEASED)
