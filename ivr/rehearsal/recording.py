"""A tried conversation becomes a test: what was heard before each step, and what came of the call."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flows.documents import FlowDocument
from ivr.rehearsal.exchange import Exchange, Rehearsal
from ivr.rehearsal.flows_in_memory import Others, no_others
from ivr.rehearsal.matching import is_pattern
from ivr.rehearsal.playing import rehearse
from ivr.rehearsal.scenario import STEPS_AT_MOST, Scenario
from ivr.rehearsal.steps import Action, Expect, HangUp, Hear, Press, Say, Silence, Speak, Step
from tickets.categories import Category

LONGEST_PIECE = 40
_SENTENCES = re.compile(r"[。！？!?；;]|\.(?:\s|$)|：(?=\S)")
_CLAUSES = re.compile(r"[，,、：:]")
_WIDE = re.compile(r"[\u3400-\u9fff\uac00-\ud7af]")


def record(
    document: FlowDocument,
    scenario: Scenario,
    *,
    others: Others = no_others,
    now: datetime,
    flow_values: Mapping[str, Any] | None = None,
    categories: Sequence[Category] | None = None,
    also_node: str = "",
) -> Scenario:
    """The scenario with a `hear` before each action that has none, and what to expect in the end.

    A call that goes on is hung up. `also_node` is expected to be passed besides the last one. Raises ScenarioError
    when the setting's time is nonsense.
    """
    scenario = _hung_up(document, scenario, others=others, now=now, flow_values=flow_values, categories=categories)
    played = rehearse(
        document, scenario, others=others, now=now, flow_values=flow_values, categories=categories, to_the_end=True
    )
    expect = scenario.expect or expect_of(played, also_node)
    plain = scenario.model_copy(update={"expect": expect})
    full = plain.model_copy(update={"steps": _with_hears(scenario.steps, played)})
    again = rehearse(
        document, full, others=others, now=now, flow_values=flow_values, categories=categories, to_the_end=True
    )
    # Waiting for words takes time, and somebody who speaks while a machine does is heard otherwise: then do without.
    return full if not again.failures and again.passed == played.passed else plain


def _hung_up(document: FlowDocument, scenario: Scenario, **given: Any) -> Scenario:
    played = rehearse(document, scenario, **given)
    if played.ended or played.failures or len(scenario.steps) >= STEPS_AT_MOST:
        return scenario
    return scenario.model_copy(update={"steps": (*scenario.steps, Step(kind="hang up", action=HangUp()))})


def expect_of(played: Rehearsal, also_node: str = "") -> Expect:
    """What came of a call, as expectations: its last node, outcome, tickets and text messages."""
    own = [at.node for at in played.passed if at.entered]
    found: dict[str, Any] = {}
    last = own[-1] if own else ""
    if also_node and also_node != last:
        found["nodes"] = (also_node, last) if last else (also_node,)
    elif last:
        found["node"] = last
    if played.outcome:
        found["outcome"] = played.outcome
    if played.tickets:
        found["ticket"] = {"category": played.tickets[-1]["category"]}
    found["tickets"] = len(played.tickets)
    if played.messages and (piece := piece_of(played.messages[-1]["body"])):
        found["sms"] = {"body": piece}
    return Expect(**found)


def _with_hears(steps: Sequence[Step], played: Rehearsal) -> tuple[Step, ...]:
    """The steps, each action after words that were just said."""
    before = _exchanges_before(played, len(steps))
    found: list[Step] = []
    for number, step in enumerate(steps):
        acts = isinstance(step.action, Press | Say | Silence | Speak)
        waited = bool(found) and found[-1].kind in ("hear", "expect", "wait")
        piece = _piece_before(before[number], step.action) if acts and not waited else ""
        if piece and len(steps) + len(found) - number < STEPS_AT_MOST:
            found.append(Step(kind="hear", action=Hear(words=(piece,))))
        found.append(step)
    return tuple(found)


def _exchanges_before(played: Rehearsal, count: int) -> list[Exchange | None]:
    """For each step the exchange whose question it answers; None when nothing was asked since the last one."""
    found: list[Exchange | None] = []
    used: Exchange | None = None
    for number in range(count):
        earlier = [x for x in played.exchanges if x.step < number and x.heard["kind"] != "tape"]
        last = earlier[-1] if earlier else None
        found.append(None if last is used else last)
        used = last
    return found


def _piece_before(exchange: Exchange | None, action: Action) -> str:
    """Words of the question that the action answers: of a pressed key its option, else of the last sentence."""
    lines = exchange.lines if exchange is not None else ()
    if isinstance(action, Press) and len(action.digits) == 1:
        options = [
            s for line in lines for s in _sentences(line) if re.search(rf"(?<!\d){re.escape(action.digits)}(?!\d)", s)
        ]
        option = next((s for s in options if len(s) <= LONGEST_PIECE and len(re.findall(r"\d", s)) == 1), "")
        if option and not is_pattern(option):
            return option
    return next((piece for line in reversed(lines) if (piece := piece_of(line))), "")


def piece_of(line: str) -> str:
    """A short part of a line that tells it from others: without figures, which may be values of one call only."""
    parts = [*_sentences(line), *(part for s in _sentences(line) for part in _clauses(s))]
    fitting = [p for p in parts if len(p) <= LONGEST_PIECE and not re.search(r"[\d“”\"]", p) and _weight(p) >= 4]
    if fitting:
        return max(fitting, key=_weight)
    words = [s for s in parts if not re.search(r"\d", s)]
    return _cut(max(words, key=len)) if words else ""


def _sentences(line: str) -> list[str]:
    return [part.strip() for part in _SENTENCES.split(line) if part and part.strip()]


def _clauses(sentence: str) -> list[str]:
    return [part.strip() for part in _CLAUSES.split(sentence) if part.strip()]


def _weight(text: str) -> float:
    """How much is said: a Chinese character counts as two letters."""
    return len(text) + len(_WIDE.findall(text))


def _cut(text: str) -> str:
    """The beginning of a long text, up to the end of a word."""
    if len(text) <= LONGEST_PIECE:
        return text
    head = text[:LONGEST_PIECE]
    return head if _WIDE.search(head) else head.rpartition(" ")[0] or head
