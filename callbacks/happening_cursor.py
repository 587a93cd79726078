"""Reading what happened, each thing once and none left out, also while transactions commit out of order."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from work.happenings import Cursor, Happening

SETTLES_AFTER = timedelta(seconds=1)
"""How old a happening is before one behind a gap is given: a number may be drawn a moment before its transaction has
an id, and only transactions with an id are seen to run."""

_WRAP = 2**31
_OWN = text("SELECT pg_current_xact_id()::text::bigint")
_OLDEST_RUNNING = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def unread(session: Session, reader: str, now: datetime, *, limit: int = 500) -> list[Happening]:
    """What a reader has not dealt with, in order. Its cursor is held, so that two workers never read the same.

    Say `mark_read` in the same transaction. A missing id is either lost for ever (its transaction was rolled back) or
    yet to come: nothing behind it is given until every transaction has ended that ran when it was first missed.
    SQLite has one writer, whose ids are in order.
    """
    cursor = hold_cursor(session, reader)
    query = select(Happening).where(Happening.id > cursor.last_id).order_by(Happening.id).limit(limit)
    rows = list(session.scalars(query))
    if session.get_bind().dialect.name == "sqlite":
        return rows
    given: list[Happening] = []
    at = cursor.last_id
    for row in rows:
        if row.id != at + 1 and not (row.at <= now - SETTLES_AFTER and _is_lost(session, reader, row.id)):
            break
        given.append(row)
        at = row.id
    return given


def mark_read(session: Session, reader: str, last_id: int) -> None:
    """Say that everything up to this id is dealt with."""
    session.get_one(Cursor, reader).last_id = last_id
    session.flush()


def _is_lost(session: Session, reader: str, before: int) -> bool:
    """Whether the ids missing before this one will never come; if that is not known yet, it is looked at from now on.

    Two more cursors keep what was seen: up to which id gaps were looked at, and a transaction that began after that
    look. Who drew a missing number is older than it, so that nothing is missing any more once all older ones ended.
    """
    looked_at = hold_cursor(session, f"{reader}:gaps")
    younger = hold_cursor(session, f"{reader}:gaps_since")
    if before > looked_at.last_id:
        looked_at.last_id = session.scalar(select(func.max(Happening.id))) or before
        younger.last_id = 0
    elif not younger.last_id:
        younger.last_id = session.execute(_OWN).scalar_one() % _WRAP or 1
    else:
        oldest: int = session.execute(_OLDEST_RUNNING).scalar_one()
        return (oldest - younger.last_id) % _WRAP < _WRAP // 2
    session.flush()
    return False


def hold_cursor(session: Session, reader: str) -> Cursor:
    """The cursor of a reader, made when it is new, held until the transaction ends."""
    cursor = session.get(Cursor, reader, with_for_update=True, populate_existing=True)
    if cursor is None:
        dialect_insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        session.execute(dialect_insert(Cursor).values(reader=reader, last_id=0).on_conflict_do_nothing())
        cursor = session.get_one(Cursor, reader, with_for_update=True, populate_existing=True)
    return cursor
