"""Commits that survive a power cut, since what makes a phone ring must not be forgotten, and those that need not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.database import Database, connection_of

_DURABLE = text("SET LOCAL synchronous_commit = on")
_HASTY = text("SET LOCAL synchronous_commit = off")


@contextmanager
def hasty_write(db: Database) -> Iterator[Session]:
    """As `db.write`, but PostgreSQL does not wait for the disk: for slots and claims, whose rows many wait for.

    A power cut may take the last of them back, before anybody was asked for a call: the log is written in order, so
    the intent that is synced later takes along everything it rests on.
    """
    with db.write() as session:
        if not db.is_sqlite:
            connection_of(session).execute(_HASTY)
        yield session


@contextmanager
def durable_write(db: Database) -> Iterator[Session]:
    """As `db.write`, but synced to disk when the block has ended.

    SQLite takes the setting only between transactions, so the one that has just begun is begun again; the connection
    keeps it, which costs later commits on it 0.2 ms. PostgreSQL takes it for one transaction.
    """
    with db.write() as session:
        connection = connection_of(session)
        if db.is_sqlite:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA synchronous=FULL")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(_DURABLE)
        yield session
