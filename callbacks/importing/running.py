"""The dry run, the import and their progress. A crash at any point leaves nothing imported.

Rows are written as STAGED cases, a thousand in each transaction, so that calls in progress never wait for a list: one
transaction over 100,000 rows would hold the only write lock of SQLite for many seconds. Staged cases are no cases for
anybody else; the last transaction opens all of them at once, or none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from callbacks.audience import AudienceImport, ImportState
from callbacks.campaign import Campaign
from callbacks.campaign_machine import lock, log
from callbacks.case import Case, CaseState
from callbacks.cases import takes_cases
from callbacks.consents import Consent
from callbacks.errors import CampaignError, ImportFileError, ImportStepError
from callbacks.importing.passing import Chunk, Pass, errors_of, prepare_pass, run_pass
from callbacks.known_people import people_of
from callbacks.merging import merge_open
from callbacks.new_case import CASE_TABLE, row_of
from storage.database import Database
from work.jobs import ask

Clock = Callable[[], datetime]

_DELETED_AT_ONCE = 2_000
_MERGED_AT_ONCE = 500


def dry_run(session: Session, made: AudienceImport, *, now: datetime) -> AudienceImport:
    """Ask for a check of every row, with counts and an error file; nothing is imported by it."""
    _begin(made, ImportState.CHECKING)
    key = f"check_list:{made.id}:{now.isoformat()}"
    ask(session, "check_list", key=key, payload={"import_id": made.id}, now=now, max_tries=3)
    return made


def run_import(session: Session, made: AudienceImport, *, now: datetime) -> AudienceImport:
    """Ask for the import itself."""
    takes_cases(session.get_one(Campaign, made.campaign_id))
    _begin(made, ImportState.IMPORTING)
    key = f"import_list:{made.id}:{now.isoformat()}"
    ask(session, "import_list", key=key, payload={"import_id": made.id}, now=now, max_tries=3)
    return made


def check_list(db: Database, import_id: int, data_dir: Path, clock: Clock) -> None:
    """Do the dry run. A list that cannot be read fails with its sentence."""
    if not _is(db, import_id, ImportState.CHECKING):
        return
    try:
        task = prepare_pass(db, import_id, data_dir)
        chunk = None
        for chunk in run_pass(db, task, now=clock()):
            _progress(db, import_id, chunk)
    except ImportFileError as error:
        fail(db, import_id, str(error), data_dir, clock())
        return
    if chunk is not None:
        with db.write() as session:
            made = session.get_one(AudienceImport, import_id, with_for_update=True)
            _note_errors(made, data_dir)
            made.total_rows, made.state = chunk.done_rows, ImportState.CHECKED


def import_list(db: Database, import_id: int, data_dir: Path, clock: Clock) -> None:
    """Do the import. Run again after a crash it begins anew; what the crash left is removed first."""
    if not _is(db, import_id, ImportState.IMPORTING):
        return
    clear_staged(db, import_id)
    try:
        task = prepare_pass(db, import_id, data_dir)
        chunk, waited_for = None, set[str]()
        for chunk in run_pass(db, task, now=clock()):
            waited_for |= _stage(db, task, chunk, clock())
        if chunk is None or not chunk.counts["accepted"]:
            raise ImportFileError("No row of the list can be called; the error file says why.")  # noqa: TRY301
        _open_all(db, task, chunk, waited_for, data_dir, clock())
    except (ImportFileError, CampaignError) as error:
        clear_staged(db, import_id, for_good=True)
        fail(db, import_id, str(error), data_dir, clock())


def fail(db: Database, import_id: int, sentence: str, data_dir: Path, now: datetime) -> None:
    """Say why nothing was imported; the error file stays."""
    with db.write() as session:
        made = session.get_one(AudienceImport, import_id, with_for_update=True)
        _note_errors(made, data_dir)
        made.state, made.error, made.finished_at = ImportState.FAILED, sentence[:2_000], now


def clear_staged(db: Database, import_id: int, *, for_good: bool = False) -> int:
    """Remove what a broken import has written; gives the number of cases.

    A staged case that was cancelled meanwhile stays closed for the next try, and goes too when there is none.
    """
    removed = 0
    while True:
        with db.write() as session:
            some = select(Case.id).where(Case.import_id == import_id)
            if not for_good:
                some = some.where(Case.state == CaseState.STAGED)
            gone = session.execute(
                delete(Case).where(Case.id.in_(some.limit(_DELETED_AT_ONCE).scalar_subquery())).returning(Case.id)
            ).all()
            if not gone:
                forget_consents(session, import_id)
                return removed
            removed += len(gone)


def forget_consents(session: Session, import_id: int) -> None:
    """Remove the consents that a list brought along."""
    mine = (Consent.source == "import", Consent.evidence.like(f"{_evidence(import_id)},%"))
    session.execute(delete(Consent).where(*mine).execution_options(synchronize_session=False))


def _stage(db: Database, task: Pass, chunk: Chunk, now: datetime) -> set[str]:
    """Write some rows; gives those of their numbers that a case waits for already."""
    wishes = [checked.new for checked in chunk.accepted if checked.new is not None]
    with db.write() as session:
        campaign = session.get_one(Campaign, task.campaign_id)
        people = people_of(session, [new.number for new in wishes])
        rows = [row_of(campaign, new, now, state=CaseState.STAGED) for new in wishes]
        for row in rows:
            row["person_id"] = people.get(row["number"])
        if rows:
            session.execute(insert(CASE_TABLE), rows)
        consents = [
            {
                "number": checked.new.number,
                "purpose": task.purpose,
                "kind": checked.consent,
                "source": "import",
                "evidence": f"{_evidence(task.import_id)}, row {checked.row.n}",
                "given_at": now,
                "demo": campaign.demo,
            }
            for checked in chunk.accepted
            if checked.consent is not None and checked.new is not None
        ]
        if consents:
            session.execute(insert(Consent), consents)
        _put_progress(session, task.import_id, chunk)
        numbers = {new.number for new in wishes}
        waiting = select(Case.number).where(Case.number.in_(numbers), Case.state == CaseState.OPEN)
        return set(session.scalars(waiting))


def _open_all(db: Database, task: Pass, chunk: Chunk, waited_for: set[str], data_dir: Path, now: datetime) -> None:
    """The one moment at which the import happens."""
    with db.write() as session:
        made = session.get_one(AudienceImport, task.import_id, with_for_update=True)
        campaign = lock(session, session.get_one(Campaign, task.campaign_id))
        takes_cases(campaign)
        staged = (Case.import_id == made.id, Case.state == CaseState.STAGED)
        session.execute(
            update(Case)
            .where(*staged)
            .values(state=CaseState.OPEN, purpose=campaign.purpose)
            .execution_options(synchronize_session=False)
        )
        crowded = sorted(waited_for | _twice(session, made.id))
        for at in range(0, len(crowded), _MERGED_AT_ONCE):
            merge_open(session, campaign, crowded[at : at + _MERGED_AT_ONCE], now)
        _note_errors(made, data_dir)
        made.total_rows = made.done_rows = chunk.done_rows
        made.counts, made.state, made.finished_at = chunk.counts, ImportState.DONE, now
        details = {"import": made.id, "file": made.file_name, **chunk.counts}
        log(session, campaign, "import", by=made.created_by, now=now, details=details)
        ask(session, "link_people", key=f"link_people:{made.id}", payload={"import_id": made.id}, now=now)


def _twice(session: Session, import_id: int) -> set[str]:
    """Numbers that stand more than once in the list, with different references."""
    query = select(Case.number).where(Case.import_id == import_id, Case.state == CaseState.OPEN)
    return set(session.scalars(query.group_by(Case.number).having(func.count() > 1)))


def _begin(made: AudienceImport, state: ImportState) -> None:
    if made.state not in (ImportState.UPLOADED, ImportState.CHECKED):
        raise ImportStepError(f"This is not possible now: the import is {made.state}.")
    if "number" not in made.mapping.values():
        raise ImportStepError("Say which column holds the telephone number.")
    made.state, made.done_rows, made.error, made.counts = state, 0, "", {}


def _is(db: Database, import_id: int, state: ImportState) -> bool:
    with db.read() as session:
        made = session.get(AudienceImport, import_id)
        return made is not None and made.state == state


def _progress(db: Database, import_id: int, chunk: Chunk) -> None:
    with db.write() as session:
        _put_progress(session, import_id, chunk)


def _put_progress(session: Session, import_id: int, chunk: Chunk) -> None:
    total = case(
        (func.coalesce(AudienceImport.total_rows, 0) < chunk.done_rows, chunk.done_rows),
        else_=AudienceImport.total_rows,
    )
    session.execute(
        update(AudienceImport)
        .where(AudienceImport.id == import_id)
        .values(done_rows=chunk.done_rows, counts=chunk.counts, total_rows=total)
        .execution_options(synchronize_session=False)
    )


def _note_errors(made: AudienceImport, data_dir: Path) -> None:
    path = errors_of(data_dir / made.path)
    made.errors_path = path.relative_to(data_dir).as_posix() if path.exists() else ""


def _evidence(import_id: int) -> str:
    return f"List {import_id}"
