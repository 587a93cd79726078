"""Tickets as programs see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from api.schemas.base import In, Line, Number, Out, Paged, Variables, Words
from tickets.ticket import Priority, Status

Level = Literal["", "low", "normal", "high"]


class NewTicketIn(In):
    """Something to be done for somebody. The same person, category and reference add to the open ticket."""

    subject: Annotated[str, StringConstraints(max_length=300)] = ""
    text: Words = ""
    category: Annotated[str, StringConstraints(max_length=64)] = Field(default="", description="Empty: rules choose.")
    reference: Line = ""
    number: Number | None = Field(default=None, description="The customer's telephone number.")
    language: Annotated[str, StringConstraints(max_length=16)] = ""
    impact: Level = ""
    urgency: Level = ""
    fields: Variables = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> NewTicketIn:
        if not self.subject.strip() and not self.text.strip():
            raise ValueError("A ticket needs a subject or a text.")
        return self


class CommentIn(In):
    """A note on a ticket."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    internal: Annotated[bool, Field(strict=True)] = True


class StatusIn(In):
    """Where the ticket shall stand."""

    status: Literal["open", "waiting_customer", "waiting_third", "solved", "closed"]
    reason: Annotated[str, StringConstraints(max_length=300)] = ""
    version: Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)] | None = Field(
        default=None, description="As read; a ticket that changed meanwhile is then left alone (409)."
    )


class TicketOut(Out):
    """A ticket."""

    id: int
    number: str
    subject: str
    text: str
    category: str
    priority: Priority
    status: Status
    caller_number: str
    language: str
    reference: str
    fields: dict[str, Any]
    source: str
    assignee_id: int | None
    group_id: int | None
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None
    closed_at: datetime | None
    version: int


class OpenedTicketOut(TicketOut):
    """A ticket, and whether it was there before."""

    appended: bool


class EntryOut(Out):
    """One thing that happened to a ticket."""

    id: int
    at: datetime
    kind: str
    actor: str
    payload: dict[str, Any]


class TicketStoryOut(TicketOut):
    """A ticket with its timeline, oldest first."""

    timeline: list[EntryOut]


class TicketsOut(Out):
    """A page of tickets, the newest first."""

    items: list[TicketOut]
    next: int | None


class TicketsQuery(Paged):
    """Which tickets."""

    status: Status | None = None
    category: str | None = Field(default=None, min_length=1, max_length=64)
    priority: Priority | None = None
    reference: str | None = Field(default=None, min_length=1, max_length=200)
    number: Number | None = None
