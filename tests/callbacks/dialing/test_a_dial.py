"""A dial from its case to its end, with a phone company that rings nobody."""

from __future__ import annotations

from dial_stage import CALLER, DialStage

from callbacks.attempt import Attempt, AttemptState, BusinessOutcome, CarrierOutcome
from callbacks.case import Case, CaseState, CloseReason
from callbacks.tallies import Tally
from ivr.calls import Call
from telephony.calls import CallStatus
from work.happenings import Happening


def test_a_due_case_is_called_and_reaches_its_goal(stage: DialStage) -> None:
    campaign = stage.campaign()
    case = stage.case(campaign, "+8613812345678")
    [sid] = stage.dial_due()
    asked = stage.provider.calls[sid]
    assert (asked.placed.to_number, asked.placed.from_number) == ("+8613812345678", CALLER)
    attempt = stage.attempt(case)
    assert (attempt.state, attempt.sid, attempt.n) == (AttemptState.PLACED, sid, 1)
    assert attempt.decision["allowed"] is True
    stage.phone(sid).status(CallStatus.RINGING)
    assert stage.attempt(case).rang_at is not None
    stage.phone(sid).answer("1").hang_up(31)
    attempt = stage.attempt(case)
    assert attempt.state == AttemptState.ENDED
    assert attempt.carrier_outcome == CarrierOutcome.ANSWERED
    assert (attempt.business_outcome, attempt.outcome_word) == (BusinessOutcome.GOAL, "door")
    assert attempt.duration_s == 31
    ended = stage.get(Case, case)
    assert (ended.state, ended.reason, ended.outcome, ended.tries) == (
        CaseState.CLOSED,
        CloseReason.GOAL_MET,
        "door",
        1,
    )
    assert [told.kind for told in stage.rows(Happening)][-2:] == ["case.closed", "attempt.ended"]
    with stage.db.read() as session:
        [tally] = session.query(Tally).all()
    assert (tally.attempts, tally.rang, tally.answered, tally.heard, tally.replied) == (1, 1, 1, 1, 1)


def test_the_flow_knows_the_case_and_its_variables(stage: DialStage) -> None:
    campaign = stage.campaign()
    case = stage.case(campaign, reference="SF1")
    stage.dial_due()
    [call] = stage.rows(Call)
    values = call.state["f"][0]["x"]
    assert values["parcel"] == "P1"
    assert (values["case"]["id"], values["case"]["attempt"]) == (case, stage.attempt(case).id)
    assert (values["case"]["reference"], values["case"]["inbound"]) == ("SF1", False)


def test_nobody_is_called_twice_while_a_call_is_live(stage: DialStage) -> None:
    campaign = stage.campaign()
    case = stage.case(campaign, "+8613812345678")
    other = stage.case(stage.campaign(purpose="survey"), "+8613812345678", purpose="survey")
    assert len(stage.dial_due()) == 1
    stage.clock.pass_s(3600)
    assert stage.dial_due() == []
    [waiting] = [c for c in (stage.get(Case, case), stage.get(Case, other)) if c.state == CaseState.OPEN]
    assert waiting.rule == "callee_busy"


def test_an_attempt_is_dialled_once_however_often_the_queue_brings_it(stage: DialStage) -> None:
    stage.case(stage.campaign())
    dialer = stage.dialer()
    dialer.tick()
    [attempt] = stage.rows(Attempt)
    for _ in range(3):
        dialer.dial(attempt.id)
    assert len(stage.provider.calls) == 1
