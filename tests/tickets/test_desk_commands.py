"""The commands."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from click.testing import CliRunner, Result

from storage.database import Database
from tickets.cli import tickets, users
from tickets.users import Role, add_user, authenticate, find_user

GOOD = "correct horse 7"


@dataclass
class House:
    db: Database
    moment: datetime

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def house(sqlite_db: Database, now: datetime) -> House:
    return House(sqlite_db, now)


def run(house: House, *arguments: str) -> Result:
    return CliRunner().invoke(users, arguments, obj=house)


def test_a_user_is_added_listed_given_a_password_and_disabled(house: House, now: datetime):
    added = run(house, "add", "Ada@example.org", "--role", "ops", "--password", GOOD)
    assert (added.exit_code, added.output) == (0, "ada@example.org may now log in as ops.\n")
    assert "ada@example.org" in run(house, "list").output
    assert run(house, "password", "ada@example.org", "--password", GOOD + "!").exit_code == 0
    with house.db.write() as session:
        assert authenticate(session, "ada@example.org", GOOD, now) is None
        assert authenticate(session, "ada@example.org", GOOD + "!", now) is not None
    assert run(house, "disable", "ada@example.org").exit_code == 0
    assert "(inactive)" in run(house, "list").output


def test_a_weak_password_is_a_clear_error_and_adds_nobody(house: House):
    result = run(house, "add", "ada@example.org", "--password", "short")
    assert result.exit_code == 1
    assert "at least 10 characters" in result.output
    with house.db.read() as session:
        assert find_user(session, "ada@example.org") is None


def test_an_unknown_user_is_a_clear_error(house: House):
    result = run(house, "password", "eve@example.org", "--password", GOOD)
    assert (result.exit_code, "no user" in result.output) == (1, True)


def test_demo_users_may_have_known_passwords(house: House, now: datetime):
    with house.db.write() as session:
        add_user(session, email="a@b.c", name="A", role=Role.AGENT, password="agent", now=now, demo=True)
        assert authenticate(session, "a@b.c", "agent", now) is not None


def test_tickets_are_written_as_csv(house: House):
    result = CliRunner().invoke(tickets, ["export"], obj=house)
    assert (result.exit_code, result.output.count("\n")) == (0, 1)
    assert "number,subject" in result.output
    wrong = CliRunner().invoke(tickets, ["export", "--time-zone", "Mars/Base"], obj=house)
    assert (wrong.exit_code, "no time zone Mars/Base" in wrong.output) == (1, True)
