"""DDL that models cannot say: full-text tables, triggers, expression indexes; per kind of database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import DDL, Table, event

Statements = Mapping[str, Sequence[str]]
"""Statements by dialect name ("sqlite", "postgresql")."""


def attach(table: Table, *, create: Statements, drop: Statements) -> None:
    """Run `create` after the table is made and `drop` before it goes; migrations that make the table do the same."""
    table.info["ddl"] = {"create": create, "drop": drop}
    for moment, statements in (("after_create", create), ("before_drop", drop)):
        for dialect, lines in statements.items():
            for line in lines:
                statement = DDL(line.replace("%", "%%"))  # type: ignore[no-untyped-call]
                event.listen(table, moment, statement.execute_if(dialect=dialect))
