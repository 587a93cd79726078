"""How a call becomes a ticket, or a part of the caller's open one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tickets import search
from tickets.categories import Category
from tickets.changes import change_status, raise_priority
from tickets.indexing import searchable
from tickets.matters import caller_of, find_same, matter_of, release_stale
from tickets.new_ticket import NewTicket, plain_values
from tickets.numbers import next_number
from tickets.people import Person
from tickets.rules import CategoryChoice, Circumstances, choose_category, choose_priority, level
from tickets.telling import tell_ticket
from tickets.texts import clean_line
from tickets.ticket import Status, Ticket
from tickets.timeline import Entry, EntryKind, add_entry
from tickets.users import Group

_ENTRY_BY_KEY = select(Entry).where(Entry.key == bindparam("key"))
_CATEGORIES = select(Category)
_GROUP_BY_KEY = select(Group.id).where(Group.key == bindparam("key"))


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The ticket, and whether it was there before."""

    ticket: Ticket
    appended: bool


def open_or_append(session: Session, new: NewTicket, now: datetime) -> Opened:
    """Open a ticket, or add to the caller's one on the same matter; two calls at once make one ticket.

    A solved ticket on the same reference is opened again; a closed one never changes.
    """
    new = plain_values(new)
    if new.key and (before := session.scalar(_ENTRY_BY_KEY, {"key": f"open:{new.key}"})):
        return Opened(ticket=session.get_one(Ticket, before.ticket_id), appended=bool(before.payload.get("appended")))
    choice = choose_category(
        session.scalars(_CATEGORIES), asked=new.category, intent=new.intent, text=new.text, node=new.node
    )
    if found := _of_call(session, new) or _same(session, new, choice, now):
        return _append(session, found, new, now)
    if not new.reference:
        release_stale(session, matter_of(caller_of(new.person_id, new.caller_number), choice.key, ""), now)
    person = session.get(Person, new.person_id) if new.person_id is not None else None
    try:
        with session.begin_nested():
            ticket = _open(session, new, choice, person, now)
    except IntegrityError:
        # Another call of the same caller opened it between our look and our insert.
        found = _same(session, new, choice, now)
        if found is None:
            raise
        return _append(session, found, new, now)
    return Opened(ticket=ticket, appended=False)


def _of_call(session: Session, new: NewTicket) -> Ticket | None:
    """The ticket that the call has already, locked, when nothing says that this is another matter."""
    if new.ticket_of_call is None or new.category:
        return None
    ticket = session.get(Ticket, new.ticket_of_call, with_for_update=True, populate_existing=True)
    if ticket is None or ticket.status == Status.CLOSED:
        return None
    return ticket if new.reference.lower() in ("", ticket.reference.lower()) else None


def _same(session: Session, new: NewTicket, choice: CategoryChoice, now: datetime) -> Ticket | None:
    return find_same(
        session,
        person_id=new.person_id,
        caller_number=new.caller_number,
        category=choice.key,
        reference=new.reference,
        now=now,
    )


def _open(session: Session, new: NewTicket, choice: CategoryChoice, person: Person | None, now: datetime) -> Ticket:
    category = choice.category
    impact = level(new.impact or (category.impact if category else ""))
    urgency = level(new.urgency or (category.urgency if category else ""))
    priority = choose_priority(impact, urgency, _circumstances(session, new, person, now))
    group_key = category.group_key if category else ""
    ticket = Ticket(
        number=next_number(session, now),
        subject=new.subject or subject_of(new, category),
        category=choice.key,
        category_reason=choice.reason,
        priority=priority.priority,
        priority_reason=priority.reasons,
        impact=impact,
        urgency=urgency,
        status=Status.NEW,
        person_id=new.person_id,
        caller_number=new.caller_number,
        language=new.language,
        group_id=session.scalar(_GROUP_BY_KEY, {"key": group_key}) if group_key else None,
        source=new.source,
        reference=new.reference,
        fields=dict(new.fields),
        flow_name=new.flow_name,
        call_sid=new.call_sid,
        text=new.text,
        created_at=now,
        updated_at=now,
        open_matter=matter_of(caller_of(new.person_id, new.caller_number), choice.key, new.reference),
        demo=new.demo,
    )
    session.add(ticket)
    session.flush()
    search.begin(session, ticket.id, searchable(ticket, person))
    _tell(session, ticket, new, now, appended=False)
    tell_ticket(session, ticket, "opened", by="flow", now=now)
    return ticket


