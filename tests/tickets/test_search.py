"""Finding tickets: words of both scripts, numbers, telephones, filters, views, pages."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from storage.database import Database
from tickets.desk import (
    NewTicket,
    TicketFilter,
    assign,
    change_status,
    counts,
    note,
    open_or_append,
    reindex,
    search,
    set_priority,
)
from tickets.errors import InvalidValueError
from tickets.search import query_tokens, tokens
from tickets.ticket import Ticket
from tickets.users import Role, User


def make(session: Session, now: datetime, text: str, number: str = "", **more: object) -> Ticket:
    new = NewTicket(text=text, caller_number=number, **more)  # type: ignore[arg-type]
    return open_or_append(session, new, now).ticket


def hits(session: Session, words: str, **more: object) -> list[int]:
    return [t.id for t in search(session, TicketFilter(text=words, **more)).tickets]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "asked", "is_found"),
    [
        ("我的快递包裹破损了", "包裹", True),
        ("我的快递包裹破损了", "快递包裹", True),
        ("我的快递包裹破损了", "破", True),
        ("我的快递包裹破损了", "了", True),
        ("我的快递包裹破损了", "包破", False),
        ("我的快递包裹破损了", "快递 破损", True),
        ("我的快递包裹破损了", "快递 投诉", False),
        ("快递SF1234567破损", "sf1234567", True),
        ("快递SF1234567破损", "sf123", True),
        ("快递ＳＦ１２３破损", "SF123", True),
        ("The Parcel was BROKEN", "broken parcel", True),
        ("The Parcel was BROKEN", "brok", True),
        ("The Parcel was BROKEN", "roken", False),
        ("Größe straße", "große", False),
        ("Größe straße", "größe", True),
        ("한국어 음성", "음성", True),
        ("お荷物が届きません", "荷物", True),
        ("it's 50% off", "50% off", True),
        ("a", "'\"*:&|!()<->", False),
        ("NEAR the gate", "NEAR", True),
        ("x AND y", "and", True),
    ],
)
def test_words_are_found(db: Database, now: datetime, said: str, asked: str, is_found: bool):
    with db.write() as session:
        ticket = make(session, now, said)
        assert hits(session, asked) == ([ticket.id] if is_found else [])


@pytest.mark.parametrize(
    "hostile", ["'", '"', "' OR 1=1 --", "\x00", "\\", "a'b", "%", "_", "*", "(((", "x" * 9000, "\ud800"]
)
def test_a_hostile_query_finds_nothing_and_breaks_nothing(db: Database, now: datetime, hostile: str):
    with db.write() as session:
        make(session, now, "parcel")
        assert hits(session, hostile) == []


def test_tokens_are_pairs_and_words():
    assert tokens("快递SF12 破") == ["快递", "递", "sf12", "破"]
    assert query_tokens("快递箱 sf 破") == [("快递", False), ("递箱", False), ("sf", True), ("破", True)]


def test_notes_names_and_fields_are_found_too(db: Database, now: datetime, caller):
    with db.write() as session:
        person = caller(session, name="王小明")
        ticket = make(session, now, "", person_id=person.id, number="+8613812345678", fields={"city": "杭州"})
        note(session, ticket, "Called the warehouse", by="user:1", now=now)
        assert hits(session, "王小明") == hits(session, "warehouse") == hits(session, "杭州") == [ticket.id]
        person.name = "李雷"
        reindex(session, ticket)
        assert (hits(session, "王小明"), hits(session, "李雷"), hits(session, "warehouse")) == (
            [],
            [ticket.id],
            [ticket.id],
        )


def test_a_deleted_ticket_is_not_found(db: Database, now: datetime):
    with db.write() as session:
        make(session, now, "parcel")
    with db.write() as session:
        session.execute(delete(Ticket))
    with db.read() as session:
        assert hits(session, "parcel") == []


def test_a_ticket_number_jumps_to_its_ticket(db: Database, now: datetime):
    with db.write() as session:
        ticket = make(session, now, "parcel")
        make(session, now, f"it was {ticket.number} euro")
        page = search(session, TicketFilter(text=f"#{ticket.number}", statuses=("closed",)))
        assert (page.jump, [t.id for t in page.tickets]) == (ticket.number, [ticket.id])


@pytest.mark.parametrize("typed", ["+8613812345678", "+86 138 1234 5678", "13812345678", "138 1234 5678", "12345678"])
def test_a_telephone_number_finds_its_tickets(db: Database, now: datetime, typed: str):
    with db.write() as session:
        ticket = make(session, now, "parcel", "+8613812345678")
        make(session, now, "parcel", "+8613912345679")
        assert hits(session, typed) == [ticket.id]


def test_a_persons_other_number_finds_the_ticket_too(db: Database, now: datetime, caller):
    with db.write() as session:
        ticket = make(session, now, "parcel", "+8613912345679", person_id=caller(session, "+8613812345678").id)
        assert hits(session, "13812345678") == [ticket.id]


def test_pages_by_key_show_every_ticket_once_also_with_equal_times(db: Database, now: datetime):
    with db.write() as session:
        ids = [make(session, now + timedelta(minutes=n // 3), f"parcel {n}").id for n in range(11)]
        seen, cursor = [], None
        while True:
            page = search(session, TicketFilter(), after=cursor, limit=4)
            seen.extend(t.id for t in page.tickets)
            cursor = page.next
            if cursor is None:
                break
            # A ticket that comes meanwhile belongs to the first page and shifts nothing.
            make(session, now + timedelta(days=1), "new")
        assert [i for i in seen if i in ids] == sorted(ids, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "!!!", "MjAyNg", "MjAyNi0wMS0wMXwx"])
def test_a_cursor_that_is_none_is_refused(db: Database, cursor: str):
    with db.read() as session, pytest.raises(InvalidValueError, match="begin at the first"):
        search(session, TicketFilter(), after=cursor)


def test_unknown_views_and_orders_are_refused(db: Database):
    with db.read() as session:
        with pytest.raises(InvalidValueError, match="no view"):
            search(session, TicketFilter(view="secret"))
        with pytest.raises(InvalidValueError, match="ordered"):
            search(session, TicketFilter(sort="mood"))


def test_filters_views_and_counts_agree(db: Database, now: datetime):
    with db.write() as session:
        agent = User(email="a@b.c", name="A", role=Role.AGENT, password_hash="-", created_at=now)
        session.add(agent)
        session.flush()
        mine = make(session, now, "one", language="zh-CN")
        assign(session, mine, agent.id, by="user:1", now=now)
        urgent = make(session, now, "two", language="en-US", source="sms")
        set_priority(session, urgent, "urgent", by="user:1", now=now)
        done = make(session, now - timedelta(days=3), "three")
        change_status(session, done, "solve", by="user:1", now=now)
        waiting = make(session, now, "four")
        change_status(session, waiting, "wait_customer", by="user:1", now=now)
        closed = make(session, now, "five")
        change_status(session, closed, "close", by="user:1", now=now)
        numbers = counts(session, viewer_id=agent.id)
        assert numbers == {
            "unassigned": 2, "mine": 1, "undone": 3, "urgent": 1, "waiting": 1, "solved": 1, "closed": 1, "all": 5,
        }  # fmt: skip
        for view, number in numbers.items():
            found = search(session, TicketFilter(view=view, viewer_id=agent.id)).tickets
            assert len(found) == number, view
        assert counts(session, viewer_id=None)["mine"] == 0
        assert counts(session, viewer_id=None, filters=TicketFilter(text="one"))["all"] == 1

        def ids(**more: object) -> list[int]:
            return sorted(t.id for t in search(session, TicketFilter(**more)).tickets)  # type: ignore[arg-type]

        assert ids(statuses=("solved", "closed")) == [done.id, closed.id]
        assert ids(priorities=("urgent",)) == ids(source="sms") == ids(language="en") == [urgent.id]
        assert ids(language="zh-TW") == ids(assignee_id=agent.id) == [mine.id]
        assert ids(created_to=now) == [done.id]
        assert len(ids(created_from=now)) == 4
        assert ids(categories=("nothing",)) == []
        assert len(ids(unassigned=True)) == 4
        assert search(session, TicketFilter(sort="created")).tickets[-1].id == done.id
