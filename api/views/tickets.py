"""Tickets: list, read, open, comment, change the status."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint
from sqlalchemy import func, select

from api.operations import Answer, Listed, Work, operation
from api.paging import page
from api.reading import number_of
from api.schemas.tickets import (
    CommentIn,
    EntryOut,
    NewTicketIn,
    OpenedTicketOut,
    StatusIn,
    TicketOut,
    TicketsOut,
    TicketsQuery,
    TicketStoryOut,
)
from api.scopes import Scope
from tickets import desk
from tickets.people import person_for_number
from tickets.ticket import Status, Ticket

room = APIBlueprint("tickets", __name__, url_prefix="/v1", tag="Tickets")
_STEPS = {
    Status.OPEN: "open",
    Status.WAITING_CUSTOMER: "wait_customer",
    Status.WAITING_THIRD: "wait_third",
    Status.SOLVED: "solve",
    Status.CLOSED: "close",
}


@operation(room, "GET", "/tickets", scope=Scope.TICKETS_READ, query=TicketsQuery, output=TicketsOut)
def list_tickets(work: Work, query: TicketsQuery) -> Listed:
    """List tickets, the newest first."""
    wanted = select(Ticket)
    if query.status is not None:
        wanted = wanted.where(Ticket.status == query.status)
    if query.category is not None:
        wanted = wanted.where(Ticket.category == query.category)
    if query.priority is not None:
        wanted = wanted.where(Ticket.priority == query.priority)
    if query.reference is not None:
        wanted = wanted.where(func.lower(Ticket.reference) == query.reference.lower())
    if query.number is not None:
        wanted = wanted.where(Ticket.caller_number == number_of(query.number, "query.number", region=work.deps.region))
    return page(work.s, wanted, Ticket.id.expression, query, TicketOut.model_validate)


@operation(room, "GET", "/tickets/<number>", scope=Scope.TICKETS_READ, output=TicketStoryOut, problems=(404,))
def get_ticket(work: Work, number: str) -> TicketStoryOut:
    """Read a ticket with its timeline."""
    ticket = desk.find_ticket(work.s, number)
    timeline = [EntryOut.model_validate(entry) for entry in desk.entries(work.s, ticket)]
    return TicketStoryOut(**TicketOut.model_validate(ticket).model_dump(), timeline=timeline)


@operation(
    room, "POST", "/tickets", scope=Scope.TICKETS_WRITE, body=NewTicketIn, output=OpenedTicketOut, status=201,
    also={200: "Added to the ticket that is open on the same matter"}, creates=True,
)  # fmt: skip
def create_ticket(work: Work, body: NewTicketIn) -> Answer:
    """Open a ticket, or add to the person's open one on the same matter (200)."""
    number = number_of(body.number, "body.number", region=work.deps.region) if body.number else ""
    person = person_for_number(work.s, number, now=work.now, language=body.language) if number else None
    new = desk.NewTicket(
        subject=body.subject,
        category=body.category,
        text=body.text,
        reference=body.reference,
        impact=body.impact,
        urgency=body.urgency,
        fields=body.fields,
        reason=f"opened by {work.key.name}",
        caller_number=number,
        person_id=person.id if person is not None else None,
        language=body.language,
        source="api",
        key=f"api:{uuid.uuid4().hex}",
    )
    opened = desk.open_or_append(work.s, new, work.now)
    work.s.flush()
    shown = OpenedTicketOut(**TicketOut.model_validate(opened.ticket).model_dump(), appended=opened.appended)
    status = 200 if opened.appended else 201
    return Answer(value=shown, status=status, location=f"/v1/tickets/{opened.ticket.number}")


@operation(
    room, "POST", "/tickets/<number>/comments", scope=Scope.TICKETS_WRITE, body=CommentIn, output=EntryOut, status=201,
    creates=True, problems=(404,),
)  # fmt: skip
def comment_ticket(work: Work, number: str, body: CommentIn) -> Answer:
    """Write a note on a ticket."""
    ticket = desk.find_ticket(work.s, number)
    entry = desk.note(work.s, ticket, body.text, by=work.by, now=work.now, internal=body.internal)
    return Answer(value=EntryOut.model_validate(entry), status=201)


@operation(
    room, "POST", "/tickets/<number>/status", scope=Scope.TICKETS_WRITE, body=StatusIn, output=TicketOut,
    problems=(404, 409),
)  # fmt: skip
def change_ticket_status(work: Work, number: str, body: StatusIn) -> TicketOut:
    """Change a ticket's status. One that stands there already stays as it is; closed is final."""
    ticket = desk.find_ticket(work.s, number)
    wanted = Status(body.status)
    if ticket.status != wanted or body.version is not None:
        step = "reopen" if wanted == Status.OPEN and ticket.status == Status.SOLVED else _STEPS[wanted]
        desk.change_status(
            work.s, ticket, step, by=work.by, now=work.now, reason=body.reason, expected_version=body.version
        )
    return TicketOut.model_validate(ticket)
