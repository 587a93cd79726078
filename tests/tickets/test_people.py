"""A number in any format leads to one person."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import func, select

from storage.database import Database
from tickets.errors import InvalidValueError
from tickets.people import Person, add_number, person_for_number

FORMATS = ["+8613812345678", "+86 138 1234 5678", "tel:+86-138-1234-5678", "００８６13812345678", "138 1234 5678"]


@pytest.mark.parametrize("written", FORMATS)
def test_every_way_to_write_a_number_is_the_same_person(db: Database, now: datetime, written: str):
    with db.write() as session:
        first = person_for_number(session, "+8613812345678", now=now, language="zh-CN")
        again = person_for_number(session, written, now=now, region="CN")
        assert again is first
        assert (first.language, [n.number for n in first.numbers]) == ("zh-CN", ["+8613812345678"])


@pytest.mark.parametrize("nobody", ["", "anonymous", "sip:alice@example.org", "client:bob", "'; drop table--", "\x00"])
def test_what_is_no_number_is_nobody(db: Database, now: datetime, nobody: str):
    with db.write() as session:
        assert person_for_number(session, nobody, now=now) is None


def test_a_number_of_no_known_range_is_still_somebody(db: Database, now: datetime):
    with db.write() as session:
        made = person_for_number(session, "+15005550006", now=now)
        assert made is person_for_number(session, "+15005550006", now=now)


def test_two_first_calls_at_once_make_one_person(db: Database, now: datetime):
    ids: list[int] = []
    ready = threading.Barrier(4)

    def call() -> None:
        ready.wait()
        with db.write() as session:
            person = person_for_number(session, "+14155552671", now=now)
            assert person is not None
            ids.append(person.id)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert (len(set(ids)), len(ids), session.scalar(select(func.count(Person.id)))) == (1, 4, 1)


def test_a_person_may_have_several_numbers_but_not_somebody_elses(db: Database, now: datetime):
    with db.write() as session:
        alice = person_for_number(session, "+14155552671", now=now)
        bob = person_for_number(session, "+14155552672", now=now)
        assert alice is not None
        assert bob is not None
        assert add_number(session, alice, "(415) 555-2673", region="US") == "+14155552673"
        assert person_for_number(session, "+14155552673", now=now) is alice
        with pytest.raises(InvalidValueError, match="already belongs"):
            add_number(session, bob, "+14155552673")
        with pytest.raises(InvalidValueError, match="not a telephone number"):
            add_number(session, bob, "call me")
