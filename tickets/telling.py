"""What happens to tickets, told to rules and other programs; plain facts, no words of the caller."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tickets.ticket import Ticket
from work.happenings import tell


def tell_ticket(session: Session, ticket: Ticket, verb: str, *, by: str, now: datetime, **more: Any) -> None:
    """Tell "ticket.<verb>", in the transaction in which it happened; the ticket's number is the reference."""
    payload = {
        "ticket_id": ticket.id,
        "number": ticket.number,
        "subject": ticket.subject,
        "category": ticket.category,
        "priority": str(ticket.priority),
        "status": str(ticket.status),
        "reference": ticket.reference,
        "caller_number": ticket.caller_number,
        "person_id": ticket.person_id,
        "language": ticket.language,
        "call_sid": ticket.call_sid,
        "by": by,
        **more,
    }
    tell(session, f"ticket.{verb}", payload, now=now, reference=ticket.number)
