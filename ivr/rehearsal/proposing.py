"""Tests proposed for what no test reaches: found by a search over the calls that the flow allows."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.documents import FlowDocument
from ivr.rehearsal.coverage import ExitOf, exits_that_count, taken_by
from ivr.rehearsal.dumping import dump_scenario, scenario_data
from ivr.rehearsal.errors import ScenarioError
from ivr.rehearsal.flows_in_memory import Others, no_others
from ivr.rehearsal.making_values import decisions
from ivr.rehearsal.moves import inputs_for_conditions
from ivr.rehearsal.open_house import Replies
from ivr.rehearsal.playing import begin, rehearse
from ivr.rehearsal.recording import record
from ivr.rehearsal.scenario import Scenario
from ivr.rehearsal.searching import Place, Search, scenario_of
from ivr.rehearsal.sentences import Sentence, Tell, in_english, sentence
from ivr.rehearsal.starts import starts
from tickets.categories import Category

STATES_AT_MOST = 12_000
WORK_S = 7.0
"""Processor time of a search; on a busy machine it lasts longer, up to PATIENCE_S."""

PATIENCE_S = 20.0
PROPOSED_AT_MOST = 60


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A test that passes now, and the exits it takes that nothing else takes."""

    name: Sentence
    scenario: Scenario
    covers: tuple[ExitOf, ...]

    def to_json(self, tell: Tell = in_english) -> dict[str, Any]:
        """The proposal as the editor takes it."""
        named = self.scenario.model_copy(update={"name": self.name.told(tell)[:120]})
        return {
            "name": named.name,
            "scenario": scenario_data(named),
            "yaml": dump_scenario(named),
            "covers": [list(pair) for pair in self.covers],
        }


@dataclass(frozen=True, kw_only=True)
class Unreached:
    """An exit to which no way was found, and why."""

    node: str
    exit: str
    reason: Sentence


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """What was found. `states` are the points of calls that were looked at."""

    proposals: tuple[Proposal, ...]
    unreached: tuple[Unreached, ...]
    states: int
    ms: float

    def to_json(self, tell: Tell = in_english) -> dict[str, Any]:
        """The proposals as the editor takes them."""
        rows = [{"node": u.node, "exit": u.exit, "reason": u.reason.told(tell)} for u in self.unreached]
        return {"proposals": [p.to_json(tell) for p in self.proposals], "unreached": rows, "ms": round(self.ms, 1)}


def propose(
    document: FlowDocument,
    *,
    covered: Iterable[ExitOf] = (),
    others: Others = no_others,
    now: datetime,
    flow_values: Mapping[str, Any] | None = None,
    categories: Sequence[Category] | None = None,
) -> Proposals:
    """Few tests that together take as many of the exits that are not `covered` as a bounded search finds ways to.

    The same document and time give the same proposals, unless the search runs into its time limit.
    """
    began, began_to_work = time.perf_counter(), time.thread_time()
    counting = exits_that_count(document)
    bits = {pair: 1 << place for place, pair in enumerate((*counting, *((name, "") for name in document.nodes)))}
    have = sum(bits[pair] for pair in _with_nodes(document, covered) if pair in bits)
    wanted = sum(bits.values()) & ~have
    given: dict[str, Any] = {"others": others, "now": now, "flow_values": flow_values, "categories": categories}
    search = Search(
        document=document,
        bits=bits,
        replies=Replies.of(document, now),
        inputs=inputs_for_conditions(document, now),
        states_at_most=STATES_AT_MOST,
        late=lambda: time.thread_time() - began_to_work > WORK_S or time.perf_counter() - began > PATIENCE_S,
        covered=have,
    )
    begins = list(starts(document, now)) if wanted else []
    for number, start in enumerate(begins):
        if search.covered & wanted == wanted or search.stopped:
            break
        search.run(begin(document, start, **given), number, wanted)
    proposals = _written(document, _fewest(search.found, wanted), begins, bits, have, given)
    reached = {pair for proposal in proposals for pair in proposal.covers}
    left = [pair for pair in counting if bits[pair] & wanted and pair not in reached]
    return Proposals(
        proposals=tuple(proposals),
        unreached=tuple(
            Unreached(
                node=n,
                exit=e,
                reason=_beyond() if bits[(n, e)] & search.covered else _reason(document, n, e, search),
            )
            for n, e in left
        ),
        states=search.states,
        ms=(time.perf_counter() - began) * 1000,
    )


