"""An import is taken back: who was not called yet is gone, who was called is called no more and stays on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt
from callbacks.audience import AudienceImport, ImportState
from callbacks.campaign import Campaign
from callbacks.campaign_machine import log
from callbacks.case import Case, CaseState, CloseReason
from callbacks.closing import end_all, let_riders_go
from callbacks.errors import ImportStepError
from callbacks.importing.running import forget_consents
from callbacks.wishes import CallbackWish
from ivr.calls import Call
from storage.database import Database
from tickets.people import Person
from tickets.ticket import Ticket
from work.jobs import ask

_AT_ONCE = 1_000


def undo(session: Session, made: AudienceImport, *, by: str, now: datetime) -> AudienceImport:
    """Ask for an import to be taken back. Raises ImportStepError when it is not done."""
    if made.state != ImportState.DONE:
        raise ImportStepError(f"Only an import that is done can be undone; this one is {made.state}.")
    campaign = session.get_one(Campaign, made.campaign_id)
    log(session, campaign, "undo", by=by, now=now, details={"import": made.id, "file": made.file_name})
    ask(session, "undo_list", key=f"undo_list:{made.id}", payload={"import_id": made.id}, now=now)
    return made


def undo_list(db: Database, import_id: int, clock: Callable[[], datetime]) -> None:
    """Take an import back, a thousand cases at a time; run again after a crash it goes on."""
    removed = 0
    while some := _remove(db, import_id, clock()):
        removed += some
    while _end(db, import_id, clock()):
        pass
    with db.write() as session:
        made = session.get_one(AudienceImport, import_id, with_for_update=True)
        if made.state != ImportState.DONE:
            return
        kept = session.scalar(select(func.count()).select_from(Case).where(Case.import_id == import_id)) or 0
        forget_consents(session, import_id)
        accepted = made.counts.get("accepted", removed)
        made.counts = {**made.counts, "removed": max(removed, accepted - kept), "kept": kept}
        made.state, made.finished_at = ImportState.UNDONE, clock()


def _remove(db: Database, import_id: int, now: datetime) -> int:
    """Delete cases that nobody was called about."""
    with db.write() as session:
        query = (
            select(Case)
            .where(
                Case.import_id == import_id,
                Case.state.in_((CaseState.OPEN, CaseState.MERGED)),
                Case.tries == 0,
                ~exists().where(Attempt.case_id == Case.id),
            )
            .order_by(Case.id)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        cases = session.scalars(query).all()
        if not cases:
            return 0
        let_riders_go(session, cases)
        people = [case.person_id for case in cases if case.person_id is not None]
        ids = [case.id for case in cases]
        since = session.get_one(AudienceImport, import_id).created_at
        session.execute(delete(Case).where(Case.id.in_(ids)).execution_options(synchronize_session=False))
        _forget_people(session, people, since)
        session.expunge_all()
        return len(ids)


def _end(db: Database, import_id: int, now: datetime) -> int:
    """End the cases that somebody was called about already."""
    with db.write() as session:
        note = "The list was taken back after a call about it."
        return end_all(session, [Case.import_id == import_id], CloseReason.UNDONE, now=now, note=note, limit=_AT_ONCE)


def _forget_people(session: Session, ids: list[int], since: datetime) -> None:
    """Remove people whom nothing but this list has brought here."""
    known = [
        exists().where(table.person_id == Person.id).correlate(Person) for table in (Case, Call, Ticket, CallbackWish)
    ]
    query = delete(Person).where(Person.id.in_(ids), Person.created_at >= since, *(~one for one in known))
    session.execute(query.execution_options(synchronize_session=False))
