"""The search behind proposals: every way through a flow, breadth first, with a house that may answer anything."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flows.documents import FlowDocument
from ivr.rehearsal.ahead import exits_ahead, names_ahead, own_exits
from ivr.rehearsal.coverage import ExitOf
from ivr.rehearsal.line import StepFailed
from ivr.rehearsal.making_values import read_names
from ivr.rehearsal.moves import Move, make, moves_at
from ivr.rehearsal.open_house import OpenHouse, Replies
from ivr.rehearsal.rehearsing import Rehearsing
from ivr.rehearsal.scenario import LookupSample, Scenario
from ivr.rehearsal.signatures import short, signature
from ivr.rehearsal.telephone import Telephone

IDLE_AT_MOST = 400
"""States from one start after the last that brought something new; what is left is tried from the next start."""


@dataclass(kw_only=True, eq=False)
class Place:
    """A point of the search: the phone there, how it was reached, and the exits taken on the way (a bit each)."""

    phone: Telephone
    start: int
    parent: Place | None = None
    move: Move | None = None
    covers: int = 0
    depth: int = 0

    @property
    def moves(self) -> tuple[Move, ...]:
        """The moves from the start of the call."""
        before = self.parent.moves if self.parent is not None else ()
        return (*before, self.move) if self.move is not None else before


@dataclass(kw_only=True)
class Search:
    """A breadth-first search from several starts.

    Attributes:
        bits: the exits that count, by their bit, and the nodes, with "" for an exit.
        found: every point that took an exit nobody had taken before.
        covered: bits of the exits taken so far, those of existing tests among them.
    """

    document: FlowDocument
    bits: Mapping[ExitOf, int]
    replies: Replies
    inputs: Mapping[str, tuple[str, ...]]
    states_at_most: int
    late: Callable[[], bool]
    covered: int = 0
    found: list[Place] = field(default_factory=list)
    entered: set[str] = field(default_factory=set)
    states: int = 0
    depth_at_most: int = 120
    stopped: bool = False
    _last_found: int = 0
    _turns: int = 0
    _known_moves: dict[tuple[Any, ...], tuple[Move, ...]] = field(default_factory=dict)

    def run(self, talk: Rehearsing, start: int, wanted: int) -> None:
        """Search from one start until `wanted` is covered, nothing is left, or the limits are reached."""
        seen: set[str] = set()
        talk.house = OpenHouse(talk.house, self.replies)
        places: deque[Place] = deque(self._dialled(talk, start))
        errors: deque[tuple[Place, Move]] = deque()
        self._last_found = self.states
        while (places or errors) and self.states - self._last_found < IDLE_AT_MOST:
            if self.covered & wanted == wanted:
                return
            if self.states >= self.states_at_most or self.late():
                self.stopped = True
                return
            for later in self._after(places, errors, wanted):
                key = signature(later.phone, self._read, self._read_ahead)
                if key is not None and key not in seen:
                    seen.add(key)
                    self.states += 1
                    places.append(later)

    def _dialled(self, talk: Rehearsing, start: int) -> Iterator[Place]:
        yield from self._ways(Place(phone=Telephone(talk=talk), start=start), None)

    def _after(self, places: deque[Place], errors: deque[tuple[Place, Move]], wanted: int) -> Iterator[Place]:
        """What follows the next place by real answers; errors are put off, and made at every third turn."""
        self._turns += 1
        if not places or self._turns % 3 == 0:
            while errors:
                place, move = errors.popleft()
                if self._wants_errors(place):
                    yield from self._ways(place, move)
                    return
        if not places:
            return
        place = places.popleft()
        if place.phone.over or place.depth >= self.depth_at_most or not self._promises(place, wanted):
            return
        for move in self._moves(place):
            if move.errs:
                errors.append((place, move))
            else:
                yield from self._ways(place, move)

    def _wants_errors(self, place: Place) -> bool:
        """Errors are only made where an exit of the node itself is missing, or the flow's own way on after errors."""
        frames = place.phone.talk.session.frames
        own = self._own.get(frames[0].node, 0) if len(frames) == 1 else ~0
        return bool(own & ~self.covered) or bool(self._for_errors - self.entered)

    def _moves(self, place: Place) -> tuple[Move, ...]:
        """What may be done at a place; found once for all places at which a node remembers the like."""
        frames = place.phone.talk.session.frames
        kind = json.dumps({key: short(value) for key, value in sorted(frames[-1].memory.items())}, default=str)
        key = (place.start, frames[-1].version, frames[-1].node, place.phone.talk.session.language, kind)
        if key not in self._known_moves:
            inputs = self.inputs.get(frames[0].node, ()) if len(frames) == 1 else ()
            self._known_moves[key] = tuple(moves_at(place.phone, inputs))
        return self._known_moves[key]

    def _ways(self, place: Place, move: Move | None) -> Iterator[Place]:
        """The places that one move leads to: one for each way in which the lookups on it may be answered."""
        scripts: list[tuple[int, ...]] = [()]
        while scripts:
            script = scripts.pop()
            phone = place.phone.copy()
            house = _open(phone)
            house.script, house.asked = script, []
            try:
                make(phone, move)
            except StepFailed:
                continue
            asked = house.asked
            for at in range(len(script), len(asked)):
                _, _, count = asked[at]
                taken = tuple(choice for _, choice, _ in asked[:at])
                scripts.extend((*taken, other) for other in range(1, count))
            later = Place(
                phone=phone,
                start=place.start,
                parent=place if move is not None else None,
                move=move,
                covers=place.covers | self._bits_of(phone, place),
                depth=place.depth + 1,
            )
            self._note(later)
            yield later

    def _bits_of(self, phone: Telephone, before: Place) -> int:
        since = len(before.phone.exchanges)
        bits = 0
        for exchange in phone.exchanges[since:]:
            for at in exchange.path:
                self.entered.add(at.node)
                if at.entered and not at.flow:
                    bits |= self.bits.get((at.node, ""), 0)
                if at.exit and not at.flow:
                    bits |= self.bits.get((at.node, at.exit), 0)
        return bits

    def _note(self, place: Place) -> None:
        if place.covers & ~self.covered:
            self.found.append(place)
            self._last_found = self.states
            self.covered |= place.covers

    def _promises(self, place: Place, wanted: int) -> bool:
        """Whether an exit that is wanted can be reached from here by the wires of the flow."""
        missing = wanted & ~self.covered
        frame = place.phone.talk.session.frames[0]
        return bool(self._ahead[frame.node] & missing)

    @cached_property
    def _ahead(self) -> Mapping[str, int]:
        return exits_ahead(self.document, self.bits)

    @cached_property
    def _read(self) -> frozenset[str]:
        return read_names(self.document)

    @cached_property
    def _read_ahead(self) -> Mapping[str, frozenset[str]]:
        return names_ahead(self.document)

    @cached_property
    def _for_errors(self) -> set[str]:
        """The flow's own ways on when words fail."""
        return {self.document.defaults.failure, self.document.defaults.person} & set(self.document.nodes)

    @cached_property
    def _own(self) -> Mapping[str, int]:
        return own_exits(self.document, self.bits)


