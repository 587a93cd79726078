"""The list of calls, and the page of one call."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from console import conversation, drawings, paging, words
from console.call_places import Place, place_asked
from console.deps import deps
from ivr.calls import Call
from ivr.hearing import hearing_now, streams_of
from ivr.messages import Message
from telephony.calls import FINAL_STATUSES
from tickets.people import Person
from tickets.ticket import Ticket

blueprint = Blueprint("calls", __name__)
VIEWS = ("all", "live", "in", "out", "abandoned", "failed")


@blueprint.get("/calls")
def listing() -> str:
    """Calls, newest first."""
    view = request.args.get("view", "all")
    with deps().db.read() as s:
        query = select(Call).order_by(Call.started_at.desc(), Call.id.desc()).limit(paging.SIZE + 1)
        place = place_asked(s)
        query = query.where(*_conditions(view, place), *paging.below(Call.started_at, Call.id, paging.cursor()))
        rows = list(s.scalars(query))
        shown = rows[: paging.SIZE]
        flows = list(s.scalars(select(Call.flow_name).where(Call.flow_name != "").distinct().order_by(Call.flow_name)))
        return render_template(
            "calls.html",
            calls=shown,
            people=_people(s, shown),
            tickets=_tickets(s, shown),
            next_url=paging.next_url(rows, "started_at"),
            view=view if view in VIEWS else "all",
            flows=flows,
            outcomes=words.OUTCOME,
            filters=request.args,
            place=place,
        )


def _conditions(view: str, place: Place) -> list[ColumnElement[bool]]:
    final = [x.value for x in FINAL_STATUSES]
    views: dict[str, list[ColumnElement[bool]]] = {
        "live": [Call.status.not_in(final)],
        "in": [Call.direction == "inbound"],
        "out": [Call.direction != "inbound"],
        "abandoned": [Call.outcome == "abandoned"],
        "failed": [or_(Call.error != "", Call.status == "failed")],
    }
    found = [*views.get(view, []), *place.conditions]
    columns = [("outcome", Call.outcome), ("language", Call.language)]
    if not place.node:
        # At a node, a flow's calls are also those in which another flow ran it as its sub-flow.
        columns.append(("flow", Call.flow_name))
    for name, column in columns:
        if value := request.args.get(name, "")[:100]:
            found.append(column == value)
    if wanted := request.args.get("q", "").strip()[:100]:
        digits = "".join(c for c in wanted if c.isdigit())
        either = [Call.sid == wanted]
        if len(digits) >= 4:
            # A number may be typed with or without its country code, so the end decides.
            ending = digits.lstrip("0")
            either += [Call.from_number.endswith(ending), Call.to_number.endswith(ending)]
        found.append(or_(*either))
    return found


def _people(s: Session, calls: list[Call]) -> dict[int, Person]:
    ids = {c.person_id for c in calls if c.person_id}
    return {p.id: p for p in s.scalars(select(Person).where(Person.id.in_(ids)))} if ids else {}


def _tickets(s: Session, calls: list[Call]) -> dict[int, Any]:
    ids = {c.ticket_id for c in calls if c.ticket_id}
    if not ids:
        return {}
    rows = s.execute(select(Ticket.id, Ticket.number, Ticket.subject, Ticket.status).where(Ticket.id.in_(ids)))
    return {row.id: row for row in rows}


@blueprint.get("/calls/<int:call_id>")
def page(call_id: int) -> str:
    """One call: its conversation, recordings, errors, and for admins the documents that were sent."""
    with deps().db.read() as s:
        return render_template("call.html", **_call_values(s, call_id))


@blueprint.get("/calls/<int:call_id>/conversation")
def turns(call_id: int) -> str:
    """Only the conversation, while the call goes on."""
    with deps().db.read() as s:
        return render_template("_call_conversation.html", **_call_values(s, call_id))


@blueprint.get("/calls/<int:call_id>/path")
def path(call_id: int) -> ResponseReturnValue:
    """Only the drawing, while the call goes on."""
    with deps().db.read() as s:
        found = _call_values(s, call_id)["drawing"]
        return str(found[0]) if found else ("", 204)


def _call_values(s: Session, call_id: int) -> dict[str, Any]:
    call = s.get(Call, call_id)
    if call is None:
        abort(404)
    is_live = call.status not in {x.value for x in FINAL_STATUSES}
    exchanges = conversation.exchanges_of(s, [call])[call.id]
    return {
        "call": call,
        "exchanges": exchanges,
        "drawing": drawings.of_call(s, call, exchanges, is_live=is_live),
        "recordings": conversation.recordings_of(s, [call.id]),
        "messages": list(s.scalars(select(Message).where(Message.call_id == call.id).order_by(Message.created_at))),
        "person": s.get(Person, call.person_id) if call.person_id else None,
        "ticket": s.get(Ticket, call.ticket_id) if call.ticket_id else None,
        "is_live": is_live,
        "streams": streams_of(s, call.id),
        "hearing": hearing_now(s) if is_live else {},
        "lines": conversation.lines,
    }
