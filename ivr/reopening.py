"""A person says on the phone that their solved ticket is not solved."""

from __future__ import annotations

from flows.requests import OpenTicket
from ivr.scope import CallScope
from ivr.ticketing import bring_along, open_ticket
from tickets import desk
from tickets.changes import put_priority
from tickets.rules import RANKS, raised
from tickets.ticket import Priority, Status, Ticket
from tickets.timeline import EntryKind

ACTOR = "caller"
REASON = "the person we asked says that it is not solved"


def reopen(scope: CallScope, *, number: str, comment: str, node: str) -> Ticket | None:
    """Open the ticket again, one step more urgent, with what was said; a closed or unknown one gets a successor.

    Told twice in one call it is reopened once. None when the call already speaks of it.
    """
    ticket = desk.find_by_number(scope.db, number)
    if ticket is None or ticket.status == Status.CLOSED:
        about = f"ticket {ticket.number}" if ticket is not None else "an earlier ticket"
        text = comment or scope.talk.said
        category = ticket.category if ticket is not None else ""
        reference = ticket.reference if ticket is not None else ""
        open_ticket(
            scope,
            OpenTicket(
                subject=f"Not solved: {ticket.subject if ticket is not None else about}"[:300],
                category=category,
                text=text,
                reference=reference,
                urgency="high",
                reason=f"{REASON} ({about})",
                node=node,
            ),
        )
        return scope.ticket
    if ticket.number in scope.talk.tickets:
        return None
    if ticket.status == Status.SOLVED:
        desk.change_status(scope.db, ticket, "reopen", by=ACTOR, now=scope.now, reason=REASON)
    higher = raised(Priority(ticket.priority), 1)
    if RANKS.index(higher) > RANKS.index(Priority(ticket.priority)):
        reasons = [*ticket.priority_reason, {"rule": "person", "why": REASON}]
        put_priority(scope.db, ticket, higher, reasons, by=ACTOR, now=scope.now)
    if comment:
        payload = {"text": comment, "node": node}
        desk.add_entry(scope.db, ticket, EntryKind.SPEECH, payload, at=scope.now, actor=ACTOR)
    scope.columns["ticket_id"], scope.held = ticket.id, ticket
    scope.talk.tickets = [*scope.talk.tickets, ticket.number]
    bring_along(scope, ticket)
    return ticket
