"""A call becomes a ticket, a second call on the same matter does not make a second one."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.database import Database
from tickets.desk import (
    NewTicket,
    Opened,
    change_status,
    changes,
    entries,
    find_by_number,
    find_for_caller,
    open_or_append,
    reconsider,
    set_category,
    set_priority,
)
from tickets.numbers import is_valid
from tickets.people import Person, person_for_number
from tickets.ticket import Ticket
from tickets.timeline import EntryKind

NUMBER = "+8613812345678"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def caller(session: Session, number: str = NUMBER, *, vip: bool = False) -> Person:
    person = person_for_number(session, number, now=NOW)
    assert person is not None
    person.vip = vip or person.vip
    session.flush()
    return person


def complain(session: Session, now: datetime, *, sid: str = "CA1", **more: object) -> Opened:
    values = {
        "text": "我的快递损坏了，我要投诉",
        "caller_number": NUMBER,
        "person_id": caller(session).id,
        "language": "zh-CN",
        "call_sid": sid,
        "flow_name": "courier",
        "node": "complaint",
        **more,
    }
    return open_or_append(session, NewTicket(**values), now)  # type: ignore[arg-type]


def test_a_call_becomes_a_ticket_with_reasons(db: Database, now: datetime):
    with db.write() as session:
        opened = complain(session, now)
    with db.read() as session:
        ticket = session.get_one(Ticket, opened.ticket.id)
        assert not opened.appended
        assert is_valid(ticket.number)
        assert ticket.category == "complaint"
        assert ticket.category_reason == {"rule": "words", "words": ["投诉", "损坏"]}
        assert (ticket.impact, ticket.urgency, ticket.priority) == ("normal", "high", "urgent")
        assert [r["rule"] for r in ticket.priority_reason] == ["matrix", "anger"]
        assert (ticket.status, ticket.source, ticket.version) == ("new", "phone", 1)
        assert (ticket.created_at, ticket.updated_at) == (now, now)
        assert ticket.subject == "投诉：我的快递损坏了，我要投诉"
        assert ticket.group is not None
        assert ticket.group.key == "complaints"
        told = entries(session, ticket)
        assert [e.kind for e in told] == ["call", "system", "speech"]
        assert told[0].payload == {"call_sid": "CA1", "direction": "inbound", "flow": "courier"}
        assert told[2].payload["text"] == "我的快递损坏了，我要投诉"


def test_a_second_call_on_the_same_matter_is_added(db: Database, now: datetime):
    later = now + timedelta(hours=2)
    with db.write() as session:
        first = complain(session, now, reference="SF100", text="包裹损坏")
        second = complain(session, later, sid="CA2", reference="SF100", text="还是损坏", fields={"mood": "bad"})
        assert second.appended
        assert second.ticket is first.ticket
        ticket = first.ticket
        assert [e.kind for e in entries(session, ticket)] == [
            "call", "system", "speech", "call", "system", "speech", "change",
        ]  # fmt: skip
        assert (ticket.updated_at, ticket.fields) == (later, {"mood": "bad"})
        assert (ticket.priority, ticket.priority_reason[-1]) == ("urgent", {"rule": "repeat", "calls": 1})


@pytest.mark.parametrize(
    ("different", "same"),
    [
        ({"reference": "SF200"}, False),
        ({"reference": "sf100"}, True),
        ({"category": "tracking", "reference": "SF100"}, False),
        ({"reference": "SF100"}, True),
        ({"reference": ""}, True),
    ],
)
def test_another_reference_or_category_is_another_matter(db: Database, now: datetime, different: dict, same: bool):
    with db.write() as session:
        complain(session, now, reference="SF100")
        assert complain(session, now, sid="CA2", **different).appended is same


def test_another_caller_is_another_matter(db: Database, now: datetime):
    with db.write() as session:
        complain(session, now, reference="SF100")
        other = caller(session, "+8613912345678")
        assert not complain(
            session, now, reference="SF100", person_id=other.id, caller_number="+8613912345678"
        ).appended


def test_a_person_calling_from_another_number_is_the_same_caller(db: Database, now: datetime):
    with db.write() as session:
        complain(session, now)
        assert complain(session, now, sid="CA2", caller_number="+8613912345678").appended


def test_unknown_callers_never_share_a_ticket(db: Database, now: datetime):
    with db.write() as session:
        unknown = {"person_id": None, "caller_number": "", "reference": "SF1"}
        assert not complain(session, now, **unknown).appended
        assert not complain(session, now, sid="CA2", **unknown).appended
        assert find_for_caller(session, number="", person_id=None) == []


def test_without_reference_a_matter_ends_after_two_weeks(db: Database, now: datetime):
    with db.write() as session:
        first = complain(session, now)
        assert complain(session, now + timedelta(days=13), sid="CA2").appended
        late = complain(session, now + timedelta(days=30), sid="CA3")
        assert not late.appended
        assert late.ticket.id != first.ticket.id
        assert complain(session, now + timedelta(days=31), sid="CA4").ticket is late.ticket


def test_a_closed_ticket_is_never_added_to(db: Database, now: datetime):
    with db.write() as session:
        first = complain(session, now, reference="SF100").ticket
        change_status(session, first, "close", by="user:1", now=now)
        again = complain(session, now, sid="CA2", reference="SF100")
        assert (again.appended, first.status) == (False, "closed")


def test_a_solved_ticket_on_the_same_reference_is_opened_again(db: Database, now: datetime):
    with db.write() as session:
        first = complain(session, now, reference="SF100").ticket
        change_status(session, first, "solve", by="user:1", now=now)
        again = complain(session, now + timedelta(hours=1), sid="CA2", reference="SF100")
        assert (again.appended, again.ticket.status, again.ticket.solved_at) == (True, "open", None)
        assert changes(session, first, "status")[-1].payload == {
            "field": "status", "from": "solved", "to": "open", "reason": "called_again",
        }  # fmt: skip


def test_a_solved_ticket_without_reference_stays_solved(db: Database, now: datetime):
    with db.write() as session:
        first = complain(session, now).ticket
        change_status(session, first, "solve", by="user:1", now=now)
        assert not complain(session, now + timedelta(hours=1), sid="CA2").appended
        assert first.status == "solved"


def test_a_ticket_that_waits_for_its_caller_is_open_when_he_calls(db: Database, now: datetime):
    with db.write() as session:
        first = complain(session, now).ticket
        change_status(session, first, "wait_customer", by="user:1", now=now)
        complain(session, now, sid="CA2")
        assert first.status == "open"


def test_reopening_while_another_ticket_has_the_matter_is_possible(db: Database, now: datetime):
    with db.write() as session:
        first = complain(session, now).ticket
        change_status(session, first, "solve", by="user:1", now=now)
        second = complain(session, now, sid="CA2").ticket
        change_status(session, first, "reopen", by="user:1", now=now)
        assert second.open_matter is not None
        assert first.open_matter is None


def test_the_same_opening_twice_changes_nothing(db: Database, now: datetime):
    with db.write() as session:
        first = complain(session, now, key="call-7:3")
        before = len(entries(session, first.ticket))
        again = complain(session, now, key="call-7:3")
        assert again == first
        assert len(entries(session, first.ticket)) == before


def test_calls_at_once_of_one_caller_make_one_ticket(db: Database, now: datetime):
    with db.write() as session:
        person_id = caller(session).id
    ready, results = threading.Barrier(5), []

    def call(sid: str) -> None:
        ready.wait()
        with db.write() as session:
            new = NewTicket(text="损坏", caller_number=NUMBER, person_id=person_id, call_sid=sid, key=sid)
            results.append(open_or_append(session, new, now).appended)

    threads = [threading.Thread(target=call, args=(f"CA{n}",)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert sorted(results) == [False, True, True, True, True]
        assert sum(e.kind == EntryKind.CALL for e in entries(session, ticket)) == 5
        assert ticket.version == 5 + len(changes(session, ticket))


def test_a_vip_and_a_failed_call_raise_the_priority(db: Database, now: datetime):
    with db.write() as session:
        caller(session, vip=True)
        ticket = complain(session, now, text="parcel", category="tracking", errors=4).ticket
        assert ticket.priority == "urgent"
        assert [r["rule"] for r in ticket.priority_reason] == ["matrix", "vip", "errors"]


def test_a_transcript_lets_the_rules_look_again(db: Database, now: datetime):
    with db.write() as session:
        ticket = complain(session, now, text="", subject="Voicemail").ticket
        assert (ticket.category, ticket.priority) == ("other", "normal")
        reconsider(session, ticket, "The parcel came broken and damaged, this is ridiculous", now)
        assert (ticket.category, ticket.category_reason["words"]) == ("complaint", ["broken", "damaged"])
        assert (ticket.priority, ticket.priority_reason[-1]) == ("high", {"rule": "anger", "word": "ridiculous"})
        version = ticket.version
        reconsider(session, ticket, "ridiculous", now)
        assert (ticket.priority, ticket.version) == ("high", version)


def test_the_rules_do_not_overrule_a_person(db: Database, now: datetime):
    with db.write() as session:
        ticket = complain(session, now, text="").ticket
        set_category(session, ticket, "tracking", by="user:1", now=now, reason="she asked where it is")
        set_priority(session, ticket, "urgent", by="user:1", now=now)
        reconsider(session, ticket, "broken", now)
        assert (ticket.category, ticket.priority) == ("tracking", "urgent")
        assert ticket.category_reason == {"rule": "person", "why": "she asked where it is"}


@pytest.mark.parametrize(
    "hostile",
    [
        "'; DROP TABLE tickets; --",
        "<script>alert(1)</script>",
        "${{7*7}} {{7*7}} %s %(x)s",
        "=HYPERLINK(1)",
        "x" * 50_000,
        "nul \x00 in the middle",
        "lone \ud800 surrogate",
        "🤬" * 500,
        "\u202e right to left",
    ],
)
def test_hostile_values_are_kept_as_plain_text_in_every_field(db: Database, now: datetime, hostile: str):
    names = ("subject", "text", "reference", "category", "node", "reason", "intent", "call_sid", "flow_name")
    with db.write() as session:
        new = NewTicket(
            **dict.fromkeys(names, hostile), caller_number=hostile, language=hostile, source=hostile, key=hostile,
            impact=hostile, urgency=hostile, fields={hostile: hostile, "deep": {"er": [hostile]}},
        )  # fmt: skip
        number = open_or_append(session, new, now).ticket.number
    with db.read() as session:
        ticket = find_by_number(session, number)
        assert ticket is not None
        safe = hostile.replace("\x00", "").encode("utf-8", "ignore").decode()
        assert ticket.subject == " ".join(safe.split())[:300]
        assert ticket.text == safe[:20_000]
        assert ticket.impact == "normal"
        assert session.scalar(select(func.count(Ticket.id))) == 1


def test_a_ticket_is_found_by_number_however_it_is_said(db: Database, now: datetime):
    with db.write() as session:
        ticket = complain(session, now).ticket
        assert find_by_number(session, f"{ticket.number[:3]} {ticket.number[3:]}") is ticket
        assert find_by_number(session, "99999999") is None
        assert find_for_caller(session, number="+86 138 1234 5678", person_id=ticket.person_id) == [ticket]


def test_what_names_no_matter_belongs_to_the_ticket_that_the_call_has(db: Database, now: datetime):
    with db.write() as session:
        question = complain(session, now, category="question", text="").ticket
        voicemail = complain(session, now, text="", ticket_of_call=question.id)
        assert voicemail.appended
        assert voicemail.ticket.id == question.id
        assert not complain(session, now, text="", ticket_of_call=question.id, reference="RB1").appended