def _open(phone: Telephone) -> OpenHouse:
    """The phone's house, which is an open one in every search."""
    house = phone.talk.house
    if not isinstance(house, OpenHouse):
        raise TypeError("A search needs a house that may answer anything.")
    return house


def scenario_of(place: Place, start: Scenario) -> Scenario:
    """The scenario that leads to a place: the start's setting, what was done, and how others answered."""
    lookups: dict[str, list[LookupSample]] = {}
    for node, sample in _open(place.phone).used:
        lookups.setdefault(node, []).append(sample)
    transfers: dict[str, list[str]] = {}
    for move in place.moves:
        if move.transfer is not None:
            transfers.setdefault(move.transfer[0], []).append(move.transfer[1])
    setting = start.setting.model_copy(update={"transfers": transfers})
    steps = tuple(step for move in place.moves for step in move.steps)
    return start.model_copy(update={"setting": setting, "lookups": _shortened(lookups), "steps": steps})


def _shortened(lookups: Mapping[str, Sequence[LookupSample]]) -> dict[str, list[LookupSample]]:
    """The last answer is given again and again, so equal ones at the end need not be repeated."""
    short = {}
    for node, rows in lookups.items():
        kept = list(rows)
        while len(kept) > 1 and kept[-1] == kept[-2]:
            kept.pop()
        short[node] = kept
    return short
