"""The desk: everything that other rooms need of tickets is named here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.categories import Category
from tickets.changes import (
    assign,
    assign_group,
    change_status,
    find_ticket,
    lock,
    note,
    put_category,
    raise_priority,
    set_category,
    set_priority,
    set_subject,
)
from tickets.indexing import reindex
from tickets.listing import Page, TicketFilter, count, counts, search
from tickets.matters import caller_of, of_caller
from tickets.new_ticket import NewTicket
from tickets.numbers import plain
from tickets.opening import Opened, open_or_append
from tickets.people import plain_number
from tickets.rules import Circumstances, choose_category
from tickets.ticket import Ticket
from tickets.timeline import add_entry, changes, entries

__all__ = [
    "NewTicket",
    "Opened",
    "Page",
    "TicketFilter",
    "add_entry",
    "assign",
    "assign_group",
    "change_status",
    "changes",
    "count",
    "counts",
    "entries",
    "find_by_number",
    "find_for_caller",
    "find_ticket",
    "note",
    "open_or_append",
    "reconsider",
    "reindex",
    "search",
    "set_category",
    "set_priority",
    "set_subject",
]


def find_for_caller(session: Session, *, number: str, person_id: int | None, limit: int = 20) -> list[Ticket]:
    """The caller's tickets, newest first; none when nobody knows who calls."""
    number = plain_number(number) or number
    if not caller_of(person_id, number):
        return []
    query = select(Ticket).where(of_caller(person_id, number)).order_by(Ticket.created_at.desc(), Ticket.id.desc())
    return list(session.scalars(query.limit(limit)))


def find_by_number(session: Session, text: str) -> Ticket | None:
    """The ticket whose number was said, keyed or typed, with spaces or not."""
    return session.scalar(select(Ticket).where(Ticket.number == plain(text)))


def reconsider(session: Session, ticket: Ticket, text: str, now: datetime) -> Ticket:
    """Let the rules look again now that more was understood: a category they did not know, a priority too low.

    What a person or a flow decided about the category stays; a priority is only ever raised.
    """
    lock(session, ticket)
    if ticket.category_reason.get("rule") in (None, "default", "node"):
        choice = choose_category(session.scalars(select(Category)), text=text)
        if choice.reason["rule"] == "words":
            put_category(session, ticket, choice.key, choice.reason, by="system", now=now)
    raise_priority(session, ticket, Circumstances(text=text), now)
    return ticket
