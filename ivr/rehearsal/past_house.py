"""The house of a replayed call: it answers with what other systems answered when the call took place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.requests import FindTickets, Lookup, LookupReply, TicketsFound, TicketSummary
from ivr.rehearsal.house import House, World
from tickets.numbers import plain


class NoReplyError(Exception):
    """The flow asks another system for something that it was not asked on the real call. `node` asks."""

    def __init__(self, node: str) -> None:
        super().__init__("No reply to this lookup is known.")
        self.node = node


@dataclass(frozen=True, kw_only=True)
class PastLookup:
    """A lookup of the real call: what was asked, and what came back in time."""

    node: str
    method: str
    url: str
    body: Any
    reply: LookupReply


@dataclass(frozen=True, kw_only=True)
class PastTicket:
    """A ticket that the caller might have been told of; `of_caller` when it is their own."""

    summary: TicketSummary
    created_at: datetime
    of_caller: bool


@dataclass(kw_only=True)
class Past:
    """What the house of a replayed call remembers. Lookups are used up in their order."""

    lookups: list[PastLookup] = field(default_factory=list)
    tickets: Sequence[PastTicket] = ()


class PastHouse(House):
    """Answers from the past of one call."""

    def __init__(self, past: Past, *, caller_number: str, flow: str) -> None:
        super().__init__(World(), caller_number=caller_number, flow=flow)
        self._past = Past(lookups=list(past.lookups), tickets=past.tickets)

    def look_up(self, request: Lookup, flow: str = "") -> LookupReply:
        """The reply to the same request, else to the same node's; each is given once. Raises NoReplyError."""
        left = self._past.lookups
        same = [p for p in left if (p.method, p.url, p.body) == (request.method, request.url, request.body)]
        found = next(iter([*same, *(p for p in left if p.node == request.node)]), None)
        if found is None:
            raise NoReplyError(request.node)
        left.remove(found)
        return found.reply

    def _find(self, request: FindTickets, now: datetime) -> TicketsFound:
        """The tickets there were at that time. Their status is today's: it is said, and leads nowhere."""
        own = super()._find(request, now).tickets
        there = [ticket for ticket in self._past.tickets if ticket.created_at < now]
        if request.number:
            found = [t.summary for t in there if t.summary.number == plain(request.number)]
            return TicketsFound(tickets=(*own, *found)[:1])
        return TicketsFound(tickets=(*own, *(t.summary for t in there if t.of_caller)))
