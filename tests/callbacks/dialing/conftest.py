"""Stages for tests of dialling."""

from __future__ import annotations

import pytest
from dial_stage import DialStage, new_stage

from storage.database import Database


@pytest.fixture
def stage(db: Database) -> DialStage:
    """A stage on SQLite and on PostgreSQL."""
    return new_stage(db)


@pytest.fixture
def small_stage(sqlite_db: Database) -> DialStage:
    """A stage on SQLite, where the kind of database does not matter."""
    return new_stage(sqlite_db)
