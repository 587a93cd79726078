"""The demo organisation and its week."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from demo import history, organisation
from demo.bulk import fill
from flows.versions import Flow
from ivr.calls import Call
from ivr.recordings import Recording
from ivr.turns import TurnRow
from storage.database import Base, Database
from tickets import desk
from tickets.people import Person, person_for_number
from tickets.ticket import Status, Ticket
from tickets.timeline import Entry, EntryKind
from tickets.users import Role, User, authenticate

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LOGINS = (("agent@demo.ringback", "agent"), ("ops@demo.ringback", "ops"), ("admin@demo.ringback", "admin"))


def load(session: Session) -> None:
    organisation.load(session, NOW, logins=LOGINS, password="ringback-demo")


def rows(session: Session) -> dict[str, int]:
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
        if name not in ("ticket_numbers",)
    }


def test_the_week_is_full_of_calls_and_tickets_in_every_status(db: Database):
    with db.write() as session:
        load(session)
    with db.read() as session:
        calls = session.scalars(select(Call)).all()
        tickets = session.scalars(select(Ticket)).all()
        assert 110 <= len(calls) <= 140
        assert 36 <= len(tickets) <= 75
        assert {t.status for t in tickets} == set(Status)
        assert {t.language for t in tickets} == {"zh-CN", "en-US"}
        assert {t.category for t in tickets} == {"complaint", "delivery", "collection", "question"}
        assert len({t.priority for t in tickets}) >= 3
        assert session.scalar(select(func.count(Person.id)).where(Person.demo)) == 25
        kinds = Counter(session.scalars(select(Entry.kind)))
        assert set(kinds) >= {EntryKind.CALL, EntryKind.NOTE, EntryKind.TRANSCRIPT, EntryKind.MESSAGE, EntryKind.CHANGE}
        assert desk.search(session, desk.TicketFilter(text="台灯")).tickets
        assert desk.search(session, desk.TicketFilter(text="courier rude")).tickets
        assert any(kinds_of.count(EntryKind.CALL) > 1 for kinds_of in _kinds_by_ticket(session))


def _kinds_by_ticket(session: Session) -> list[list[str]]:
    return [[e.kind for e in desk.entries(session, ticket)] for ticket in session.scalars(select(Ticket))]


def test_everything_happened_within_the_week_and_in_order(sqlite_db: Database):
    with sqlite_db.write() as session:
        load(session)
        begin = NOW - timedelta(days=7)
        for call in session.scalars(select(Call)):
            assert begin <= call.started_at <= call.ended_at <= NOW
            turns = session.scalars(select(TurnRow).where(TurnRow.call_id == call.id).order_by(TurnRow.number)).all()
            assert [t.number for t in turns] == list(range(1, call.turn + 1))
            assert [t.at for t in turns] == sorted(t.at for t in turns)
            assert "{" not in "".join(line["text"] for t in turns for line in t.said)
        for entry in session.scalars(select(Entry)):
            assert begin <= entry.at <= NOW
        for ticket in session.scalars(select(Ticket)):
            assert ticket.created_at <= ticket.updated_at <= NOW
            assert (ticket.closed_at is not None) == (ticket.status == "closed")
        local = Counter(call.started_at.astimezone(history.ZONE).hour for call in session.scalars(select(Call)))
        assert sum(count for hour, count in local.items() if 8 <= hour < 21) > 0.85 * sum(local.values())


def test_the_same_time_gives_the_same_week():
    first = history.plans(random.Random(1), NOW, 50)
    assert first == history.plans(random.Random(1), NOW, 50)
    assert first != history.plans(random.Random(2), NOW, 50)


def test_everything_is_marked_and_loading_again_adds_nothing(sqlite_db: Database):
    with sqlite_db.write() as session:
        load(session)
        before = rows(session)
        load(session)
        assert rows(session) == before
        for model in (Call, Ticket, Entry, Recording, Person, User):
            assert session.scalar(select(func.count()).select_from(model).where(~model.demo)) == 0
        for email, role in LOGINS:
            user = authenticate(session, email, "ringback-demo", NOW)
            assert user is not None
            assert user.role == Role(role)


def test_removing_takes_all_of_the_demo_and_nothing_else(db: Database):
    with db.write() as session:
        session.add(Flow(name="mine", title={}, created_at=NOW))
        person = person_for_number(session, "+8613900001111", now=NOW)
        assert person is not None
        desk.open_or_append(session, desk.NewTicket(text="real", person_id=person.id, call_sid="CA1"), NOW)
        session.flush()
        before = rows(session)
        load(session)
        assert rows(session) != before
        organisation.remove(session)
        assert rows(session) == before
        assert [t.id for t in desk.search(session, desk.TicketFilter(text="real")).tickets] != []


def test_a_real_ticket_of_a_demo_person_stays_with_its_people(sqlite_db: Database):
    with sqlite_db.write() as session:
        load(session)
        demo_person = session.scalars(select(Person).where(Person.demo)).first()
        assert demo_person is not None
        agent = session.scalars(select(User).where(User.email == LOGINS[0][0])).one()
        new = desk.NewTicket(text="real", person_id=demo_person.id, category="complaint")
        opened = desk.open_or_append(session, desk.NewTicket(**{**vars(new), "reference": "REAL-1"}), NOW)
        desk.assign(session, opened.ticket, agent.id, by=agent.actor, now=NOW)
        organisation.remove(session)
        session.expire_all()
        ticket = session.scalars(select(Ticket)).one()
        assert ticket.person is not None
        assert (ticket.text, ticket.person.demo) == ("real", False)
        assert ticket.assignee is not None
        assert (ticket.assignee.active, ticket.assignee.demo) == (False, False)


def test_many_tickets_are_made_at_once_and_found(db: Database):
    fill(db, 1_200, NOW)
    with db.read() as session:
        assert desk.counts(session, viewer_id=None)["all"] == 1_200
        page = desk.search(session, desk.TicketFilter(text="压坏"), limit=10)
        assert len(page.tickets) == 10
        assert page.next
        newest = page.tickets[0]
        assert desk.search(session, desk.TicketFilter(text=newest.reference)).tickets == [newest]
        assert desk.search(session, desk.TicketFilter(text=newest.number)).jump == newest.number
