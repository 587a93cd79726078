"""The whole house, in rehearsal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.end_to_end.rehearsal import Stage, rehearse, url_of


@pytest.fixture
def stage(db: Database, tmp_path: Path) -> Iterator[Stage]:
    """The desk in opening hours, on each kind of database."""
    with rehearse(url_of(db), tmp_path) as found:
        yield found


@pytest.fixture
def sqlite_stage(sqlite_db: Database, tmp_path: Path) -> Iterator[Stage]:
    """The desk in opening hours, for tests in which the kind of database does not matter."""
    with rehearse(url_of(sqlite_db), tmp_path) as found:
        yield found
