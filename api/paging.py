"""Pages of a list by id, the newest first: nothing is shown twice or left out while rows are added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from api.errors import MissingError
from api.operations import Listed
from api.schemas.base import LARGEST_ID, Paged
from storage.database import Base

Row = TypeVar("Row", bound=Base)


def page(s: Session, rows: Select[Row], key: ColumnElement[int], wanted: Paged, show: Callable[[Row], Any]) -> Listed:
    """The rows of a query before `wanted.after`, the newest first, at most `wanted.limit`."""
    if wanted.after is not None:
        rows = rows.where(key < wanted.after)
    found = s.scalars(rows.order_by(key.desc()).limit(wanted.limit + 1)).all()
    shown = found[: wanted.limit]
    more = len(found) > wanted.limit
    return Listed(items=[show(row) for row in shown], after=getattr(shown[-1], "id") if more else None)  # noqa: B009


def find(s: Session, model: type[Row], row_id: int, noun: str, *, lock: bool = False) -> Row:
    """The row of this id. Raises MissingError; an id beyond the column's range is nothing's id."""
    row = s.get(model, row_id, with_for_update=lock or None) if row_id <= LARGEST_ID else None
    if row is None:
        raise MissingError(f"There is no {noun} {row_id}.")
    return row
