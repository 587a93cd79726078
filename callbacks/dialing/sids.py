"""The provider's name for a call, tied to the attempt that asked for it."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, update
from sqlalchemy.orm import Session

from callbacks.attempt import ATTEMPTS, Attempt, AttemptState
from callbacks.dialing.machine import move
from ivr.store import CALLS
from storage.database import connection_of

_CALL_HAS_SID = (
    update(CALLS).where(CALLS.c.id == bindparam("call"), CALLS.c.sid.is_(None)).values(sid=bindparam("call_sid"))
)
_PLACED = (
    update(ATTEMPTS)
    .where(
        ATTEMPTS.c.id == bindparam("attempt"),
        ATTEMPTS.c.sid.is_(None),
        or_(ATTEMPTS.c.state == AttemptState.DIALING, ATTEMPTS.c.state == AttemptState.UNKNOWN),
    )
    .values(state=AttemptState.PLACED.value, sid=bindparam("call_sid"))
    .returning(ATTEMPTS.c.id)
)
"""The step "place" of the machine in one statement: the usual case, fifty times a second."""


def take_sid(session: Session, attempt_id: int, call_id: int | None, call_sid: str) -> bool:
    """Tie a call of the provider to its attempt; False when the attempt was over before it had a call."""
    if call_id is not None:
        # The call's row first, as every webhook does, so that no two transactions wait for each other.
        connection_of(session).execute(_CALL_HAS_SID, {"call": call_id, "call_sid": call_sid})
    placed = {"attempt": attempt_id, "call_sid": call_sid}
    if connection_of(session).execute(_PLACED, placed).first() is not None:
        return True
    attempt = session.get_one(Attempt, attempt_id, with_for_update=True, populate_existing=True)
    if attempt.sid is None and attempt.state in (AttemptState.ENDED, AttemptState.RELEASED):
        return False
    attempt.sid = attempt.sid or call_sid
    move(attempt, "place")
    return True
