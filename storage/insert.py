"""Insert a row unless its unique value is there already: the same statement on both databases."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from storage.database import Base

Model = TypeVar("Model", bound=Base)


def insert_once(session: Session, model: type[Model], *, unique: str, **values: Any) -> Model | None:
    """Insert a row of `model` and give it, or None when a row with the same value in column `unique` exists.

    Waits for a concurrent transaction that is inserting the same value. Column defaults that are Python values apply.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(model).values(**values).on_conflict_do_nothing(index_elements=[unique])
    return session.scalar(statement.returning(model))
