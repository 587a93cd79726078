"""Who changed what, when and why."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from storage.database import Database
from tickets.audit import AuditRow, record
from tickets.desk import (
    NewTicket,
    add_entry,
    assign,
    assign_group,
    change_status,
    changes,
    entries,
    find_ticket,
    note,
    open_or_append,
    set_category,
    set_priority,
    set_subject,
)
from tickets.errors import ChangedMeanwhileError, InvalidValueError, NotFoundError, TransitionRefusedError
from tickets.ticket import Ticket
from tickets.timeline import EntryKind
from tickets.users import Role, User


def user(session: Session, now: datetime, email: str = "a@b.c", *, active: bool = True) -> User:
    made = User(email=email, name="A", role=Role.AGENT, password_hash="-", created_at=now, active=active)
    session.add(made)
    session.flush()
    return made


def ticket_in(session: Session, now: datetime) -> Ticket:
    return open_or_append(session, NewTicket(subject="Parcel", caller_number="+14155552671"), now).ticket


def test_a_life_from_new_to_closed_is_written_down(db: Database, now: datetime):
    at = [now + timedelta(minutes=n) for n in range(9)]
    with db.write() as session:
        ticket, agent = ticket_in(session, at[0]), user(session, now)
        assign(session, ticket, agent.id, by=agent.actor, now=at[1], reason="mine")
        for number, trigger in enumerate(("wait_third", "open", "solve", "reopen", "solve", "close"), start=2):
            change_status(session, ticket, trigger, by=agent.actor, now=at[number], reason="why")
        history = [(e.at, e.actor, e.payload["from"], e.payload["to"]) for e in changes(session, ticket, "status")]
        assert history == [
            (at[1], agent.actor, "new", "open"),
            (at[2], agent.actor, "open", "waiting_third"),
            (at[3], agent.actor, "waiting_third", "open"),
            (at[4], agent.actor, "open", "solved"),
            (at[5], agent.actor, "solved", "open"),
            (at[6], agent.actor, "open", "solved"),
            (at[7], agent.actor, "solved", "closed"),
        ]
        assert (ticket.solved_at, ticket.closed_at, ticket.updated_at) == (at[6], at[7], at[7])
        assert ticket.version == 1 + len(changes(session, ticket))
        assert changes(session, ticket, "assignee")[0].payload == {
            "field": "assignee", "from": None, "to": agent.id, "reason": "mine",
        }  # fmt: skip


def test_a_step_that_is_refused_changes_nothing(db: Database, now: datetime):
    with db.write() as session:
        ticket = ticket_in(session, now)
        before = len(entries(session, ticket))
        with pytest.raises(TransitionRefusedError, match="new cannot reopen"):
            change_status(session, ticket, "reopen", by="user:1", now=now)
        assert (ticket.status, len(entries(session, ticket))) == ("new", before)


def test_two_people_cannot_overwrite_each_other_unseen(db: Database, now: datetime):
    with db.write() as session:
        number = ticket_in(session, now).number
    with db.write() as session:
        ticket = find_ticket(session, number)
        shown = ticket.version
        set_subject(session, ticket, "First", by="user:1", now=now, expected_version=shown)
    with db.write() as session:
        ticket = find_ticket(session, number)
        with pytest.raises(ChangedMeanwhileError, match="meanwhile"):
            set_priority(session, ticket, "low", by="user:2", now=now, expected_version=shown)
        assert (ticket.subject, ticket.priority) == ("First", "normal")


def test_a_ticket_goes_to_active_users_and_known_groups_only(db: Database, now: datetime):
    with db.write() as session:
        ticket = ticket_in(session, now)
        gone = user(session, now, "gone@b.c", active=False)
        for nobody in (gone.id, 4711):
            with pytest.raises(NotFoundError):
                assign(session, ticket, nobody, by="user:1", now=now)
        with pytest.raises(NotFoundError):
            assign_group(session, ticket, 4711, by="user:1", now=now)
        assign_group(session, ticket, 1, by="user:1", now=now)
        assert ticket.group_id == 1
        agent = user(session, now)
        assign(session, ticket, agent.id, by="user:1", now=now)
        assign(session, ticket, None, by="user:1", now=now)
        assert (ticket.assignee_id, ticket.status) == (None, "open")


def test_what_does_not_change_is_not_written(db: Database, now: datetime):
    with db.write() as session:
        ticket = ticket_in(session, now)
        before = len(entries(session, ticket))
        set_subject(session, ticket, "Parcel", by="user:1", now=now)
        set_category(session, ticket, "other", by="user:1", now=now)
        set_priority(session, ticket, "normal", by="user:1", now=now)
        assign(session, ticket, None, by="user:1", now=now)
        assert len(entries(session, ticket)) == before


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "x" * 20_001])
def test_an_empty_or_endless_note_is_refused(db: Database, now: datetime, text: str):
    with db.write() as session:
        ticket = ticket_in(session, now)
        with pytest.raises(InvalidValueError, match="note"):
            note(session, ticket, text, by="user:1", now=now)


def test_an_unknown_priority_and_an_empty_subject_are_refused(db: Database, now: datetime):
    with db.write() as session:
        ticket = ticket_in(session, now)
        with pytest.raises(InvalidValueError, match="low, normal, high, urgent"):
            set_priority(session, ticket, "asap", by="user:1", now=now)
        with pytest.raises(InvalidValueError, match="subject"):
            set_subject(session, ticket, " \n", by="user:1", now=now)
        with pytest.raises(NotFoundError):
            find_ticket(session, "nonsense")


def test_an_entry_with_the_same_key_is_written_once(db: Database, now: datetime):
    with db.write() as session:
        ticket = ticket_in(session, now)
        payload = {"recording_id": 7, "text": "hello", "confidence": 0.8}
        first = add_entry(session, ticket, EntryKind.TRANSCRIPT, payload, at=now, key="transcript:7")
        assert first is not None
        assert first.payload == payload
        assert add_entry(session, ticket, EntryKind.TRANSCRIPT, {"text": "other"}, at=now, key="transcript:7") is None
        assert [e.payload["text"] for e in entries(session, ticket) if e.kind == EntryKind.TRANSCRIPT] == ["hello"]


def test_a_late_entry_does_not_turn_a_ticket_back(db: Database, now: datetime):
    with db.write() as session:
        ticket = ticket_in(session, now)
        add_entry(session, ticket, EntryKind.SYSTEM, {"text": "late"}, at=now - timedelta(hours=1))
        assert ticket.updated_at == now
        assert entries(session, ticket)[0].payload["text"] == "late"


def test_deeds_are_recorded(db: Database, now: datetime):
    with db.write() as session:
        by = user(session, now).id
        record(session, at=now, user_id=by, action="ticket.export", subject="all", rows=3)
    with db.read() as session:
        row = session.get_one(AuditRow, 1)
        assert (row.action, row.subject, row.details, row.user_id) == ("ticket.export", "all", {"rows": 3}, by)
