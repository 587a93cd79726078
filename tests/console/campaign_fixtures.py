"""The desk of the other pages with campaigns on it; a test module that imports `values` works on a copy of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from console.deps import Deps
from storage.database import Database
from tests.console.campaign_seeding import add_campaigns
from tests.console.conftest import NOW, sign_in

RUNNING, TRIPPED, READY, OVER = 1, 2, 3, 4
"""Ids of the seeded campaigns."""


@pytest.fixture(scope="session")
def campaign_desk_file(desk_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file of the desk with its campaigns."""
    path = tmp_path_factory.mktemp("campaigns") / "desk.db"
    shutil.copyfile(desk_file, path)
    db = Database(f"sqlite:///{path}")
    with db.write() as s:
        add_campaigns(s, NOW, cases=120)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    return path


@pytest.fixture
def values(campaign_desk_file: Path, recordings: Path, tmp_path: Path) -> Iterator[Deps]:
    """A desk with data and campaigns, and a clock that stands still."""
    shutil.copyfile(campaign_desk_file, tmp_path / "desk.db")
    db = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    yield Deps(db=db, recordings_dir=recordings, clock=lambda: NOW)
    db.dispose()


@pytest.fixture
def ops(app: Flask) -> FlaskClient:
    """A browser in which somebody of operations is signed in."""
    return sign_in(app.test_client(), "ops")
