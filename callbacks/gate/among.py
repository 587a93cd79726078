"""A column among many values, given to the database as one array: one statement, however many they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute


def among(dialect: str, column: InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """The condition that `column`, of texts or whole numbers, is one of the values of parameter `name`."""
    if dialect == "sqlite":
        each = func.json_each(bindparam(name, type_=String)).table_valued("value")
        return column.in_(select(each.c.value))
    kind = Integer() if isinstance(column.type, Integer) else String()
    return column == any_(bindparam(name, type_=ARRAY(kind)))


def listed(dialect: str, values: Iterable[str] | Iterable[int]) -> Any:
    """The value of such a parameter."""
    return json.dumps(list(values)) if dialect == "sqlite" else list(values)
