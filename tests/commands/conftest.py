"""A terminal in which `flask --app app …` is typed, with a database and a simulated phone company behind it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from house import House
from simulator.facade import SimulatedNetwork
from storage import migrate
from storage.database import Base, Database
from tests.end_to_end.rehearsal import ACCOUNT, AUTH_TOKEN, configure, url_of
from tickets.taxonomy import ensure_defaults

URL = "http://desk.example:8000"


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """Types commands."""

    app: Flask
    net: SimulatedNetwork

    @property
    def house(self) -> House:
        """What the commands work on."""
        house: House = self.app.extensions["house"]
        return house

    def type(self, *words: str, answers: str = "") -> Result:
        """Run a command, with `answers` to what it asks."""
        return self.app.test_cli_runner().invoke(args=list(words), input=answers)

    def says(self, *words: str, answers: str = "") -> str:
        """What a command that succeeds prints."""
        result = self.type(*words, answers=answers)
        assert result.exit_code == 0, result.output
        return result.output

    def refuses(self, *words: str, answers: str = "") -> str:
        """What a command that fails prints: a sentence and no traceback."""
        result = self.type(*words, answers=answers)
        assert result.exit_code != 0, result.output
        assert isinstance(result.exception, SystemExit), result.exception
        return result.output


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file after `db upgrade`."""
    path = tmp_path_factory.mktemp("migrated") / "ringback.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    with database.write() as session:
        ensure_defaults(session)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture(scope="module")
def net() -> Iterator[SimulatedNetwork]:
    """A phone company on the machine's own clock."""
    with SimulatedNetwork(ACCOUNT, AUTH_TOKEN, clock="real") as found:
        yield found


@pytest.fixture
def terminal(net: SimulatedNetwork, migrated_file: Path, tmp_path: Path) -> Iterator[Terminal]:
    """On a database that is up to date and empty."""
    shutil.copyfile(migrated_file, tmp_path / "ringback.db")
    yield from opened(net, "", tmp_path)


@pytest.fixture
def bare_terminal(net: SimulatedNetwork, db: Database, tmp_path: Path) -> Iterator[Terminal]:
    """On a database without any table."""
    Base.metadata.drop_all(db.engine)
    yield from opened(net, url_of(db), tmp_path)


def opened(net: SimulatedNetwork, database_url: str, data_dir: Path) -> Iterator[Terminal]:
    """A terminal over the given database ("" for the one in `data_dir`)."""
    app = create_app(configure(net, database_url, data_dir, URL))
    found = Terminal(app=app, net=net)
    yield found
    found.house.close()
