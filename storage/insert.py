"""Insert a row unless its unique value is there already: the same statement on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from storage.database import Base


def insert_once(session: Session, model: type[Base], *, unique: str, **values: Any) -> int | None:
    """Insert a row of `model`; its id, or None when a row with the same value in column `unique` exists.

    Waits for a concurrent transaction that is inserting the same value. Column defaults that are Python values apply.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(model).values(**values).on_conflict_do_nothing(index_elements=[unique])
    identity = model.__table__.c.id
    made: int | None = session.scalar(statement.returning(identity))
    return made
