"""A whole call through a flow without the engine: nodes, exits, and a house that answers as it is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flows.documents import FlowDocument
from flows.events import Event, NotUnderstood
from flows.nodes.base import Ask, Back, Caller, Context, End, Leave, Step, Wait
from flows.outbound import case_of, side_exits
from flows.requests import (
    CallTimeChecked,
    CheckCallTime,
    FindTickets,
    LookupReply,
    OpenTicket,
    TicketNumber,
    TicketsFound,
)
from telephony.calls import Digits, Heard, Silence, Speech
from telephony.verbs import Gather, Play, Say

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Friday, 20 November 2026, 12:00 in Shanghai."""


class Walk:
    """A call. `lookup` answers lookups, `tickets` questions about tickets, `next_at` the first about a time."""

    def __init__(
        self,
        document: FlowDocument,
        *,
        now: datetime = NOON,
        number: str = "+8613800138000",
        lookup: LookupReply | None = None,
        tickets: TicketsFound | None = None,
        values: dict[str, Any] | None = None,
        language: str = "",
        next_at: str = "",
    ) -> None:
        self.document, self.now, self.number = document, now, number
        self.lookup = lookup or LookupReply(outcome="not_found", status=404)
        self.tickets = tickets or TicketsFound(tickets=())
        self.values: dict[str, Any] = {n: v.default for n, v in document.variables.items()} | (values or {})
        self.language = language or document.languages[0]
        self.next_at = next_at
        self.path: list[str] = []
        self.said: list[str] = []
        self.events: list[Event] = []
        self.opened: list[OpenTicket] = []
        self.memory: dict[str, Any] = {}
        self.end: End | None = None
        self._enter(document.start)

    def press(self, *keys: str) -> Walk:
        """Press keys, one answer after the other."""
        for key in keys:
            self.hear(Digits(digits=key))
        return self

    def say(self, *texts: str) -> Walk:
        """Say one answer after the other."""
        for text in texts:
            self.hear(Speech(text=text, confidence=0.9))
        return self

    def silence(self, times: int = 1) -> Walk:
        """Say nothing, so many times or until the call ends."""
        for _ in range(times):
            if self.end is None:
                self.hear(Silence())
        return self

    def hear(self, heard: Heard) -> Walk:
        """Give the current node an answer."""
        assert self.end is None, "The call is over."
        node = self.document.nodes[self.path[-1]]
        self._take(node.resume(self._context(), heard))
        return self

    @property
    def at(self) -> str:
        """The node the call is at."""
        return self.path[-1]

    def seen(self, kind: type) -> list[Any]:
        """Every event of a kind."""
        return [e for e in self.events if isinstance(e, kind)]

    def _context(self) -> Context:
        return Context(
            document=self.document,
            node_id=self.path[-1],
            now=self.now,
            language=self.language,
            values=self.values,
            memory=self.memory,
            caller=Caller(number=self.number),
            service_number="+861084321000",
            errors_in_call=len(self.seen(NotUnderstood)),
            outbound=self.document.outbound,
            case=case_of(self.values),
        )

    def _enter(self, name: str) -> None:
        self.path.append(name)
        assert len(self.path) < 200, "The call goes round in a circle."
        self.memory = {}
        self._take(self.document.nodes[name].enter(self._context()))

    def _take(self, step: Step) -> None:
        for verb in step.verbs:
            prompts = verb.prompts if isinstance(verb, Gather) else (verb,)
            self.said.extend(p.text for p in prompts if isinstance(p, (Say, Play)))
        self.events.extend(step.events)
        self.values.update(step.values)
        self.language = step.language or self.language
        self.memory = dict(step.memory)
        node = self.document.nodes[self.path[-1]]
        match step.then:
            case Leave(exit=name):
                default = {"person": self.document.defaults.person, "failed": self.document.defaults.failure}
                default |= side_exits(self.document)
                self._enter(node.exits.get(name) or default[name])
            case Ask(request=request):
                self._take(node.resume(self._context(), self._answer(request)))
            case End():
                self.end = step.then
            case Back():
                asked = [n for n in self.path[:-1] if self.document.nodes[n].asks]
                self._enter(asked[-1] if asked else self.path[-1])
            case Wait():
                assert step.verbs, "The caller waits for nothing."

    def _answer(self, request: Any) -> Any:
        match request:
            case OpenTicket():
                self.opened.append(request)
                return TicketNumber(number="572400", appended=False)
            case FindTickets():
                return self.tickets
            case CheckCallTime():
                # The first time asked for is refused when there is a next one.
                next_at, self.next_at = self.next_at, ""
                return CallTimeChecked(allowed=not next_at, next_at=next_at)
            case _:
                return self.lookup
