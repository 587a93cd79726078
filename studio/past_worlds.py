"""What other systems and the desk told past calls: replies to lookups, and tickets that callers might hear of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from flows.requests import LookupReply, TicketSummary
from ivr.calls import Call
from ivr.lookups import LookupRow
from ivr.rehearsal.past_house import PastLookup, PastTicket
from tickets.numbers import plain
from tickets.ticket import Ticket


def lookups_of(rows: Iterable[LookupRow], turns_at: Sequence[datetime]) -> list[PastLookup]:
    """A call's lookups in order. One whose reply came after its time was up counts as timed out, as it did then."""
    return [
        PastLookup(
            node=str(row.request.get("node", "")),
            method=str(row.request.get("method", "")),
            url=str(row.request.get("url", "")),
            body=row.request.get("body"),
            reply=_reply(row, turns_at),
        )
        for row in rows
    ]


def _reply(row: LookupRow, turns_at: Sequence[datetime]) -> LookupReply:
    asked_again = [at for at in turns_at if at > row.asked_at]
    too_late = next((at for at in asked_again if at >= row.until), None)
    answered_at = row.answered_at
    if row.reply is None or (answered_at is not None and too_late is not None and answered_at > too_late):
        return LookupReply(outcome="timeout")
    return LookupReply(
        outcome=str(row.reply.get("outcome", "error")), status=row.reply.get("status"), body=row.reply.get("body")
    )


def tickets_of(
    s: Session, calls: Sequence[Call], heard: Mapping[int, Sequence[Mapping[str, Any]]]
) -> dict[int, tuple[PastTicket, ...]]:
    """By call id the caller's own tickets, newest first, and those whose numbers were said or keyed."""
    people = {call.person_id for call in calls if call.person_id is not None}
    numbers = {_caller(call) for call in calls} - {""}
    named = {call_id: _named(turns) for call_id, turns in heard.items()}
    every = set().union(*named.values()) if named else set()
    query = (
        select(Ticket)
        .where(or_(Ticket.person_id.in_(people), Ticket.caller_number.in_(numbers), Ticket.number.in_(every)))
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
    )
    by_person: dict[int | None, list[Ticket]] = {}
    by_caller: dict[str, list[Ticket]] = {}
    by_number: dict[str, Ticket] = {}
    for ticket in s.scalars(query):
        by_person.setdefault(ticket.person_id, []).append(ticket)
        by_caller.setdefault(ticket.caller_number, []).append(ticket)
        by_number[ticket.number] = ticket
    found: dict[int, tuple[PastTicket, ...]] = {}
    for call in calls:
        own = (
            by_person.get(call.person_id, []) if call.person_id is not None else by_caller.get(_caller(call) or "-", [])
        )
        others = [by_number[number] for number in sorted(named.get(call.id, ())) if number in by_number]
        told = [(ticket, True) for ticket in own] + [(ticket, False) for ticket in others if ticket not in own]
        found[call.id] = tuple(_past(ticket, is_own) for ticket, is_own in told)
    return found


def _caller(call: Call) -> str:
    return call.from_number if call.direction == "inbound" else call.to_number


def _named(turns: Iterable[Mapping[str, Any]]) -> set[str]:
    said = (str(heard.get("digits") or heard.get("text") or "") for heard in turns)
    return {plain(text) for text in said if 4 <= len(plain(text)) <= 12}


def _past(ticket: Ticket, own: bool) -> PastTicket:
    summary = TicketSummary(
        number=ticket.number, subject=ticket.subject, status=str(ticket.status), updated_at=ticket.updated_at
    )
    return PastTicket(summary=summary, created_at=ticket.created_at, of_caller=own)