def _append(session: Session, ticket: Ticket, new: NewTicket, now: datetime) -> Opened:
    """Add a further call to a ticket that is locked."""
    person = session.get(Person, new.person_id) if new.person_id is not None else None
    circumstances = _circumstances(session, new, person, now)
    if ticket.status == Status.SOLVED:
        change_status(session, ticket, "reopen", by="system", now=now, reason="called_again")
    elif ticket.status == Status.WAITING_CUSTOMER:
        change_status(session, ticket, "open", by="system", now=now, reason="called_again")
    if new.fields:
        ticket.fields = {**ticket.fields, **new.fields}
    ticket.version += 1
    ticket.updated_at = max(ticket.updated_at, now)
    _tell(session, ticket, new, now, appended=True)
    raise_priority(session, ticket, circumstances, now)
    tell_ticket(session, ticket, "commented", by="caller", now=now, internal=False)
    return Opened(ticket=ticket, appended=True)


def _tell(session: Session, ticket: Ticket, new: NewTicket, now: datetime, *, appended: bool) -> None:
    """Write the call, the wish and the words into the timeline."""
    if new.call_sid:
        payload = {"call_sid": new.call_sid, "direction": new.direction, "flow": new.flow_name}
        key = f"call:{new.call_sid}:{ticket.id}"
        add_entry(session, ticket, EntryKind.CALL, payload, at=now, actor="caller", key=key)
    system = {"event": "appended" if appended else "opened", "appended": appended, "reason": new.reason}
    key_of_opening = f"open:{new.key}" if new.key else None
    add_entry(session, ticket, EntryKind.SYSTEM, system, at=now, actor="flow", key=key_of_opening)
    if new.text:
        speech = {"node": new.node, "text": new.text, "confidence": new.confidence}
        add_entry(session, ticket, EntryKind.SPEECH, speech, at=now, actor="caller", findable=appended)


def _circumstances(session: Session, new: NewTicket, person: Person | None, now: datetime) -> Circumstances:
    return Circumstances(
        text=new.text,
        vip=bool(person and person.vip),
        errors=new.errors,
        earlier_calls=_earlier_calls(session, new, now),
    )


def _earlier_calls(session: Session, new: NewTicket, now: datetime) -> int:
    """Other calls of this caller within 24 hours that led to a ticket."""
    if not caller_of(new.person_id, new.caller_number):
        return 0
    values: dict[str, Any] = {"person": new.person_id, "number": new.caller_number, "since": now - timedelta(hours=24)}
    if new.call_sid:
        values |= {"this_call": f"call:{new.call_sid}:%"}
    query = _recent_calls(by_person=new.person_id is not None, but_this=bool(new.call_sid))
    return session.scalar(query, values) or 0


@cache
def _recent_calls(*, by_person: bool, but_this: bool) -> Select[int]:
    caller = Ticket.person_id == bindparam("person") if by_person else Ticket.caller_number == bindparam("number")
    query = select(func.count(func.distinct(Entry.key))).join(Ticket, Ticket.id == Entry.ticket_id)
    recent = query.where(caller, Entry.kind == EntryKind.CALL, Entry.at >= bindparam("since"))
    return recent.where(Entry.key.not_like(bindparam("this_call"))) if but_this else recent


def subject_of(new: NewTicket, category: Category | None) -> str:
    """A subject from what there is: the category's title and the reference, or the caller's first words."""
    tongue = "zh" if new.language.lower().startswith("zh") else "en"
    title = (category.title.get(tongue) or category.title.get("en", "")) if category else ""
    said = clean_line(new.text, 80)
    parts = [title, new.reference] if new.reference else [title, said]
    joined = ("：" if tongue == "zh" else ": ").join(part for part in parts if part)
    return clean_line(joined or new.reason or ("来电" if tongue == "zh" else "Call"), 300)
