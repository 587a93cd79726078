"""A call in rehearsal: the engine over a flow document, with everything around it made up and nothing stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from audio.speaking_rate import estimate_seconds
from flows.documents import FlowDocument
from flows.events import CallEnded, Event, TicketOpened
from flows.nodes.base import Caller
from flows.nodes.transfer import Transfer
from flows.phrases import primary
from flows.requests import Lookup, LookupReply
from ivr import engine
from ivr.context import context
from ivr.heard import heard_to_json, within_limits
from ivr.rehearsal.answering import hints_now, keys_now
from ivr.rehearsal.exchange import AUDIBLE, Exchange
from ivr.rehearsal.flows_in_memory import FlowsInMemory, Others, no_others
from ivr.rehearsal.house import House, World
from ivr.rehearsal.notes import labelled, notes_of
from ivr.rehearsal.passing import passed_in
from ivr.remains import outcome_that_remains, ticket_that_remains
from ivr.second_party import wait
from ivr.session import Frame, Session
from ivr.turn import Scene, Turn
from telephony.calls import Heard, Nothing
from telephony.verbs import Gather, Prompt, Verb

REQUESTS_AT_MOST = 20
"""Requests of one exchange; a flow that asks for more runs in a circle (as `ivr.conversation` has it)."""

ANSWER_S = 2.0
"""What an answer takes, for the clock of a rehearsal."""


class Rehearsing:
    """A call that goes on by `start`, `hear` and `hang_up`; each gives the Exchange.

    Attributes:
        session: the engine's session; `session.ended` tells when the call is over.
        now: the time of the call; it moves on with what is said and answered.
        house: tickets, messages, and the samples that are left.
    """

    def __init__(
        self,
        document: FlowDocument,
        *,
        others: Others = no_others,
        now: datetime,
        caller: Caller | None = None,
        service_number: str = "",
        values: Mapping[str, Any] | None = None,
        language: str = "",
        world: World | None = None,
        inbound: bool | None = None,
    ) -> None:
        """A call that has not begun.

        Args:
            others: published flows by name, for sub-flows; raises LookupError.
            values: what the flow starts with (the organisation's values, a case).
            language: what the caller is known to speak, "" when nobody knows; the language node does not ask then.
            inbound: False for a call we make; None takes it from the document.
        """
        self.document = document
        self.library = FlowsInMemory(document, others)
        self.now = now
        self.caller = caller or Caller()
        self.service_number = service_number
        self.house = House(world or World(), caller_number=self.caller.number, flow=document.name)
        self.outbound = document.outbound is not None if inbound is None else not inbound
        self.verbs: tuple[Verb, ...] = ()
        known = {"caller": {"language": language}} if language else {}
        given = {**(values or {}), **known}
        sisters = [tag for tag in document.languages if primary(tag) == primary(language)]
        self.session = Session(
            frames=[Frame(version=self.library.draft.version, node="", values=given)],
            language=language if language in document.languages else next(iter(sisters), document.languages[0]),
            caller_name=self.caller.name,
            vip=self.caller.vip,
        )

    def copy(self) -> Rehearsing:
        """The same call at the same point, for going another way from here; flows and samples are shared."""
        twin = object.__new__(Rehearsing)
        twin.__dict__.update(self.__dict__)
        twin.house = self.house.copy()
        frames = [replace(f, history=list(f.history), values=dict(f.values)) for f in self.session.frames]
        twin.session = replace(self.session, frames=frames)
        return twin

    @property
    def scene(self) -> Scene:
        """What surrounds a turn."""
        return Scene(
            now=self.now,
            library=self.library,
            caller=self.caller,
            service_number=self.service_number,
        )

    @property
    def flow(self) -> str:
        """The sub-flow that runs; "" for the flow under work."""
        return self.library.name_of(self.session.frame.version)

    def start(self, *, step: int = -1) -> Exchange:
        """The call is answered."""
        turn = engine.start(self.library.draft, self.session, self.scene)
        return self._exchange({"kind": "start"}, self._settle(turn), step)

    def hear(self, heard: Heard, *, step: int = -1, now: datetime | None = None) -> Exchange:
        """The caller does something, or the verb that was waited for comes back. `now` sets the clock."""
        self.now = now or self.now + timedelta(seconds=ANSWER_S)
        heard = within_limits(heard)
        turn = self._settle(engine.resume(self.session, heard, self.scene))
        return self._exchange(heard_to_json(heard), turn, step)

    def hang_up(self, *, step: int = -1, now: datetime | None = None) -> Exchange:
        """The caller is gone: what remains is decided as on a real call (`ivr.hang_up`)."""
        self.now = now or self.now + timedelta(seconds=ANSWER_S)
        events: list[Event] = []
        session = self.session
        if not session.ended and session.node:
            wanted = ticket_that_remains(session, self.library, outbound=self.outbound)
            if wanted is not None:
                opened = self.house.open_ticket(wanted, session)
                events.append(TicketOpened(node=session.node, number=opened.number, appended=opened.appended))
            outcome = outcome_that_remains(session, outbound=self.outbound)
            session.ended, session.outcome, session.waits_for, session.pending = True, outcome, "", None
            events.append(CallEnded(node=session.node, by="caller", outcome=outcome))
        turn = Turn(events=tuple(events), ended=True, outcome=session.outcome)
        return self._exchange({"kind": "hangup"}, turn, step)

    def explained(self, exchange: Exchange) -> Exchange:
        """The call's last exchange with what may be answered now: keys and phrases."""
        if self.session.ended or not self.session.node:
            return exchange
        flow = self.library.version(self.session.frame.version)
        node, ctx = flow.document.nodes[self.session.node], context(flow, self.session, self.scene)
        return replace(exchange, choices=keys_now(node, ctx), hints=hints_now(node, ctx))

    def hold(self) -> tuple[Prompt, ...]:
        """What is heard while the call waits in a queue; () when it does not."""
        if self.session.waits_for != "enqueue":
            return ()
        flow = self.library.version(self.session.frame.version)
        node, ctx = flow.document.nodes[self.session.node], context(flow, self.session, self.scene)
        held = node.hold_verbs(ctx, 0) if isinstance(node, Transfer) else ()
        verbs = wait(Nothing(), held, position="1", language=self.session.language, action="")
        return verbs[0].prompts if isinstance(verbs[0], Gather) else ()

    def _settle(self, turn: Turn) -> Turn:
        """Answer what the engine asks until it asks nothing more."""
        asked = 0
        while (request := turn.request) is not None:
            asked += 1
            if asked > REQUESTS_AT_MOST:
                error = f"The flow asked the house {REQUESTS_AT_MOST} things in one turn."
                turn, asked = turn.then(engine.last_resort(self.session, self.scene, error)), 0
                continue
            told = len(self.house.notes)
            reply = self.house.answer(request, self.session, self.now, self.flow)
            nodes = self.library.version(self.session.frame.version).document.nodes
            self.house.notes[told:] = labelled(self.house.notes[told:], nodes)
            if isinstance(request, Lookup):
                turn = replace(turn, verbs=turn.verbs + turn.filler)
                self.now += timedelta(seconds=_waited_s(request, reply))
            turn = turn.then(engine.resume(self.session, reply, self.scene))
        self.house.heed(turn.events, self.session)
        return turn

    def _exchange(self, heard: Mapping[str, Any], turn: Turn, step: int) -> Exchange:
        self.verbs = turn.verbs
        own, self.house.notes = self.house.notes, []
        missing, self.library.missing = self.library.missing, []
        session = self.session
        return Exchange(
            step=step,
            heard=heard,
            said=tuple(turn.said),
            path=passed_in(turn.events, self.library),
            node=session.node,
            flow=self.flow,
            language=session.language,
            values=dict(session.values),
            events=turn.events,
            notes=(*own, *notes_of(turn.events, missing)),
            waits_for=session.waits_for,
            ended=session.ended,
            outcome=session.outcome,
        )


def seconds_of(said: tuple[Mapping[str, Any], ...]) -> float:
    """How long lines take to say, seconds."""
    return sum(estimate_seconds(line["text"], line["language"]) for line in said if line["kind"] in AUDIBLE)


def _waited_s(request: Lookup, reply: object) -> float:
    """What a lookup takes: a moment, or all of its tries when it timed out."""
    late = isinstance(reply, LookupReply) and reply.outcome == "timeout"
    return request.timeout_s * (request.retries + 1) if late else 1.0
