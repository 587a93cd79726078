"""A real call once more, through another document: what its caller said and pressed is given to the draft.

The rules, so that the result can be foretold:

- An answer is given where it was given: when the draft asks at the very node (of the very sub-flow) that asked on the
  real call, and waits for the same kind of thing (keys or words, a recording, a person).
- An answer to a question that is gone from the draft is passed over. So is a second answer to a question that the real
  caller had to answer again while the draft has understood the first one and gone on.
- Otherwise the replay stops: the real caller never answered what the draft asks, so the call "would still be asking"
  there. A menu option that is gone ends so, at the menu; a new question ends so, at that question.
- Other systems answer what they answered then: to the same request, else to the same node. A lookup that was never
  made stops the replay there too.
- A caller who hung up does so again at the same question; one who was led on to another question is still asked there.
- Two calls end alike when outcome, last node and the categories of their tickets are the same. A node that was renamed
  is another node.
- Time is that of each real turn, so that opening hours decide as they did. Every time to be called at is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.documents import FlowDocument
from flows.events import Event
from flows.nodes.base import Caller
from ivr.rehearsal.exchange import Exchange
from ivr.rehearsal.flows_in_memory import Others, no_others
from ivr.rehearsal.past_call import Ending, PastCall, PastTurn, Place, matters
from ivr.rehearsal.past_house import NoReplyError, PastHouse
from ivr.rehearsal.rehearsing import Rehearsing
from telephony.calls import DialEnded, Digits, Nothing, QueueEnded, Recorded, Silence, Speech

FITS: Mapping[str, tuple[type, ...]] = {
    "gather": (Digits, Speech, Silence, Nothing),
    "record": (Recorded, Silence, Nothing),
    "dial": (DialEnded, QueueEnded, Nothing, Silence),
    "enqueue": (QueueEnded, DialEnded, Nothing, Silence),
}
"""What may be given to a draft that waits for this."""


@dataclass(frozen=True, kw_only=True)
class ReplayedTurn:
    """One exchange of the draft. `heard` is as stored ({"kind": …}), `said` too."""

    heard: Mapping[str, object]
    said: tuple[Mapping[str, object], ...]
    path: tuple[Place, ...]
    place: Place


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What became of a call in the draft.

    Attributes:
        turns: the draft's exchanges.
        ending: how it ended; None when the draft still asks.
        asking_at: the place that still asks, or the lookup that was never made; ("", "") when it ended.
        same: the call ends as it did.
        parts_at: index of the first exchange that goes another way.
    """

    call: PastCall
    turns: tuple[ReplayedTurn, ...]
    ending: Ending | None
    asking_at: Place
    same: bool
    parts_at: int


def replay(calls: Sequence[PastCall], document: FlowDocument, *, others: Others = no_others) -> Iterator[Replayed]:
    """Each call through the document. Nothing is stored and nobody is called."""
    published = _once(others)
    for call in calls:
        yield replay_call(call, document, others=published)


def replay_call(call: PastCall, document: FlowDocument, *, others: Others = no_others) -> Replayed:
    """One call through the document."""
    run = _Run(call, document, others)
    run.go()
    ending = run.ending
    same = ending is not None and ending == call.ending
    return Replayed(
        call=call,
        turns=tuple(run.turns),
        ending=ending,
        asking_at=("", "") if ending is not None else run.place,
        same=same,
        parts_at=_parts_at(call.turns, run.turns),
    )


class _Run:
    """The draft on the line with one past caller."""

    def __init__(self, call: PastCall, document: FlowDocument, others: Others) -> None:
        self.call = call
        self.turns: list[ReplayedTurn] = []
        self.events: list[Event] = []
        self.stuck_at: Place | None = None
        self.rehearsing = Rehearsing(
            document,
            others=others,
            now=call.started_at,
            caller=Caller(number=call.caller, name=call.caller_name, vip=call.vip),
            service_number=call.service_number,
            values=call.values,
            language=call.language,
            inbound=False if call.outbound else None,
        )
        self.rehearsing.house = PastHouse(call.past, caller_number=call.caller, flow=document.name)

    @property
    def place(self) -> Place:
        """Where the draft stands."""
        return self.stuck_at or (self.rehearsing.flow, self.rehearsing.session.node)

    @property
    def ending(self) -> Ending | None:
        """How the draft ended the call, None while it goes on."""
        if not self.rehearsing.session.ended or self.stuck_at is not None:
            return None
        library = self.rehearsing.library

        def document_of(version: int) -> FlowDocument | None:
            return library.version(version or library.draft.version).document

        about = matters(self.events, document_of)
        return Ending(outcome=self.rehearsing.session.outcome, place=self.place, tickets=about)

    def go(self) -> None:
        """From the greeting as far as the real answers reach."""
        if not self._take(self.rehearsing.start, self.call.turns[0]):
            return
        answered: Place | None = None
        for turn in self.call.turns[1:]:
            if self.rehearsing.session.ended:
                return
            if turn.asked_at == self.place:
                if not self._answer(turn):
                    return
                answered = turn.asked_at
            elif turn.heard is None or not (turn.asked_at == answered or self._is_gone(turn.asked_at)):
                return

    def _answer(self, turn: PastTurn) -> bool:
        heard = turn.heard
        if heard is None:
            return self._take(lambda: self.rehearsing.hang_up(now=turn.at), turn)
        if not isinstance(heard, FITS.get(self.rehearsing.session.waits_for, ())):
            return False
        return self._take(lambda: self.rehearsing.hear(heard, now=turn.at), turn)

    def _take(self, step: Callable[[], Exchange], turn: PastTurn) -> bool:
        """One exchange of the draft; False when it asks another system for something new."""
        try:
            exchange = step()
        except NoReplyError as error:
            self.stuck_at = (self.rehearsing.flow, error.node)
            return False
        self.events.extend(exchange.events)
        path = tuple((passed.flow, passed.node) for passed in exchange.path if passed.entered)
        place = (exchange.flow, exchange.node)
        self.turns.append(ReplayedTurn(heard=turn.heard_as, said=exchange.said, path=path, place=place))
        return True

    def _is_gone(self, place: Place) -> bool:
        """Whether the draft has no such question, neither itself nor in a sub-flow."""
        flow, node = place
        library = self.rehearsing.library
        try:
            document = library.latest(flow).document if flow else library.draft.document
        except LookupError:
            return True
        return node not in document.nodes


def _once(others: Others) -> Others:
    """The same documents for every call, each read once: a flow published meanwhile must not split the result."""
    known: dict[str, FlowDocument] = {}

    def published(name: str) -> FlowDocument:
        if name not in known:
            known[name] = others(name)
        return known[name]

    return published


def _parts_at(before: Sequence[PastTurn], after: Sequence[ReplayedTurn]) -> int:
    for at, (was, now) in enumerate(zip(before, after, strict=False)):
        if (was.path, was.place) != (now.path, now.place):
            return at
    return min(len(before), len(after), max(len(before), len(after)) - 1)
