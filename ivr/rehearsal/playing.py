"""A scenario played against a flow document. Pure: the same document, scenario and time give the same rehearsal."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flows.documents import FlowDocument
from flows.nodes.base import Caller
from flows.requests import TicketSummary
from ivr.rehearsal.exchange import Rehearsal
from ivr.rehearsal.flows_in_memory import Others, no_others
from ivr.rehearsal.hearing import hear
from ivr.rehearsal.house import World
from ivr.rehearsal.judging import Result, judge
from ivr.rehearsal.line import StepFailed
from ivr.rehearsal.moments import moment_of, zone_of
from ivr.rehearsal.rehearsing import Rehearsing
from ivr.rehearsal.scenario import Scenario
from ivr.rehearsal.sentences import Failure, sentence
from ivr.rehearsal.steps import Expect, HangUp, Hear, Interrupt, Press, Say, Silence, Speak, Step, Wait
from ivr.rehearsal.telephone import Telephone
from tickets.categories import Category

LISTENS_ON_S = 600.0
"""Call time after the last step after which the caller hangs up, as on the simulated network."""

CALLER = "+8613800138000"
SERVICE = "+862155550100"
"""Who calls whom when the scenario does not say."""

SPOKEN_FILE = "…"
"""What a sound file says, for a rehearsal: it has no recogniser."""


def rehearse(
    document: FlowDocument,
    scenario: Scenario,
    *,
    others: Others = no_others,
    now: datetime,
    flow_values: Mapping[str, Any] | None = None,
    categories: Sequence[Category] | None = None,
    to_the_end: bool = False,
    explain: bool = False,
) -> Rehearsal:
    """Play a scenario.

    Args:
        others: published flows by name, for sub-flows; raises LookupError.
        now: when it is, unless the scenario's setting says otherwise; aware, UTC.
        flow_values: the organisation's values that every call starts with.
        categories: the desk's; None for those that every desk begins with.
        to_the_end: listen on after the last step until the call ends, as a test does; else stop there, and what is
            expected at the end is not judged.
        explain: say with every exchange what may be answered.

    Raises:
        ScenarioError: the scenario's time cannot be understood.
    """
    began = time.perf_counter()
    phone = Telephone(
        talk=begin(document, scenario, others=others, now=now, flow_values=flow_values, categories=categories)
    )
    failures: list[Failure] = []
    step = -1
    try:
        phone.dial()
        _explain(phone, explain)
        for step, row in enumerate(scenario.steps):
            _do(phone, row, step)
            _explain(phone, explain)
        step = -1
        if to_the_end:
            _listen_on(phone)
    except StepFailed as failed:
        failures.append(_failure(failed, scenario, step))
    if to_the_end and not failures and scenario.expect is not None:
        failures = [Failure(step=-1, message=told) for told in judge(scenario.expect, result_of(phone))]
    return Rehearsal(
        exchanges=tuple(phone.exchanges),
        tickets=tuple(phone.talk.house.tickets),
        messages=tuple(phone.talk.house.messages),
        failures=tuple(failures),
        ended=phone.over,
        outcome=phone.talk.session.outcome,
        ended_by=phone.ended_by,
        ms=(time.perf_counter() - began) * 1000,
    )


def begin(
    document: FlowDocument,
    scenario: Scenario,
    *,
    others: Others = no_others,
    now: datetime,
    flow_values: Mapping[str, Any] | None = None,
    categories: Sequence[Category] | None = None,
) -> Rehearsing:
    """A call in the scenario's setting that has not begun. Raises ScenarioError when its time is nonsense."""
    setting, call = scenario.setting, scenario.call
    at = moment_of(setting.at, now=now, zone=zone_of(document))
    number = call.from_ if call.from_ is not None else CALLER
    withheld = not number.startswith("+")
    world = World(
        lookups={node: tuple(sample.reply for sample in rows) for node, rows in scenario.lookups.items()},
        transfers={node: tuple(rows) for node, rows in setting.transfers.items()},
        tickets=tuple(
            TicketSummary(number=t.number, subject=t.subject, status=t.status, updated_at=at) for t in setting.tickets
        ),
        categories=categories,
    )
    return Rehearsing(
        document,
        others=others,
        now=at,
        caller=Caller(number="" if withheld else number, name=setting.caller_name, vip=setting.vip),
        service_number=call.to or SERVICE,
        values={**(flow_values or {}), **setting.values},
        language=call.language or "",
        world=world,
        inbound=None if setting.outbound is None else not setting.outbound,
    )


def result_of(phone: Telephone) -> Result:
    """What came of a call so far, for judging it."""
    return Result(
        nodes=phone.nodes,
        lines=[line.text for line in phone.lines],
        tickets=phone.talk.house.tickets,
        messages=phone.talk.house.messages,
        outcome=phone.talk.session.outcome,
        ended_by=phone.ended_by,
    )


def _do(phone: Telephone, step: Step, number: int) -> None:
    match step.action:
        case Hear(words=words, within_s=within_s):
            hear(phone, words, within_s, number)
        case Press(digits=digits):
            phone.press(digits, number)
        case Say(text=text, confidence=confidence):
            phone.say(text, confidence, number)
        case Silence() | Wait() as pause:
            _let_pass(phone, pause.seconds, number)
        case Speak(text=text, confidence=confidence):
            phone.say(text or SPOKEN_FILE, confidence if text else None, number)
        case Interrupt(after_s=after_s, action=action):
            if phone.can_be_interrupted(after_s):
                _do(phone, Step(kind=step.kind, action=action), number)
        case HangUp():
            phone.hang_up(number)
        case Expect() as expect:
            _expect(phone, expect)


def _let_pass(phone: Telephone, seconds: float | None, number: int) -> None:
    if seconds is None:
        phone.silence(number)
    else:
        phone.wait(float(seconds), number)


def _expect(phone: Telephone, expect: Expect) -> None:
    for problem in judge(expect, result_of(phone)):
        raise StepFailed(problem)


def _explain(phone: Telephone, wanted: bool) -> None:
    if wanted and phone.exchanges and not phone.exchanges[-1].choices:
        phone.exchanges[-1] = phone.talk.explained(phone.exchanges[-1])


def _listen_on(phone: Telephone) -> None:
    left_s = LISTENS_ON_S
    while not phone.over and left_s > 0:
        left_s -= max(phone.patience_s() - phone.idle_s, 0.1)
        if left_s < 0:
            break
        phone.give_up(-1)
    phone.hang_up(-1)


def _failure(failed: StepFailed, scenario: Scenario, step: int) -> Failure:
    """The failure; two or more that an expectation has come as the first of them."""
    if step < 0:
        return Failure(step=-1, message=sentence("{what}", what=failed.told))
    return Failure(step=step, kind=scenario.steps[step].kind, message=failed.told)
