"""Lists of tickets: filters, saved views with counts, pages by key, and the search box."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tickets.errors import InvalidValueError
from tickets.lifecycle import UNDONE
from tickets.numbers import is_valid, plain
from tickets.people import PersonNumber, plain_number
from tickets.search import matching
from tickets.ticket import Priority, Status, Ticket

SORTS = {"updated": Ticket.updated_at, "created": Ticket.created_at}
"""What a list may be ordered by; newest first."""

_LIKE_A_PHONE = re.compile(r"\+?[\d ()./-]{5,30}")

_UNDONE = Ticket.status.in_(UNDONE)

VIEWS: Mapping[str, Callable[[int | None], ColumnElement[bool]]] = {
    "unassigned": lambda _: and_(_UNDONE, Ticket.assignee_id.is_(None)),
    "mine": lambda user_id: and_(_UNDONE, Ticket.assignee_id == user_id) if user_id is not None else false(),
    "undone": lambda _: _UNDONE,
    "urgent": lambda _: and_(_UNDONE, Ticket.priority.in_((Priority.HIGH, Priority.URGENT))),
    "waiting": lambda _: Ticket.status.in_((Status.WAITING_CUSTOMER, Status.WAITING_THIRD)),
    "solved": lambda _: Ticket.status == Status.SOLVED,
    "closed": lambda _: Ticket.status == Status.CLOSED,
    "all": lambda _: Ticket.id.is_not(None),
}
"""The saved views, by key: what belongs to each for a user."""


@dataclass(frozen=True, kw_only=True)
class TicketFilter:
    """Which tickets; everything given must hold, empty means any. `view` is a key of VIEWS, for `viewer_id`."""

    view: str = ""
    viewer_id: int | None = None
    statuses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    assignee_id: int | None = None
    unassigned: bool = False
    group_id: int | None = None
    person_id: int | None = None
    language: str = ""
    source: str = ""
    text: str = ""
    created_from: datetime | None = None
    created_to: datetime | None = None
    sort: str = "updated"


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some tickets, and the cursor of the next page; None at the end.

    `jump` is the number of the one ticket that the search box names, "" otherwise.
    """

    tickets: list[Ticket]
    next: str | None = None
    jump: str = ""


def search(session: Session, filters: TicketFilter, *, after: str | None = None, limit: int = 50) -> Page:
    """A page of tickets, newest first, with person, assignee and group loaded.

    A whole ticket number in the search box finds that ticket whatever else is filtered. Raises InvalidValueError for
    an unknown view or sort, or a cursor that is none.
    """
    loaded = (joinedload(Ticket.person), joinedload(Ticket.assignee), joinedload(Ticket.group))
    if is_valid(filters.text):
        named = session.scalar(select(Ticket).where(Ticket.number == plain(filters.text)).options(*loaded))
        if named is not None:
            return Page(tickets=[named], jump=named.number)
    moment = SORTS.get(filters.sort)
    if moment is None:
        raise InvalidValueError(f"Tickets cannot be ordered by {filters.sort[:40]}.")
    limit = max(1, min(limit, 500))
    query = filtered(session, filters).options(*loaded).order_by(moment.desc(), Ticket.id.desc())
    if after:
        at, ticket_id = _read_cursor(after)
        query = query.where(or_(moment < at, and_(moment == at, Ticket.id < ticket_id)))
    rows = list(session.scalars(query.limit(limit + 1)))
    if len(rows) <= limit:
        return Page(tickets=rows)
    last = rows[limit - 1]
    moved = last.created_at if filters.sort == "created" else last.updated_at
    return Page(tickets=rows[:limit], next=_write_cursor(moved, last.id))


def counts(session: Session, *, viewer_id: int | None, filters: TicketFilter | None = None) -> dict[str, int]:
    """How many tickets each view has for this user, in one query, within `filters` (whose view is ignored)."""
    columns = [func.count(case((belongs(viewer_id), 1))).label(key) for key, belongs in VIEWS.items()]
    query = select(*columns).select_from(Ticket)
    if filters is not None:
        query = query.where(*_conditions(session, filters, with_view=False))
    row = session.execute(query).one()
    return {key: int(row[n]) for n, key in enumerate(VIEWS)}


def count(session: Session, filters: TicketFilter) -> int:
    """How many tickets a filter has."""
    return session.scalar(select(func.count(Ticket.id)).where(*_conditions(session, filters))) or 0


def filtered(session: Session, filters: TicketFilter) -> Select[Ticket]:
    """The query of all tickets of a filter, unordered, for exports."""
    return select(Ticket).where(*_conditions(session, filters))


def _conditions(session: Session, filters: TicketFilter, *, with_view: bool = True) -> list[ColumnElement[bool]]:
    wanted = _equal_conditions(filters)
    if with_view and filters.view:
        belongs = VIEWS.get(filters.view)
        if belongs is None:
            raise InvalidValueError(f"There is no view {filters.view[:40]}.")
        wanted.append(belongs(filters.viewer_id))
    if filters.unassigned:
        wanted.append(Ticket.assignee_id.is_(None))
    if filters.language:
        wanted.append(Ticket.language.like(f"{filters.language[:2]}%"))
    if filters.created_from is not None:
        wanted.append(Ticket.created_at >= filters.created_from)
    if filters.created_to is not None:
        wanted.append(Ticket.created_at < filters.created_to)
    if filters.text.strip():
        wanted.append(_by_text(session, filters.text))
    return wanted


def _equal_conditions(filters: TicketFilter) -> list[ColumnElement[bool]]:
    one_of: list[tuple[ColumnElement[Any], tuple[object, ...]]] = [
        (Ticket.status.expression, filters.statuses),
        (Ticket.category.expression, filters.categories),
        (Ticket.priority.expression, filters.priorities),
        (Ticket.assignee_id.expression, () if filters.assignee_id is None else (filters.assignee_id,)),
        (Ticket.group_id.expression, () if filters.group_id is None else (filters.group_id,)),
        (Ticket.person_id.expression, () if filters.person_id is None else (filters.person_id,)),
        (Ticket.source.expression, (filters.source,) if filters.source else ()),
    ]
    return [column.in_(values) for column, values in one_of if values]


def _is_number(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """Whether a column of E.164 numbers is the number in `words`, or ends with its digits."""
    if number := plain_number(words):
        return column == number
    return column.like(f"%{re.sub(r'[^0-9]', '', words).lstrip('0')}")


def _by_text(session: Session, words: str) -> ColumnElement[bool]:
    """Tickets of a telephone number when `words` is one, or the end of one; else those with the words."""
    found = matching(session, words)
    by_words = false() if found is None else Ticket.id.in_(found)
    if not _LIKE_A_PHONE.fullmatch(words.strip()):
        return by_words
    people = select(PersonNumber.person_id).where(_is_number(PersonNumber.number.expression, words))
    return or_(by_words, _is_number(Ticket.caller_number.expression, words), Ticket.person_id.in_(people))


def _write_cursor(at: datetime, ticket_id: int) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{ticket_id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, ticket_id = text.split("|")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("no time zone")  # noqa: TRY301
        return moment, int(ticket_id)
    except (ValueError, binascii.Error) as error:
        raise InvalidValueError("This page of the list does not exist; begin at the first.") from error
