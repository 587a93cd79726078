"""The few statements of a turn, prepared once: one SELECT, one UPDATE, one INSERT.

They are Core statements on the transaction's own connection: loading and flushing mapped objects costs three times as
much, and this is the path every word of every caller takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session as DbSession

from ivr.calls import Call
from ivr.turns import TurnRow
from storage.database import connection_of

CALLS = cast(Table, Call.__table__)
TURNS = cast(Table, TurnRow.__table__)

CallRow = Row[Any]
"""One row of `calls`, all columns as attributes."""

_BY_TOKEN = select(CALLS).where(CALLS.c.token == bindparam("token")).with_for_update()
_BY_SID = select(CALLS).where(CALLS.c.sid == bindparam("sid")).with_for_update()
_BY_ID = select(CALLS).where(CALLS.c.id == bindparam("id"))
_LOCK_BY_ID = _BY_ID.with_for_update()
_READ_BY_TOKEN = select(CALLS).where(CALLS.c.token == bindparam("token"))
_REPLY = select(TURNS.c.reply, TURNS.c.heard).where(
    TURNS.c.call_id == bindparam("call"), TURNS.c.number == bindparam("turn")
)
_VERBS = select(TURNS.c.verbs).where(TURNS.c.call_id == bindparam("call"), TURNS.c.number == bindparam("turn"))
_ADD_TURN = insert(TURNS)
_SAVE = update(CALLS).where(CALLS.c.id == bindparam("call"))


def lock_by_token(db: DbSession, token: str) -> CallRow | None:
    """The call of a token, kept from every other writer until the transaction ends."""
    return connection_of(db).execute(_BY_TOKEN, {"token": token}).first()


def lock_by_sid(db: DbSession, sid: str) -> CallRow | None:
    """The call of a CallSid, kept from every other writer until the transaction ends."""
    return connection_of(db).execute(_BY_SID, {"sid": sid}).first()


def lock_by_id(db: DbSession, call_id: int) -> CallRow | None:
    """The call of an id, kept from every other writer until the transaction ends."""
    return connection_of(db).execute(_LOCK_BY_ID, {"id": call_id}).first()


def read_by_id(db: DbSession, call_id: int) -> CallRow | None:
    """The call of an id, without holding it."""
    return connection_of(db).execute(_BY_ID, {"id": call_id}).first()


def read_by_token(db: DbSession, token: str) -> CallRow | None:
    """The call of a token, without holding it."""
    return connection_of(db).execute(_READ_BY_TOKEN, {"token": token}).first()


def reply_of(db: DbSession, call_id: int, number: int) -> tuple[str, Mapping[str, Any]] | None:
    """The document that turn `number` sent, and what was heard before it."""
    row = connection_of(db).execute(_REPLY, {"call": call_id, "turn": number}).first()
    return None if row is None else (row.reply, row.heard)


def verbs_of(db: DbSession, call_id: int, number: int) -> Mapping[str, Any] | None:
    """What a live stream is to say in turn `number`; None for a turn that was answered with a document."""
    row = connection_of(db).execute(_VERBS, {"call": call_id, "turn": number}).first()
    return None if row is None else row.verbs


def save_call(db: DbSession, call_id: int, columns: Mapping[str, Any]) -> None:
    """Write columns of a call."""
    if columns:
        connection_of(db).execute(_SAVE, {"call": call_id, **columns})


def add_turn(db: DbSession, **columns: Any) -> None:
    """Store a turn. Raises IntegrityError when the call has a turn of that number."""
    connection_of(db).execute(_ADD_TURN, columns)
