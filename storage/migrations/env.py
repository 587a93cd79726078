"""Alembic's environment: the connection and the metadata come from the house, not from a file."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import AddConstraint, DropConstraint

from storage.database import Base
from storage.ddl import Statements
from storage.migrate import include_name
from storage.types import Json, UtcDateTime


class DialectDdlOp(ops.MigrateOperation):
    """Statements for one kind of database each."""

    def __init__(self, statements: Statements) -> None:
        self.statements = statements


@renderers.dispatch_for(DialectDdlOp)
def _render_dialect_ddl(_autogen: AutogenContext, operation: DialectDdlOp) -> list[str]:
    lines = []
    for dialect, statements in operation.statements.items():
        if not statements:
            continue
        body = "".join(f"\n    op.execute({statement!r})" for statement in statements)
        lines.append(f"if op.get_bind().dialect.name == {dialect!r}:{body}")
    return lines


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types by their names in `storage.types`."""
    if kind == "type" and (isinstance(item, UtcDateTime) or item is Json):
        autogen.imports.add("from storage.types import Json, UtcDateTime")
        return "UtcDateTime()" if isinstance(item, UtcDateTime) else "Json"
    return False


def add_table_ddl(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Let a migration that makes a table also run the DDL that `storage.ddl` attached to it, and close its circles."""
    for script in directives:
        for made in [o for o in script.upgrade_ops.ops if isinstance(o, ops.CreateTableOp)]:
            table = Base.metadata.tables[made.table_name]
            if ddl := table.info.get("ddl"):
                script.upgrade_ops.ops.append(DialectDdlOp(ddl["create"]))
                script.downgrade_ops.ops.insert(0, DialectDdlOp(ddl["drop"]))
            for key in [k for k in table.foreign_key_constraints if k.use_alter]:
                script.upgrade_ops.ops.append(DialectDdlOp({"postgresql": [_postgresql(AddConstraint(key))]}))
                script.downgrade_ops.ops.insert(0, DialectDdlOp({"postgresql": [_postgresql(DropConstraint(key))]}))


def _postgresql(statement: AddConstraint | DropConstraint) -> str:
    """A foreign key of a circle between tables: Alembic leaves it out where it cannot stand within CREATE TABLE."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return str(statement.compile(dialect=dialect)).strip()


def run(connection: Connection) -> None:
    """Run within the transaction that the caller of `storage.migrate` opened."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=include_name,
        render_item=render_item,
        process_revision_directives=add_table_ddl,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
