"""Insert a row unless its unique value is there already: the same statement on both databases."""

from __future__ import annotations

from functools import lru_cache
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
    return session.scalar(_statement(session.get_bind().dialect.name, model, unique), values)


@lru_cache(maxsize=200)
def _statement(dialect: str, model: type[Model], unique: str) -> Any:
    """Built once: building it, and finding it again among the compiled ones, costs more than running it."""
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    return insert(model).on_conflict_do_nothing(index_elements=[unique]).returning(model)
