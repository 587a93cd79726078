"""Migrations make what the models say, on both databases."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, inspect, text

from storage import migrate
from storage.database import Base, Database
from storage.model_modules import MODEL_MODULES


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/empty.db"
    else:
        made: URL = request.getfixturevalue("postgres_db_url")
        url = made.render_as_string(hide_password=False)
    database = Database(url)
    if request.param == "postgresql":
        with database.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    yield database
    database.dispose()


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of the environment without any migration."""
    copy = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, copy, ignore=shutil.ignore_patterns("[0-9]*.py", "__pycache__"))
    return copy


def generate(scripts: Path, message: str, tmp_path: Path) -> Path:
    database = Database(f"sqlite:///{tmp_path}/generate.db")
    if migrate.head(scripts=scripts) is not None:
        migrate.upgrade(database, scripts=scripts)
    path = migrate.revision(database, message, MODEL_MODULES, scripts=scripts)
    database.dispose()
    return path


def test_a_generated_migration_makes_what_the_models_say(empty: Database, scripts: Path, tmp_path: Path):
    path = generate(scripts, "Begin", tmp_path)
    assert path.name == "0001_begin.py"
    assert not migrate.is_current(empty, scripts=scripts)
    migrate.upgrade(empty, scripts=scripts)
    assert migrate.is_current(empty, scripts=scripts)
    assert migrate.differences(empty) == []
    migrate.upgrade(empty, scripts=scripts)
    found = set(inspect(empty.engine).get_table_names())
    assert set(Base.metadata.tables) <= found
    assert ("ticket_search_fts" in found) == empty.is_sqlite


def test_a_second_migration_has_nothing_to_do_and_the_way_back_leaves_nothing(
    empty: Database, scripts: Path, tmp_path: Path
):
    generate(scripts, "begin", tmp_path)
    second = generate(scripts, "nothing", tmp_path)
    assert second.read_text().count("pass") == 2
    migrate.upgrade(empty, scripts=scripts)
    assert migrate.current(empty) == "0002"
    migrate.downgrade(empty, "base", scripts=scripts)
    assert inspect(empty.engine).get_table_names() == ["alembic_version"]


def test_a_missing_column_is_seen(empty: Database, scripts: Path, tmp_path: Path):
    generate(scripts, "begin", tmp_path)
    migrate.upgrade(empty, scripts=scripts)
    with empty.engine.begin() as connection:
        connection.execute(text("ALTER TABLE people DROP COLUMN notes"))
    assert [(d[0], d[2], d[3].name) for d in migrate.differences(empty)] == [("add_column", "people", "notes")]


def test_a_failing_migration_leaves_the_database_as_it_was(empty: Database, scripts: Path, tmp_path: Path):
    path = generate(scripts, "begin", tmp_path)
    broken = path.read_text().replace("def downgrade()", "    raise RuntimeError('broken')\n\n\ndef downgrade()")
    path.write_text(broken)
    with pytest.raises(RuntimeError, match="broken"):
        migrate.upgrade(empty, scripts=scripts)
    assert migrate.current(empty) is None
    assert inspect(empty.engine).get_table_names() == []


@pytest.mark.skipif(migrate.head() is None, reason="no migration is shipped yet")
def test_the_shipped_migrations_make_what_the_models_say(empty: Database):
    migrate.upgrade(empty)
    assert migrate.is_current(empty)
    assert migrate.differences(empty) == []


def test_the_tool_wants_a_message():
    with pytest.raises(SystemExit, match="usage"):
        migrate.main(["revision"])


def test_every_module_with_models_is_listed():
    root = migrate.SCRIPTS.parents[1]
    rooms = ("storage", "work", "audio", "telephony", "tickets", "flows", "ivr", "callbacks", "api", "console")
    sources = [path for room in rooms for path in (root / room).rglob("*.py")]
    found = {
        ".".join(path.relative_to(root).with_suffix("").parts)
        for path in sources
        if "__tablename__" in path.read_text()
    }
    assert found - {"storage.insert"} == set(MODEL_MODULES)
