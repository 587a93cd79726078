"""What came of a call, for scenarios that are played against a demo: nodes passed, tickets, messages, outcome.

Registered in demo and test mode only; a call is asked for by its CallSid, which cannot be guessed.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ivr.calls import Call
from ivr.messages import Message
from ivr.turns import TurnRow
from storage.database import Database
from tickets.ticket import Ticket


def create_blueprint(db: Database) -> Blueprint:
    """The one URL, GET /scenario/calls/<sid>."""
    blueprint = Blueprint("scenario", __name__)

    @blueprint.get("/scenario/calls/<sid>")
    def call(sid: str) -> Response:
        with db.read() as session:
            found = view_of_call(session, sid)
        if found is None:
            abort(404)
        return jsonify(found)

    return blueprint


def view_of_call(session: Session, sid: str) -> dict[str, Any] | None:
    """{"nodes", "tickets", "messages", "outcome", "status"} of a call, None when it is not known."""
    call = session.scalar(select(Call).where(Call.sid == sid))
    if call is None:
        return None
    turns = session.scalars(select(TurnRow).where(TurnRow.call_id == call.id).order_by(TurnRow.number))
    events = [event for turn in turns for event in turn.events]
    tickets = session.scalars(select(Ticket).where(or_(Ticket.call_sid == sid, Ticket.id == call.ticket_id)))
    messages = session.scalars(select(Message).where(Message.call_id == call.id))
    return {
        "nodes": [event["node"] for event in events if event["type"] == "NodeEntered"],
        "tickets": [_ticket(ticket) for ticket in tickets],
        "messages": [{"to": m.to_number, "body": m.body, "status": m.status} for m in messages],
        "outcome": call.outcome,
        "status": call.status,
    }


def _ticket(ticket: Ticket) -> dict[str, Any]:
    names = ("number", "subject", "category", "priority", "status", "language", "reference", "source")
    return {name: str(getattr(ticket, name)) for name in names}
