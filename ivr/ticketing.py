"""What a call brings to a ticket: opening one, and everything said, recorded and sent around it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as DbSession

from flows.requests import FindTickets, OpenTicket, TicketNumber, TicketsFound, TicketSummary
from ivr.messages import Message
from ivr.recordings import Recording
from ivr.scope import CallScope
from tickets import desk
from tickets.ticket import Ticket
from tickets.timeline import EntryKind

_RECORDINGS_LEFT = (
    select(Recording)
    .where(Recording.call_id == bindparam("call"), Recording.ticket_id.is_(None), ~Recording.whole_call)
    .order_by(Recording.id)
)
_MESSAGES_LEFT = (
    select(Message).where(Message.call_id == bindparam("call"), Message.ticket_id.is_(None)).order_by(Message.id)
)


def open_ticket(scope: CallScope, request: OpenTicket) -> TicketNumber:
    """Open a ticket for the call, or add to the caller's open one; what the call has so far goes onto it."""
    call, talk = scope.call, scope.talk
    text = request.text or talk.said
    opened = desk.open_or_append(
        scope.db,
        desk.NewTicket(
            subject=request.subject,
            category=request.category,
            text=text,
            confidence=_confidence(scope, text),
            reference=request.reference,
            impact=request.impact,
            urgency=request.urgency,
            fields=dict(request.fields),
            reason=request.reason,
            node=request.node,
            ticket_of_call=scope.ticket_id,
            errors=talk.errors_in_call,
            caller_number=scope.caller_number,
            person_id=call.person_id,
            language=talk.language,
            call_sid=call.sid or "",
            direction=call.direction,
            flow_name=call.flow_name,
            source="phone",
            key=f"{call.id}:{call.turn}:{len(talk.tickets)}",
            demo=call.demo,
        ),
        scope.now,
    )
    scope.columns["ticket_id"], scope.held = opened.ticket.id, opened.ticket
    talk.tickets = [*talk.tickets, opened.ticket.number]
    talk.kept = [piece for piece in talk.kept if piece["text"] not in text]
    bring_along(scope, opened.ticket)
    return TicketNumber(number=opened.ticket.number, appended=opened.appended)


def _confidence(scope: CallScope, text: str) -> float | None:
    """The lowest confidence of the spoken pieces that the text holds; None when none is known."""
    pieces = [piece["confidence"] for piece in scope.talk.kept if piece["text"] in text]
    return min((confidence for confidence in pieces if confidence is not None), default=None)


def bring_along(scope: CallScope, ticket: Ticket) -> None:
    """Put what the call left before the ticket was there onto the ticket's timeline."""
    of_call = {"call": scope.call.id}
    tell_speech(scope)
    for recording in scope.db.scalars(_RECORDINGS_LEFT, of_call).all():
        attach_recording(scope.db, recording, ticket, scope.now)
    for message in scope.db.scalars(_MESSAGES_LEFT, of_call).all():
        attach_message(scope.db, message, ticket, scope.now)


def tell_speech(scope: CallScope) -> None:
    """Move what the caller said in own words from the session onto the call's ticket, once it has one."""
    ticket = scope.ticket
    if ticket is None or not scope.talk.kept:
        return
    for piece in scope.talk.kept:
        desk.add_entry(scope.db, ticket, EntryKind.SPEECH, dict(piece), at=scope.now, actor="caller")
    scope.talk.kept = []


def attach_recording(db: DbSession, recording: Recording, ticket: Ticket, now: datetime) -> None:
    """Put a recording, and its transcript when there is one, onto a ticket; once, however often it is called."""
    recording.ticket_id = ticket.id
    payload = {"recording_id": recording.id}
    key = f"recording:{recording.id}"
    desk.add_entry(db, ticket, EntryKind.RECORDING, payload, at=now, actor="caller", key=key)
    if recording.transcript:
        tell_transcript(db, recording, ticket, now)


def tell_transcript(db: DbSession, recording: Recording, ticket: Ticket, now: datetime) -> None:
    """Put a recording's transcript onto its ticket, and let the desk judge the ticket again by it."""
    transcript: dict[str, Any] = recording.transcript or {}
    payload = {
        "recording_id": recording.id,
        "text": transcript.get("text", ""),
        "confidence": transcript.get("confidence"),
    }
    key = f"transcript:{recording.id}"
    entry = desk.add_entry(db, ticket, EntryKind.TRANSCRIPT, payload, at=now, actor="system", key=key)
    if entry is not None and payload["text"]:
        desk.reconsider(db, ticket, payload["text"], now)


def attach_message(db: DbSession, message: Message, ticket: Ticket, now: datetime) -> None:
    """Put a text message onto a ticket, once."""
    message.ticket_id = ticket.id
    payload = {"message_id": message.id, "to": message.to_number, "body": message.body, "status": message.status}
    key = f"message:{message.id}"
    desk.add_entry(db, ticket, EntryKind.MESSAGE, payload, at=now, actor="flow", key=key)


def find_tickets(scope: CallScope, request: FindTickets) -> TicketsFound:
    """Tickets to tell the caller about: the one of an exact number, else the caller's own."""
    if request.number:
        exact = desk.find_by_number(scope.db, request.number)
        found = [exact] if exact is not None else []
    else:
        found = desk.find_for_caller(scope.db, number=scope.caller_number, person_id=scope.call.person_id)
    return TicketsFound(
        tickets=tuple(
            TicketSummary(number=t.number, subject=t.subject, status=str(t.status), updated_at=t.updated_at)
            for t in found
        )
    )
