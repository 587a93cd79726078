"""Whether a rehearsed call went as expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ivr.rehearsal.matching import PatternError, find, first_missing
from ivr.rehearsal.sentences import Sentence, sentence
from ivr.rehearsal.steps import Expect

SHOWN = 300
"""Characters of what was found that a sentence shows."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of the call so far. `ended_by` is "app", "caller" or "" while it goes on."""

    nodes: Sequence[str]
    lines: Sequence[str]
    tickets: Sequence[Mapping[str, Any]]
    messages: Sequence[Mapping[str, str]]
    outcome: str
    ended_by: str


def judge(expect: Expect, result: Result) -> list[Sentence]:
    """A sentence about everything that does not hold."""
    try:
        return [*_way(expect, result), *_heard(expect, result), *_done(expect, result)]
    except PatternError as error:
        return [error.told]


def _way(expect: Expect, result: Result) -> Iterator[Sentence]:
    way = shown(" → ".join(result.nodes))
    if expect.node is not None and expect.node not in result.nodes:
        yield sentence("The call did not pass {node}; its way was: {way}", node=expect.node, way=way)
    rest = iter(result.nodes)
    lost = next((name for name in expect.nodes or () if name not in rest), None)
    if lost is not None:
        wanted = " → ".join(expect.nodes or ())
        yield sentence("The call did not pass {wanted} in this order; its way was: {way}", wanted=wanted, way=way)
    if expect.outcome is not None and result.outcome != expect.outcome:
        yield sentence("The outcome is “{found}”, not “{wanted}”.", found=result.outcome or "-", wanted=expect.outcome)
    wanted_end = "caller" if expect.ended_by == "callee" else expect.ended_by
    if wanted_end is not None and result.ended_by != wanted_end:
        yield sentence(
            "The call was ended by {found}, not by {wanted}.", found=result.ended_by or "-", wanted=wanted_end
        )


def _heard(expect: Expect, result: Result) -> Iterator[Sentence]:
    missing = first_missing(expect.heard_in_order, result.lines)
    if missing is not None:
        yield not_said(missing, result.lines)
    for piece in expect.not_heard:
        said = next((line for line in result.lines if find(piece, line) is not None), None)
        if said is not None:
            yield sentence("“{piece}” was said, and should not have been: {line}", piece=piece, line=shown(said))


def _done(expect: Expect, result: Result) -> Iterator[Sentence]:
    if expect.ticket is not None and not any(_fits(expect.ticket, ticket) for ticket in result.tickets):
        wanted, found = _listed([expect.ticket]), _listed(result.tickets, tuple(expect.ticket))
        yield sentence("There is no ticket with {wanted}; there is: {found}", wanted=wanted, found=found)
    if expect.tickets is not None and len(result.tickets) != expect.tickets:
        one = "There is one ticket, not {wanted}."
        many = "There are {found} tickets, not {wanted}."
        count = len(result.tickets)
        yield sentence(one if count == 1 else many, found=count, wanted=expect.tickets)
    if expect.sms is not None and not any(_fits(expect.sms, message) for message in result.messages):
        wanted, found = _listed([expect.sms]), _listed(result.messages)
        yield sentence("There is no text message with {wanted}; there is: {found}", wanted=wanted, found=found)


def not_said(piece: str, lines: Sequence[str]) -> Sentence:
    """Something that should have been heard and was not."""
    heard = shown(" / ".join(lines))
    if not heard:
        return sentence("“{piece}” was not said; nothing was.", piece=piece)
    return sentence("“{piece}” was not said; heard: {heard}", piece=piece, heard=heard)


def _fits(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """True when each wanted field is found; text matches as prompts do, `/…/` included."""
    for name, value in wanted.items():
        there = found.get(name, found.get("fields", {}).get(name) if isinstance(found.get("fields"), Mapping) else None)
        if isinstance(value, str) and isinstance(there, str):
            if find(value, there) is None:
                return False
        elif value != there:
            return False
    return True


def _listed(rows: Iterable[Mapping[str, Any]], names: Sequence[str] = ()) -> str:
    """Rows in a few words: their wanted fields, or all that have a value."""
    listed = [
        "{" + ", ".join(f"{n}: {v}" for n, v in row.items() if (n in names if names else v)) + "}" for row in rows
    ]
    return shown(", ".join(listed)) or "-"


def shown(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
