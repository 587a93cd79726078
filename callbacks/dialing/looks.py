"""Looks at the provider: what became of a dial that got no answer, and of a call that nothing is heard of."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from callbacks.attempt import Attempt, AttemptState
from callbacks.dialing.deps import DialDeps
from callbacks.dialing.following import follow
from callbacks.dialing.machine import is_live
from callbacks.dialing.releasing import end_unplaced, hold
from callbacks.dialing.sids import take_sid
from ivr.calls import Call
from ivr.notices import apply_status
from ivr.scope import CallScope
from ivr.session import Session
from ivr.store import lock_by_sid, save_call
from telephony.calls import CallEvent, CallStatus, Direction
from telephony.provider import PlacedCall, ProviderError

log = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(seconds=60)
"""A request that reached the provider shows in its list long before this; ours has been given up by then as well."""

FORGOTTEN_AFTER = timedelta(minutes=10)
"""A call that the provider knows nothing of any more, so long after its dial, is over."""


def look_for(deps: DialDeps, attempt_id: int, *, looked_before: bool) -> bool:
    """Look for the call of an unknown attempt; True when it is known now what became of it."""
    with deps.db.read() as session:
        attempt = session.get(Attempt, attempt_id)
        if attempt is None or attempt.state != AttemptState.UNKNOWN or attempt.dialled_at is None:
            return False
    try:
        listed = list(deps.provider.list_calls(to=attempt.number, since=attempt.dialled_at - deps.skew))
    except ProviderError as error:
        log.warning("Attempt %d: the provider could not be asked what became of it: %s", attempt_id, error)
        return False
    with deps.db.write() as session:
        found = _unclaimed(session, attempt, listed)
        if found is not None:
            if attempt.call_id is not None and lock_by_sid(session, found.call_sid) is None:
                take_sid(session, attempt_id, attempt.call_id, found.call_sid)
        elif looked_before and deps.clock.read(session) >= attempt.dialled_at + GIVE_UP_AFTER:
            mine = hold(session, attempt_id)
            why = "The provider never had the call."
            return mine.state == AttemptState.UNKNOWN and end_unplaced(session, mine, why, now=deps.clock.read(session))
    if found is None:
        return False
    apply(deps, attempt_id, found)
    return True


def _unclaimed(session: DbSession, attempt: Attempt, listed: list[PlacedCall]) -> PlacedCall | None:
    """The earliest of the listed calls from our number that belongs to nobody."""
    fitting = [call for call in reversed(listed) if call.from_number == attempt.caller_number]
    sids = [call.call_sid for call in fitting]
    taken = set(session.scalars(select(Call.sid).where(Call.sid.in_(sids), Call.id != attempt.call_id)))
    taken |= set(session.scalars(select(Attempt.sid).where(Attempt.sid.in_(sids), Attempt.id != attempt.id)))
    return next((call for call in fitting if call.call_sid not in taken), None)


def ask_after(deps: DialDeps, attempt_id: int) -> bool:
    """Ask for the state of a placed call of which nothing was heard for long; True when there was news."""
    with deps.db.read() as session:
        attempt = session.get(Attempt, attempt_id)
        if attempt is None or attempt.sid is None or attempt.dialled_at is None or not is_live(attempt):
            return False
    try:
        placed = deps.provider.fetch_call(attempt.sid)
    except ProviderError as error:
        if error.retryable or deps.clock.now() - attempt.dialled_at < FORGOTTEN_AFTER:
            log.warning("Attempt %d: the provider could not be asked for its state: %s", attempt_id, error)
            return False
        placed = _forgotten(attempt, attempt.sid)
    return apply(deps, attempt_id, placed)


def _forgotten(attempt: Attempt, sid: str) -> PlacedCall:
    status = CallStatus.FAILED if attempt.answered_at is None else CallStatus.COMPLETED
    return PlacedCall(
        call_sid=sid, status=status, from_number=attempt.caller_number, to_number=attempt.number, created_at=None
    )


def apply(deps: DialDeps, attempt_id: int, placed: PlacedCall) -> bool:
    """Take a call's state in, as if the provider had told it; True when the attempt moved."""
    with deps.db.write() as session:
        call = lock_by_sid(session, placed.call_sid)
        if call is None:
            return False
        before = session.get_one(Attempt, attempt_id).state
        now = deps.calls.clock()
        apply_status(deps.calls, session, call, _event_of(placed), now)
        catch_up(session, placed.call_sid, now)
        session.flush()
        return session.get_one(Attempt, attempt_id, populate_existing=True).state != before


def catch_up(session: DbSession, call_sid: str, now: datetime) -> None:
    """Let the attempt follow its call's row as it stands, whether or not anybody was told of the last change."""
    call = lock_by_sid(session, call_sid)
    if call is None:
        return
    scope = CallScope(db=session, call=call, talk=Session.from_json(call.state), now=now)
    follow(scope)
    save_call(session, call.id, scope.columns)


def _event_of(placed: PlacedCall) -> CallEvent:
    return CallEvent(
        call_sid=placed.call_sid,
        from_number=placed.from_number,
        to_number=placed.to_number,
        status=placed.status,
        direction=Direction.OUTBOUND,
        occurred_at=placed.ended_at,
        duration_s=placed.duration_s,
    )