def _with_nodes(document: FlowDocument, covered: Iterable[ExitOf]) -> set[ExitOf]:
    """The exits that are covered, and the nodes on both of their sides."""
    pairs = set(covered)
    nodes = {node for node, _ in pairs} | {
        document.nodes[node].exits.get(exit_name, "") for node, exit_name in pairs if node in document.nodes
    }
    return pairs | {(node, "") for node in nodes if node}


def _fewest(found: Sequence[Place], wanted: int) -> list[Place]:
    """Points that together take all that was found: each time the one that adds most, of those the shortest."""
    chosen: list[Place] = []
    missing = wanted
    while missing and len(chosen) < PROPOSED_AT_MOST:
        best = max(found, key=lambda place: ((place.covers & missing).bit_count(), -place.depth), default=None)
        if best is None or not best.covers & missing:
            break
        chosen.append(best)
        missing &= ~best.covers
    return chosen


def _written(
    document: FlowDocument,
    places: Sequence[Place],
    begins: Sequence[Scenario],
    bits: Mapping[ExitOf, int],
    have: int,
    given: Mapping[str, Any],
) -> list[Proposal]:
    """The tests for points of the search. Each is played; only what it takes then counts, and only if it passes."""
    written: list[Proposal] = []
    for place in places:
        scenario = scenario_of(place, begins[place.start])
        try:
            whole = record(document, scenario, **given)
            played = rehearse(document, whole, to_the_end=True, **given)
        except ScenarioError:
            continue
        nodes, exits = taken_by(played)
        every = exits | {(node, "") for node in nodes}
        fresh = sorted((p for p in every if p in bits and not bits[p] & have), key=lambda pair: bits[pair])
        if played.failures or not fresh:
            continue
        have |= sum(bits[pair] for pair in fresh)
        covers = tuple(pair for pair in fresh if pair[1])
        node, exit_name = (covers or fresh)[-1]
        label = document.nodes[node].label or node
        name = sentence("{node}: {exit}", node=label, exit=exit_name) if exit_name else sentence("{node}", node=label)
        written.append(Proposal(name=name, scenario=whole, covers=covers))
    return _told_apart(written)


def _told_apart(written: Sequence[Proposal]) -> list[Proposal]:
    """The proposals with names of their own."""
    known: dict[str, int] = {}
    found = []
    for proposal in written:
        count = known[str(proposal.name)] = known.get(str(proposal.name), 0) + 1
        name = proposal.name if count == 1 else sentence("{name} ({count})", name=proposal.name, count=count)
        found.append(Proposal(name=name, scenario=proposal.scenario, covers=proposal.covers))
    return found


def _beyond() -> Sentence:
    return sentence("It is beyond the first {limit} proposals; keep these and propose again.", limit=PROPOSED_AT_MOST)


def _reason(document: FlowDocument, node: str, exit_name: str, search: Search) -> Sentence:
    """Why no way to an exit was found, as far as can be told."""
    if node not in _reachable(document):
        return sentence("No exit leads to {node} from the start.", node=node)
    if not document.nodes[node].exits.get(exit_name):
        return sentence("The exit {exit} is not wired, so that the call breaks there.", exit=exit_name)
    if search.stopped:
        return sentence("The search ended at its limit of {seconds:.0f} s before it came there.", seconds=PATIENCE_S)
    conditions = {row.exit: row.when for row in getattr(document.nodes[node], "conditions", ()) if hasattr(row, "when")}
    if exit_name in conditions:
        return sentence("No answers were found for which “{condition}” holds.", condition=conditions[exit_name])
    if decisions(document):
        return sentence("No answers and values were found with which a call leaves {node} by it.", node=node)
    return sentence("No answers were found with which a call leaves {node} by it.", node=node)


def _reachable(document: FlowDocument) -> set[str]:
    every = {document.defaults.person, document.defaults.failure}
    every.add(document.outbound.voicemail if document.outbound is not None else "")
    left, found = [document.start, *every], set()
    while left:
        name = left.pop()
        if name in document.nodes and name not in found:
            found.add(name)
            left.extend(document.nodes[name].exits.values())
    return found
