"""Insert rows unless any of their unique values is taken, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.database import Base, connection_of


def insert_unless_there(
    session: Session,
    model: type[Base],
    give: Sequence[InstrumentedAttribute[Any]],
    rows: Sequence[dict[str, Any]],
) -> Sequence[Row[Any]]:
    """Insert rows at once, and give columns of those that were made, in any order."""
    session.flush()
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    made = insert(model).on_conflict_do_nothing().returning(*give)
    return connection_of(session).execute(made, list(rows)).all()
