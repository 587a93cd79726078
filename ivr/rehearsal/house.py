"""The house of a rehearsal: answers what a flow asks, from samples, and keeps what it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flows.events import CallbackRequested, Event, MessageRequested, RecordingMade, SpeechKept
from flows.requests import (
    Answer,
    CallTimeChecked,
    CheckCallTime,
    FindTickets,
    Lookup,
    LookupReply,
    OpenTicket,
    Request,
    TicketNumber,
    TicketsFound,
    TicketSummary,
)
from ivr.rehearsal.sentences import Sentence, sentence
from ivr.session import Session
from tickets.categories import Category
from tickets.new_ticket import NewTicket, plain_values
from tickets.numbers import FIRST_COUNT, number_of, plain
from tickets.opening import subject_of
from tickets.rules import CategoryChoice, Circumstances, choose_category, choose_priority, level
from tickets.taxonomy import default_categories

TICKETS_AT_MOST = 200


@dataclass(frozen=True, kw_only=True)
class World:
    """What the house knows and other systems answer.

    Attributes:
        lookups: replies by the name of the lookup node, or "flow:node" in a sub-flow; taken in order, the last one
            again and again.
        transfers: how the transfers of a node end: answered, busy, no_answer or failed; taken like lookups. Nobody
            answers where nothing is given.
        tickets: tickets of the caller's, newest first.
        categories: the desk's categories; None for those that every desk begins with.
    """

    lookups: Mapping[str, Sequence[LookupReply]] = field(default_factory=dict)
    transfers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tickets: tuple[TicketSummary, ...] = ()
    categories: Sequence[Category] | None = None


class House:
    """Answers requests of one call. Nothing of it is stored."""

    def __init__(self, world: World, *, caller_number: str, flow: str = "") -> None:
        self.world = world
        self.caller_number = caller_number
        self.flow = flow
        self.tickets: list[dict[str, Any]] = []
        self.messages: list[dict[str, str]] = []
        self.notes: list[Sentence] = []
        self._taken: dict[str, int] = {}

    def copy(self) -> House:
        """The same house, for going another way from here."""
        twin = House(self.world, caller_number=self.caller_number, flow=self.flow)
        twin.tickets = [dict(ticket) for ticket in self.tickets]
        twin.messages = list(self.messages)
        twin._taken = dict(self._taken)
        return twin

    def taken(self) -> Mapping[str, int]:
        """How many samples of each node were used."""
        return self._taken

    def answer(self, request: Request, session: Session, now: datetime, flow: str = "") -> Answer:
        """The answer to a request. `flow` is the sub-flow that asks, "" for the flow under work."""
        match request:
            case OpenTicket():
                return self.open_ticket(request, session)
            case FindTickets():
                return self._find(request, now)
            case CheckCallTime():
                return CallTimeChecked(allowed=True)
            case Lookup():
                return self.look_up(request, flow)

    def look_up(self, request: Lookup, flow: str = "") -> LookupReply:
        """The next sample of the node; an error, with a note, where none is given."""
        reply: LookupReply | None = self._next(self.world.lookups, request.node, flow)
        if reply is None:
            self.notes.append(
                sentence("No answer is given for the lookup at {node}; it counts as failed.", node=request.node)
            )
            return LookupReply(outcome="error")
        self.notes.append(
            sentence("The lookup at {node} was answered: {outcome}.", node=request.node, outcome=reply.outcome)
        )
        return reply

    def transfer(self, node: str, flow: str = "") -> str:
        """How the transfer at a node ends."""
        found: str | None = self._next(self.world.transfers, node, flow)
        return found or "no_answer"

    def _next(self, samples: Mapping[str, Sequence[Any]], node: str, flow: str) -> Any:
        name = f"{flow}:{node}" if flow and f"{flow}:{node}" in samples else node
        rows = samples.get(name) or ()
        at = self._taken.get(name, 0)
        self._taken[name] = at + 1
        return rows[min(at, len(rows) - 1)] if rows else None

    def _find(self, request: FindTickets, now: datetime) -> TicketsFound:
        opened = tuple(_summary(ticket, now) for ticket in reversed(self.tickets))
        every = (*opened, *self.world.tickets)
        if not request.number:
            return TicketsFound(tickets=every if self.caller_number else opened)
        return TicketsFound(tickets=tuple(t for t in every if t.number == plain(request.number))[:1])

    def open_ticket(self, request: OpenTicket, session: Session) -> TicketNumber:
        """Open a ticket, or add to the one on the same matter, as the desk does within one call."""
        text = request.text or session.said
        categories = _usual() if self.world.categories is None else self.world.categories
        choice = choose_category(categories, asked=request.category, text=text, node=request.node)
        found = self._same(request, choice.key)
        appended = found is not None
        if found is None:
            found = self._new(request, choice, text, session)
        else:
            found["fields"] = {**found["fields"], **request.fields}
            found["said"] = [*found["said"], *([text] if text else [])]
        session.tickets = [*session.tickets, found["number"]]
        session.kept = [piece for piece in session.kept if piece["text"] not in text]
        self._tell_speech(session)
        return TicketNumber(number=found["number"], appended=appended)

    def _same(self, request: OpenTicket, category: str) -> dict[str, Any] | None:
        """The ticket of this call on the same matter: see `tickets.opening` and `tickets.matters`."""
        reference = request.reference.lower()
        last = self.tickets[-1] if self.tickets else None
        if last is not None and not request.category and reference in ("", last["reference"].lower()):
            return last
        if not self.caller_number:
            return None
        same = [t for t in self.tickets if t["category"] == category]
        return next((t for t in reversed(same) if not reference or t["reference"].lower() == reference), None)

    def _new(self, request: OpenTicket, choice: CategoryChoice, text: str, session: Session) -> dict[str, Any]:
        if len(self.tickets) >= TICKETS_AT_MOST:
            raise LookupError(f"A rehearsal opens at most {TICKETS_AT_MOST} tickets.")
        new = plain_values(
            NewTicket(
                subject=request.subject,
                text=text,
                reference=request.reference,
                fields=request.fields,
                reason=request.reason,
                language=session.language,
            )
        )
        impact = level(request.impact or (choice.category.impact if choice.category else ""))
        urgency = level(request.urgency or (choice.category.urgency if choice.category else ""))
        about = Circumstances(text=text, vip=session.vip, errors=session.errors_in_call)
        ticket: dict[str, Any] = {
            "number": number_of(FIRST_COUNT + len(self.tickets)),
            "category": choice.key,
            "subject": new.subject or subject_of(new, choice.category),
            "text": new.text,
            "reference": new.reference,
            "priority": choose_priority(impact, urgency, about).priority.value,
            "reason": new.reason,
            "node": request.node,
            "language": session.language,
            "status": "new",
            "source": "phone",
            "fields": dict(new.fields),
            "said": [],
        }
        self.tickets.append(ticket)
        return ticket

    def heed(self, events: Sequence[Event], session: Session) -> None:
        """Let events have the effects that the rest of the call depends on."""
        for event in events:
            match event:
                case SpeechKept():
                    self._tell_speech(session)
                case RecordingMade(duration_s=duration_s):
                    session.recorded = session.recorded or duration_s > 0
                case CallbackRequested(later=False, reason=reason, node=node) if not self.tickets:
                    # As `callbacks.effects` has it: whoever wants to be called back stands on a ticket.
                    wish = OpenTicket(text=reason, reason="the caller wants a call back", node=node)
                    self.open_ticket(wish, session)
                case MessageRequested(to=to, body=body):
                    self.messages.append({"to": to or self.caller_number, "body": body})

    def _tell_speech(self, session: Session) -> None:
        if self.tickets and session.kept:
            self.tickets[-1]["said"] = [*self.tickets[-1]["said"], *(piece["text"] for piece in session.kept)]
            session.kept = []


@cache
def _usual() -> Sequence[Category]:
    return default_categories()


def _summary(ticket: Mapping[str, Any], now: datetime) -> TicketSummary:
    return TicketSummary(
        number=ticket["number"], subject=ticket["subject"], status="new", updated_at=now - timedelta(seconds=1)
    )
