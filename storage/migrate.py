"""Bring a database up to date with Alembic, without an alembic.ini: everything is known here.

`python -m storage.migrate revision "message" tickets.ticket work.jobs …` writes the next migration from the models of
the named modules (all of `storage.model_modules` when none is named). A table may bring DDL that models cannot say
in `Table.info["ddl"] = {"sqlite": [...], "postgresql": [...]}`; the migration that creates the table runs it too.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import Base, Database
from storage.model_modules import MODEL_MODULES

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(db: Database, revision: str = "head", *, scripts: Path = SCRIPTS) -> None:
    """Run what is missing up to `revision`, all in one transaction."""
    with db.engine.connect().execution_options(ringback_begin="IMMEDIATE") as connection, connection.begin():
        command.upgrade(_config(connection, scripts), revision)


def downgrade(db: Database, revision: str, *, scripts: Path = SCRIPTS) -> None:
    """Go back to `revision` ("base" for an empty database)."""
    with db.engine.connect().execution_options(ringback_begin="IMMEDIATE") as connection, connection.begin():
        command.downgrade(_config(connection, scripts), revision)


def current(db: Database) -> str | None:
    """The revision the database is at, None when it was never migrated."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head(*, scripts: Path = SCRIPTS) -> str | None:
    """The newest revision there is, None while there is none."""
    return ScriptDirectory.from_config(_config(scripts=scripts)).get_current_head()


def is_current(db: Database, *, scripts: Path = SCRIPTS) -> bool:
    """Whether the database is at the newest revision."""
    newest = head(scripts=scripts)
    return newest is not None and current(db) == newest


def differences(db: Database) -> list[Any]:
    """What the models say and the migrated database does not, as Alembic's operations; empty when they agree."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": include_name, "compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def revision(db: Database, message: str, modules: Iterable[str] = MODEL_MODULES, *, scripts: Path = SCRIPTS) -> Path:
    """Write the next migration into `scripts` from the models of `modules`; gives its path.

    `db` must be at the newest revision: the migration is what the models have and it has not.
    """
    for name in modules:
        importlib.import_module(name)
    with db.engine.connect() as connection:
        script = command.revision(
            _config(connection, scripts), message, autogenerate=True, rev_id=_next_number(scripts)
        )
    if script is None or isinstance(script, list):
        raise RuntimeError("Alembic wrote no single migration file.")
    return Path(script.path)


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave alone what models do not describe: full-text tables and indexes, and the queue's own tables."""
    if name is None:
        return True
    if kind == "index":
        return not name.endswith("_vector")
    return not (kind == "table" and (name.startswith("huey_") or "_fts" in name))


def _next_number(scripts: Path) -> str:
    return f"{len(list((scripts / 'versions').glob('[0-9]*.py'))) + 1:04d}"


def _config(connection: Connection | None = None, scripts: Path = SCRIPTS) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def main(arguments: list[str]) -> str:
    """Answer `revision MESSAGE [MODULE…]`: write the next migration, from an empty SQLite that was brought up."""
    if len(arguments) < 2 or arguments[0] != "revision":
        raise SystemExit('usage: python -m storage.migrate revision "message" [module ...]')
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/empty.db")
        if head() is not None:
            upgrade(db)
        path = revision(db, arguments[1], arguments[2:] or MODEL_MODULES)
        db.dispose()
    return f"Wrote {path}; read it before you commit it."


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]) + "\n")
