"""The ground: fresh databases, writing and reading, times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import inspect, select

from storage.database import Database
from tickets.people import Person
from work.heartbeats import Heartbeat, beat, is_alive

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("round_", [1, 2])
def test_a_fresh_database_has_every_table_and_no_row(db: Database, round_: int):
    assert {"people", "tickets", "jobs", "heartbeats"} <= set(inspect(db.engine).get_table_names())
    with db.write() as session:
        assert session.scalars(select(Person)).all() == []
        session.add(Person(name=f"{round_}", created_at=NOW))


def test_a_write_that_raises_leaves_nothing(db: Database):
    def add_and_fail() -> None:
        with db.write() as session:
            session.add(Person(name="x", created_at=NOW))
            session.flush()
            raise RuntimeError("after adding")

    with pytest.raises(RuntimeError, match="after adding"):
        add_and_fail()
    with db.read() as session:
        assert session.scalars(select(Person)).all() == []


def test_a_reading_session_changes_nothing(db: Database):
    with db.read() as session:
        session.add(Person(name="x", created_at=NOW))
        session.flush()
    with db.read() as session:
        assert session.scalars(select(Person)).all() == []


def test_times_come_back_aware_and_in_utc(db: Database):
    with db.write() as session:
        session.add(Person(name="x", created_at=NOW.astimezone(timezone(timedelta(hours=8)))))
    with db.read() as session:
        found = session.scalars(select(Person)).one().created_at
    assert (found, found.tzinfo) == (NOW, UTC)


def test_a_naive_time_is_refused(sqlite_db: Database):
    with pytest.raises(Exception, match="no time zone"), sqlite_db.write() as session:
        session.add(Heartbeat(name="x", at=datetime(2026, 1, 1)))


def test_a_heartbeat_grows_old(db: Database):
    with db.write() as session:
        assert not is_alive(session, "worker", NOW)
        beat(session, "worker", NOW - timedelta(minutes=5))
        beat(session, "worker", NOW)
    with db.read() as session:
        assert is_alive(session, "worker", NOW + timedelta(seconds=20))
        assert not is_alive(session, "worker", NOW + timedelta(seconds=40))
