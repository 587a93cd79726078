"""When two calls are about the same matter: same person, same category, same reference."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from tickets.lifecycle import UNDONE
from tickets.ticket import Status, Ticket

WINDOW = timedelta(days=14)
"""A call without a reference belongs to an open ticket of its category that moved within this time."""


_STALE = select(Ticket).where(Ticket.open_matter == bindparam("matter"), Ticket.updated_at < bindparam("before"))


def caller_of(person_id: int | None, caller_number: str) -> str:
    """Names whoever calls, "" when nobody knows: an unknown caller has no other tickets."""
    if person_id is not None:
        return f"person:{person_id}"
    return f"number:{caller_number}" if caller_number else ""


def matter_of(caller: str, category: str, reference: str) -> str | None:
    """The key under which one matter can have only one open ticket; None when the caller is unknown."""
    return f"{caller}|{category}|{reference.lower()}"[:400] if caller else None


def of_caller(person_id: int | None, caller_number: str) -> ColumnElement[bool]:
    """The tickets of a caller: of the person, or of the number where no person is known."""
    if person_id is not None:
        return Ticket.person_id == person_id
    return Ticket.caller_number == caller_number


def find_same(
    session: Session, *, person_id: int | None, caller_number: str, category: str, reference: str, now: datetime
) -> Ticket | None:
    """The caller's ticket on the same matter, locked; None when there is none that is not closed.

    With a reference, in any case of letters, it is the one with that reference, also when it is solved. Without one it
    is the undone ticket of the category that moved last, within `WINDOW`.
    """
    matter = matter_of(caller_of(person_id, caller_number), category, reference)
    if matter is None:
        return None
    values: dict[str, Any] = {"person": person_id, "number": caller_number, "category": category}
    if reference:
        values |= {"matter": matter, "reference": reference.lower()}
    else:
        values |= {"since": now - WINDOW}
    query = _same(by_person=person_id is not None, by_reference=bool(reference))
    return session.scalars(query, values).first()


@cache
def _same(*, by_person: bool, by_reference: bool) -> Select[Ticket]:
    """Built once: every opening of a ticket asks this."""
    caller = Ticket.person_id == bindparam("person") if by_person else Ticket.caller_number == bindparam("number")
    query = select(Ticket).where(caller, Ticket.category == bindparam("category"))
    if by_reference:
        again = and_(Ticket.status == Status.SOLVED, func.lower(Ticket.reference) == bindparam("reference"))
        query = query.where(or_(Ticket.open_matter == bindparam("matter"), again))
        query = query.order_by(Ticket.open_matter.is_(None), Ticket.updated_at.desc(), Ticket.id.desc())
    else:
        query = query.where(Ticket.status.in_(UNDONE), Ticket.updated_at >= bindparam("since"))
        query = query.order_by(Ticket.updated_at.desc(), Ticket.id.desc())
    return query.limit(1).with_for_update(of=Ticket).execution_options(populate_existing=True)


def take(session: Session, ticket: Ticket) -> None:
    """Make the ticket the open one of its matter, unless another is."""
    matter = matter_of(caller_of(ticket.person_id, ticket.caller_number), ticket.category, ticket.reference)
    other = session.scalar(select(Ticket.id).where(Ticket.open_matter == matter, Ticket.id != ticket.id))
    ticket.open_matter = matter if other is None else None


def release(ticket: Ticket) -> None:
    """The ticket is not the open one of its matter any more."""
    ticket.open_matter = None


def release_stale(session: Session, matter: str | None, now: datetime) -> None:
    """Let go of a matter whose open ticket has not moved within `WINDOW`, so that a new one can begin."""
    if matter is None:
        return
    for ticket in session.scalars(_STALE, {"matter": matter, "before": now - WINDOW}).all():
        release(ticket)
    session.flush()
