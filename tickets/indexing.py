"""What words a ticket is found by."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tickets import search
from tickets.people import Person
from tickets.ticket import Ticket
from tickets.timeline import entries, words_of


def reindex(session: Session, ticket: Ticket) -> None:
    """Write the search index of a ticket anew: when it is made, or after its caller got a name."""
    person = session.get(Person, ticket.person_id) if ticket.person_id is not None else None
    words = [searchable(ticket, person), *(words_of(e) for e in entries(session, ticket))]
    search.write(session, ticket.id, " ".join(words))


def searchable(ticket: Ticket, person: Person | None) -> str:
    """The words of the ticket itself: number, subject, caller, reference, first words and fields."""
    values = (str(v) for v in ticket.fields.values() if isinstance(v, str | int | float))
    name = person.name if person else ""
    return " ".join([ticket.number, ticket.subject, name, ticket.caller_number, ticket.reference, ticket.text, *values])
