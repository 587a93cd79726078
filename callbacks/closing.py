"""How a case ends, always with a reason; and what becomes of those that ride along with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from callbacks.case import Case, CaseKind, CaseState, CloseReason
from callbacks.merging import promote, riders_of
from callbacks.purposes import ALL_PURPOSES
from storage.database import connection_of
from work.happenings import TELL

OF_THE_CALL = frozenset(
    {
        CloseReason.GOAL_MET,
        CloseReason.DONE,
        CloseReason.HANDED_OVER,
        CloseReason.OPTED_OUT,
        CloseReason.WRONG_PERSON,
        CloseReason.INVALID_NUMBER,
        CloseReason.TRIES_USED,
    }
)
"""Reasons that lie in the calls to the phone: they hold for everything that rode along. Others are the case's own."""

_SAID = OF_THE_CALL - {CloseReason.TRIES_USED}
"""What came of a call; it is stronger than a cancellation that came in meanwhile."""

_ACTIVE = (CaseState.STAGED, CaseState.OPEN, CaseState.CALLING, CaseState.MERGED)


def close(
    session: Session,
    case: Case,
    reason: CloseReason,
    *,
    now: datetime,
    note: str = "",
    outcome: str = "",
    began_at: datetime | None = None,
    held: bool = False,
) -> bool:
    """End a case and tell "case.closed"; False when it was closed before, then nothing changes.

    What rode along ends alike when the reason lies in the call, and goes on by itself when it lies in the case. Riders
    that were made after `began_at` (when the conversation began) were not told and go on too. `held` says that this
    transaction has loaded the case with its row locked.
    """
    if not held:
        session.flush()
        session.refresh(case, with_for_update=True)
    if case.state == CaseState.CLOSED:
        return False
    if case.reason and reason not in _SAID:
        reason, note = CloseReason(case.reason), case.note or note
    riders = riders_of(session, case)
    alike = [r for r in riders if reason in OF_THE_CALL and (began_at is None or r.created_at <= began_at)]
    shut(session, [case, *alike], reason, now=now, note=note, outcome=outcome)
    promote(session, [rider for rider in riders if rider not in alike], case)
    return True


def mark(case: Case, reason: CloseReason, *, now: datetime, note: str) -> None:
    """Let nothing follow the live call of a case: unless this call reaches something, `reason` closes it.

    Its time is over as well, so that a dial that is claimed and not yet asked for is refused by the gate.
    """
    over = now - timedelta(seconds=1)
    case.reason, case.note = reason, note
    case.not_after = min(case.not_after, over) if case.not_after else over


def cancel(
    session: Session, *, reference: str, now: datetime, by: str, kind: str = "", campaign_id: int | None = None
) -> int:
    """End every case about `reference`, because `kind` happened ("parcel.picked_up") or `by` says so; gives how many.

    A case whose phone is ringing ends with its call. Limited to one campaign when `campaign_id` is given.
    """
    if not reference:
        return 0
    found = [Case.reference == reference]
    if campaign_id is not None:
        found.append(Case.campaign_id == campaign_id)
    return end_all(session, found, CloseReason.CANCELLED, now=now, note=kind or f"Cancelled by {by}.")


def refuse(session: Session, *, number: str, purpose: str, now: datetime, reason: CloseReason) -> int:
    """End every case of a number for a purpose ("all" for any), since its owner said so; gives how many."""
    found = [Case.number == number, Case.kind == CaseKind.NORMAL]
    if purpose != ALL_PURPOSES:
        found.append(Case.purpose == purpose)
    return end_all(session, found, reason, now=now, note="")


def expire(session: Session, now: datetime, *, limit: int = 500) -> int:
    """End the waiting cases whose time is over, a bounded number at once; gives how many."""
    query = (
        select(Case)
        .where(Case.state.in_((CaseState.OPEN, CaseState.MERGED)), Case.not_after.is_not(None), Case.not_after < now)
        .order_by(Case.not_after)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    session.flush()
    return sum(close(session, case, CloseReason.EXPIRED, now=now) for case in session.scalars(query).all())


def end_all(
    session: Session,
    found: Iterable[ColumnElement[bool]],
    reason: CloseReason,
    *,
    now: datetime,
    note: str,
    limit: int | None = None,
) -> int:
    """End the cases that `found` describes, live ones with their call; gives how many ended or will end."""
    query = select(Case).where(*found, Case.state.in_(_ACTIVE), Case.reason == "").order_by(Case.id).limit(limit)
    session.flush()
    cases = session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    ending = [case for case in cases if case.state != CaseState.CALLING]
    for case in cases:
        if case.state == CaseState.CALLING:
            mark(case, reason, now=now, note=note)
    let_riders_go(session, ending)
    shut(session, ending, reason, now=now, note=note)
    return len(cases)


def let_riders_go(session: Session, ending: Sequence[Case]) -> None:
    """Let what rides along with cases that end, and does not end itself, go on by itself."""
    leads = {case.id: case for case in ending}
    query = select(Case).where(Case.merged_into_id.in_(leads), Case.state == CaseState.MERGED).order_by(Case.id)
    behind: dict[int, list[Case]] = {}
    for rider in session.scalars(query.with_for_update().execution_options(populate_existing=True)):
        if rider.id not in leads and rider.merged_into_id is not None:
            behind.setdefault(rider.merged_into_id, []).append(rider)
    for lead_id, riders in behind.items():
        promote(session, riders, leads[lead_id])


def shut(
    session: Session, cases: Sequence[Case], reason: CloseReason, *, now: datetime, note: str = "", outcome: str = ""
) -> None:
    """Write the end of locked cases, and tell it."""
    for case in cases:
        case.state, case.reason, case.closed_at = CaseState.CLOSED, reason, now
        case.note = note or case.note
        case.outcome = outcome or case.outcome
        case.flagged = case.flagged or reason in (CloseReason.WRONG_PERSON, CloseReason.INVALID_NUMBER)
    told = [
        {"kind": "case.closed", "reference": case.reference, "payload": facts_of(case), "at": now}
        for case in cases
        if case.kind == CaseKind.NORMAL
    ]
    session.flush()
    if told:
        connection_of(session).execute(TELL, told)


def facts_of(case: Case) -> dict[str, Any]:
    """A case as other programs hear of it."""
    return {
        "case_id": case.id,
        "key": case.key,
        "campaign_id": case.campaign_id,
        "purpose": str(case.purpose),
        "reference": case.reference,
        "number": case.number,
        "name": case.name,
        "state": str(case.state),
        "reason": str(case.reason),
        "outcome": case.outcome,
        "note": case.note,
        "tries": case.tries,
        "merged_into_id": case.merged_into_id,
        "ticket_id": case.ticket_id,
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
    }
