"""What people and rules change on a ticket. Each change stands in its timeline: who, when, from, to and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets import search
from tickets.errors import ChangedMeanwhileError, InvalidValueError, NotFoundError
from tickets.lifecycle import step
from tickets.matters import release, take
from tickets.rules import RANKS, Circumstances, Reason, raised, raising_reasons, steps_of
from tickets.telling import tell_ticket
from tickets.texts import clean, clean_line
from tickets.ticket import Priority, Status, Ticket
from tickets.timeline import Entry, EntryKind, add_entry
from tickets.users import Group, User

LONGEST_NOTE = 20_000
_TOLD = {"solve": "solved", "reopen": "reopened", "close": "closed"}
"""Steps that other programs and rules hear of."""


def lock(session: Session, ticket: Ticket, expected_version: int | None = None) -> Ticket:
    """Let nobody else change the ticket until the transaction ends, and see what it is now.

    Raises ChangedMeanwhileError when `expected_version` is given and not the ticket's.
    """
    session.refresh(ticket, with_for_update=True)
    if expected_version is not None and ticket.version != expected_version:
        raise ChangedMeanwhileError(f"Somebody else changed ticket {ticket.number} meanwhile; load it again.")
    return ticket


def change_status(
    session: Session,
    ticket: Ticket,
    trigger: str,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> Ticket:
    """Take a step of `tickets.lifecycle`. Raises TransitionRefusedError when the status does not allow it."""
    lock(session, ticket, expected_version)
    before = Status(ticket.status)
    step(ticket, trigger)
    if ticket.status == Status.SOLVED:
        ticket.solved_at = now
    if ticket.status == Status.CLOSED:
        ticket.closed_at = now
    if trigger == "reopen":
        ticket.solved_at = None
        take(session, ticket)
    if ticket.status in (Status.SOLVED, Status.CLOSED):
        release(ticket)
    note_change(session, ticket, "status", before.value, Status(ticket.status).value, by=by, now=now, reason=reason)
    if trigger in _TOLD:
        tell_ticket(session, ticket, _TOLD[trigger], by=by, now=now)
    return ticket


def assign(
    session: Session,
    ticket: Ticket,
    user_id: int | None,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> Ticket:
    """Give a ticket to an active user, or to nobody; a new ticket that gets an owner becomes open."""
    lock(session, ticket, expected_version)
    if user_id is not None:
        user = session.get(User, user_id)
        if user is None or not user.active:
            raise NotFoundError("There is no such active user.")
    if ticket.assignee_id == user_id:
        return ticket
    before, ticket.assignee_id = ticket.assignee_id, user_id
    note_change(session, ticket, "assignee", before, user_id, by=by, now=now, reason=reason)
    if user_id is not None and ticket.status == Status.NEW:
        change_status(session, ticket, "open", by=by, now=now, reason=reason)
    return ticket


def assign_group(
    session: Session,
    ticket: Ticket,
    group_id: int | None,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> Ticket:
    """Give a ticket to a group, or to none."""
    lock(session, ticket, expected_version)
    if group_id is not None and session.get(Group, group_id) is None:
        raise NotFoundError("There is no such group.")
    if ticket.group_id != group_id:
        before, ticket.group_id = ticket.group_id, group_id
        note_change(session, ticket, "group", before, group_id, by=by, now=now, reason=reason)
    return ticket


def set_priority(
    session: Session,
    ticket: Ticket,
    priority: str,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> Ticket:
    """Set a priority by hand."""
    if priority not in tuple(Priority):
        raise InvalidValueError(f"A priority is one of {', '.join(Priority)}.")
    lock(session, ticket, expected_version)
    return put_priority(
        session, ticket, Priority(priority), [{"rule": "person", "why": clean_line(reason, 300)}], by=by, now=now
    )


def put_priority(
    session: Session, ticket: Ticket, priority: Priority, reasons: list[Reason], *, by: str, now: datetime
) -> Ticket:
    """Set a priority with the rules' reasons, in a ticket that is locked."""
    if ticket.priority != priority:
        before, ticket.priority = str(ticket.priority), priority
        ticket.priority_reason = reasons
        note_change(session, ticket, "priority", before, priority.value, by=by, now=now, reason=reasons)
    return ticket


