"""Things that tests of the desk share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

import pytest
from sqlalchemy.orm import Session

from storage.database import Database
from tickets.categories import Category
from tickets.people import Person, person_for_number
from tickets.users import Group

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


class MakeCaller(Protocol):
    """Gives the person of a number, with facts set."""

    def __call__(self, session: Session, number: str = "+8613812345678", **facts: object) -> Person: ...


@pytest.fixture
def caller() -> MakeCaller:
    def make(session: Session, number: str = "+8613812345678", **facts: object) -> Person:
        person = person_for_number(session, number, now=NOW)
        assert person is not None
        for name, value in facts.items():
            setattr(person, name, value)
        session.flush()
        return person

    return make


@pytest.fixture(autouse=True)
def taxonomy(request: pytest.FixtureRequest) -> None:
    """Two categories and a group, in tests that use a database."""
    if "db" not in request.fixturenames:
        return
    db: Database = request.getfixturevalue("db")
    with db.write() as session:
        session.add(Group(key="complaints", name={"en": "Complaints", "zh": "投诉组"}))
        session.add(
            Category(
                key="complaint",
                title={"en": "Complaint", "zh": "投诉"},
                words={"zh": ["投诉", "损坏"], "en": ["complaint", "broken", "damaged"]},
                nodes=["complaint_intro"],
                intents=["complain"],
                urgency="high",
                group_key="complaints",
                position=1,
            )
        )
        session.add(
            Category(
                key="tracking",
                title={"en": "Parcel tracking", "zh": "快件查询"},
                words={"zh": ["快递", "单号"], "en": ["parcel", "tracking number"]},
                position=2,
            )
        )
