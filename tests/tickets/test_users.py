"""Who may come in."""

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from storage.database import Database
from tickets.errors import InvalidValueError
from tickets.users import Role, User, add_user, authenticate, list_users, set_password

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
GOOD = "correct horse 7"


def ada(session: Session, now: datetime) -> User:
    return add_user(
        session, email=" Ada@Example.ORG ", name="Ada", role=Role.AGENT, password=GOOD, now=now, hasher=QUICK
    )


def test_the_right_password_lets_in_and_is_noted(db: Database, now: datetime):
    with db.write() as session:
        user = ada(session, now)
        later = now + timedelta(hours=1)
        assert authenticate(session, "ADA@example.org", GOOD, later, hasher=QUICK) is user
        assert (user.email, user.last_login_at) == ("ada@example.org", later)
        assert user.password_hash.startswith("$argon2id$")
        assert GOOD not in user.password_hash


@pytest.mark.parametrize(("email", "password"), [("ada@example.org", "wrong"), ("eve@example.org", GOOD), ("", "")])
def test_a_wrong_password_or_address_does_not(db: Database, now: datetime, email: str, password: str):
    with db.write() as session:
        ada(session, now)
        assert authenticate(session, email, password, now, hasher=QUICK) is None


def test_a_user_who_left_does_not_come_in(db: Database, now: datetime):
    with db.write() as session:
        ada(session, now).active = False
        assert authenticate(session, "ada@example.org", GOOD, now, hasher=QUICK) is None
        assert list_users(session, active_only=True) == []


def test_stronger_parameters_renew_the_hash_at_the_next_login(db: Database, now: datetime):
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    with db.write() as session:
        user = ada(session, now)
        before = user.password_hash
        assert authenticate(session, user.email, GOOD, now, hasher=stronger)
        assert user.password_hash != before
        assert "m=16,t=2" in user.password_hash
        assert authenticate(session, user.email, GOOD, now, hasher=stronger)


@pytest.mark.parametrize(
    "weak",
    ["short", "aaaaaaaaaaaaa", "password123", "1234567890", "ada@example.org", "x" * 5000, "Passw0rd2024!"],
)
def test_a_weak_password_is_refused(db: Database, now: datetime, weak: str):
    with db.write() as session:
        user = ada(session, now)
        with pytest.raises(InvalidValueError, match="password"):
            set_password(session, user, weak, hasher=QUICK)
        assert authenticate(session, user.email, GOOD, now, hasher=QUICK) is user


def test_an_address_is_taken_once(db: Database, now: datetime):
    with db.write() as session:
        ada(session, now)
        with pytest.raises(InvalidValueError, match="already"):
            ada(session, now)


@pytest.mark.parametrize("address", ["", "ada", "a b@c.d", "<a@b.c>", "a@b", "a@b.c d"])
def test_what_is_no_address_is_refused(db: Database, now: datetime, address: str):
    with db.write() as session, pytest.raises(InvalidValueError):
        add_user(session, email=address, name="", role=Role.OPS, password=GOOD, now=now, hasher=QUICK)