def raise_priority(session: Session, ticket: Ticket, circumstances: Circumstances, now: datetime) -> None:
    """Raise the priority for each kind of reason that it was not raised for before."""
    known = {reason.get("rule") for reason in ticket.priority_reason}
    fresh = [reason for reason in raising_reasons(circumstances) if reason["rule"] not in known]
    if not fresh:
        return
    urgent = any(reason["rule"] == "danger" for reason in fresh)
    higher = Priority.URGENT if urgent else raised(Priority(ticket.priority), steps_of(fresh))
    reasons = [*ticket.priority_reason, *fresh]
    if RANKS.index(higher) > RANKS.index(Priority(ticket.priority)):
        put_priority(session, ticket, higher, reasons, by="system", now=now)
    else:
        ticket.priority_reason = reasons


def set_category(
    session: Session,
    ticket: Ticket,
    category: str,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> Ticket:
    """Set a category by hand."""
    lock(session, ticket, expected_version)
    why: Reason = {"rule": "person", "why": clean_line(reason, 300)}
    return put_category(session, ticket, clean_line(category, 64), why, by=by, now=now)


def put_category(session: Session, ticket: Ticket, category: str, why: Reason, *, by: str, now: datetime) -> Ticket:
    """Set a category with a rule's reason, in a ticket that is locked."""
    if ticket.category != category:
        before, ticket.category = ticket.category, category
        ticket.category_reason = why
        if ticket.open_matter is not None:
            take(session, ticket)
        note_change(session, ticket, "category", before, category, by=by, now=now, reason=why)
    return ticket


def set_subject(
    session: Session, ticket: Ticket, subject: str, *, by: str, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Rename a ticket."""
    lock(session, ticket, expected_version)
    line = clean_line(subject, 300)
    if not line:
        raise InvalidValueError("A ticket needs a subject.")
    if ticket.subject != line:
        before, ticket.subject = ticket.subject, line
        search.add(session, ticket.id, line)
        note_change(session, ticket, "subject", before, line, by=by, now=now)
    return ticket


def note(
    session: Session,
    ticket: Ticket,
    text: str,
    *,
    by: str,
    now: datetime,
    internal: bool = True,
    key: str | None = None,
) -> Entry | None:
    """Write a note. Raises InvalidValueError when it is empty or over 20,000 characters."""
    words = clean(text, LONGEST_NOTE + 1).strip()
    if not words:
        raise InvalidValueError("The note is empty.")
    if len(words) > LONGEST_NOTE:
        raise InvalidValueError(f"The note is longer than {LONGEST_NOTE} characters.")
    lock(session, ticket)
    ticket.version += 1
    entry = add_entry(session, ticket, EntryKind.NOTE, {"text": words, "internal": internal}, at=now, actor=by, key=key)
    if entry is not None:
        tell_ticket(session, ticket, "commented", by=by, now=now, internal=internal)
    return entry


def note_change(
    session: Session, ticket: Ticket, field: str, before: Any, after: Any, *, by: str, now: datetime, reason: Any = ""
) -> None:
    """Write a change into the timeline and count the ticket's version up."""
    ticket.version += 1
    ticket.updated_at = now
    payload = {"field": field, "from": before, "to": after, "reason": reason}
    add_entry(session, ticket, EntryKind.CHANGE, payload, at=now, actor=by)


def find_ticket(session: Session, number: str) -> Ticket:
    """The ticket with this number. Raises NotFoundError."""
    ticket = session.scalar(select(Ticket).where(Ticket.number == number))
    if ticket is None:
        raise NotFoundError(f"There is no ticket {clean_line(number, 20)}.")
    return ticket
