"""What happens to a ticket is told, in its transaction, as plain facts."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlalchemy import select

from storage.database import Database
from tickets import desk
from tickets.changes import change_status, note
from tickets.new_ticket import NewTicket
from work.happenings import Happening

CALLER = "+8613812345678"
NEW = NewTicket(
    subject="Broken parcel", category="complaint", text="it is broken", caller_number=CALLER, language="en-US"
)


def told(db: Database) -> list[Happening]:
    with db.read() as session:
        return list(session.scalars(select(Happening).order_by(Happening.id)))


def test_a_ticket_tells_its_life(db: Database, now: datetime) -> None:
    with db.write() as session:
        ticket = desk.open_or_append(session, NEW, now).ticket
        note(session, ticket, "sent a new one", by="li", now=now)
        change_status(session, ticket, "solve", by="li", now=now)
        change_status(session, ticket, "reopen", by="li", now=now)
        change_status(session, ticket, "close", by="li", now=now)
    happenings = told(db)
    assert [happening.kind for happening in happenings] == [
        "ticket.opened",
        "ticket.commented",
        "ticket.solved",
        "ticket.reopened",
        "ticket.closed",
    ]
    assert {happening.reference for happening in happenings} == {ticket.number}
    solved = happenings[2].payload
    assert solved["number"] == ticket.number
    assert solved["caller_number"] == CALLER
    assert (solved["category"], solved["language"], solved["by"]) == ("complaint", "en-US", "li")
    assert "it is broken" not in json.dumps([happening.payload for happening in happenings])


def test_a_further_call_is_told_as_a_comment(db: Database, now: datetime) -> None:
    with db.write() as session:
        first = desk.open_or_append(session, NEW, now)
        again = desk.open_or_append(session, NEW, now)
    assert again.ticket.id == first.ticket.id
    assert [happening.kind for happening in told(db)] == ["ticket.opened", "ticket.commented"]


def test_what_was_rolled_back_was_never_told(db: Database, now: datetime) -> None:
    def open_and_fail() -> None:
        with db.write() as session:
            desk.open_or_append(session, NEW, now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        open_and_fail()
    assert told(db) == []
