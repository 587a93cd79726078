"""News of a call, in whatever order it comes, moves its attempt and its case once."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from dial_stage import CALLER, Callee, DialStage, queue_of

from callbacks.attempt import AttemptState, BusinessOutcome, CarrierOutcome
from callbacks.case import Case, CaseState, CloseReason
from callbacks.settings import MachineMode, Result, RetryMatrix, RetryRow
from callbacks.tallies import Tally
from ivr.calls import Call
from ivr.messages import Message
from telephony.calls import AnsweredBy, CallEvent, CallStatus, Digits, Direction
from telephony.provider import PlacedCall
from work.happenings import Happening
from work.jobs import Job


def called(stage: DialStage, **campaign: Any) -> tuple[int, Callee]:
    """A case whose phone is about to ring."""
    case = stage.case(stage.campaign(**campaign))
    [sid] = stage.dial_due()
    return case, stage.phone(sid)


def tallied(stage: DialStage) -> int:
    with stage.db.read() as session:
        return sum(tally.attempts for tally in session.query(Tally).all())


ENDS = [
    (CallStatus.BUSY, {"sip_code": 486}, CarrierOutcome.BUSY, Result.BUSY),
    (CallStatus.NO_ANSWER, {"sip_code": 487}, CarrierOutcome.NO_ANSWER, Result.NO_ANSWER),
    (CallStatus.BUSY, {"sip_code": 603}, CarrierOutcome.REJECTED, Result.REJECTED),
    (CallStatus.FAILED, {"sip_code": 503}, CarrierOutcome.FAILED, Result.FAILED),
]


@pytest.mark.parametrize(("status", "more", "outcome", "result"), ENDS)
def test_a_call_that_comes_to_nothing_is_tried_again_by_the_matrix(
    stage: DialStage, status: CallStatus, more: dict[str, Any], outcome: CarrierOutcome, result: Result
) -> None:
    matrix = RetryMatrix(rows={result: RetryRow(tries=1, delay_min=7)}, max_tries=5)
    case, phone = called(stage, retries=matrix)
    phone.ends(status, **more)
    attempt, again = stage.attempt(case), stage.get(Case, case)
    assert (attempt.state, attempt.carrier_outcome, attempt.business_outcome) == (AttemptState.ENDED, outcome, "")
    assert (again.state, again.tries, again.tries_by) == (CaseState.OPEN, 1, {result.value: 1})
    assert again.due_at == attempt.ended_at + timedelta(minutes=7)
    assert stage.dial_due() == []
    stage.clock.pass_s(7 * 60)
    [sid] = stage.dial_due()
    stage.phone(sid).ends(status, **more)
    assert stage.get(Case, case).reason == CloseReason.TRIES_USED


def test_a_number_that_the_network_does_not_know_is_flagged_and_closed(stage: DialStage) -> None:
    case, phone = called(stage)
    phone.status(CallStatus.FAILED, sip_code=404)
    attempt, closed = stage.attempt(case), stage.get(Case, case)
    assert (attempt.carrier_outcome, attempt.rang_at) == (CarrierOutcome.INVALID_NUMBER, None)
    assert (closed.reason, closed.flagged, closed.tries) == (CloseReason.INVALID_NUMBER, True, 0)


@pytest.mark.parametrize("seed", range(6))
def test_news_that_is_shuffled_repeated_and_late_counts_once(stage: DialStage, seed: int) -> None:
    chance = random.Random(seed)
    case, phone = called(stage, retries=RetryMatrix(rows={Result.BUSY: RetryRow(tries=1, delay_min=9)}))
    news = [
        (CallStatus.INITIATED, 0, {}),
        (CallStatus.RINGING, 1, {}),
        (CallStatus.BUSY, 2, {"sip_code": 486}),
    ] * 2
    chance.shuffle(news)
    for status, sequence, more in news:
        phone.status(status, sequence=sequence, **more)
    again = stage.get(Case, case)
    assert (again.state, again.tries, again.tries_by) == (CaseState.OPEN, 1, {"busy": 1})
    assert tallied(stage) == 1
    assert [told.kind for told in stage.rows(Happening)].count("attempt.ended") == 1
    assert stage.attempt(case).rang_at is not None


def test_a_late_notice_of_the_first_try_does_not_touch_the_second(stage: DialStage) -> None:
    case, phone = called(stage)
    phone.ends(CallStatus.BUSY, sip_code=486)
    stage.change(Case, case, due_at=stage.clock())
    [second] = stage.dial_due()
    phone.status(CallStatus.RINGING, sequence=1)
    phone.status(CallStatus.BUSY, sequence=2, sip_code=486)
    attempt = stage.attempt(case)
    assert (attempt.n, attempt.state, attempt.sid) == (2, AttemptState.PLACED, second)
    assert stage.get(Case, case).tries == 1


class Quick:
    """A company whose webhooks overtake its answer."""

    def __init__(self, stage: DialStage, tell: Callable[[Callee], None]) -> None:
        self._stage, self._tell = stage, tell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stage.provider, name)

    def place_call(self, **wishes: Any) -> PlacedCall:
        placed = self._stage.provider.place_call(**wishes)
        self._tell(self._stage.phone(placed.call_sid))
        return placed


@pytest.mark.parametrize(
    ("tell", "state"),
    [
        (lambda phone: phone.status(CallStatus.RINGING), AttemptState.RINGING),
        (lambda phone: phone.answer("1"), AttemptState.ANSWERED),
        (lambda phone: phone.ends(CallStatus.BUSY, sip_code=486), AttemptState.ENDED),
    ],
)
def test_webhooks_may_be_faster_than_the_answer_to_the_dial(
    stage: DialStage, tell: Callable[[Callee], None], state: AttemptState
) -> None:
    case = stage.case(stage.campaign())
    dialer = stage.dialer(provider=Quick(stage, tell))
    dialer.tick()
    for attempt_id in queue_of(dialer).take():
        dialer.dial(attempt_id)
    attempt = stage.attempt(case)
    assert (attempt.state, attempt.sid) == (state, next(iter(stage.provider.calls)))
    [call] = stage.rows(Call)
    assert call.sid == attempt.sid


@pytest.mark.parametrize(
    ("keys", "reason", "business"),
    [
        (("1",), CloseReason.GOAL_MET, BusinessOutcome.GOAL),
        (("2",), CloseReason.DONE, BusinessOutcome.DONE),
        (("8",), CloseReason.OPTED_OUT, BusinessOutcome.OPTED_OUT),
    ],
)
def test_the_flow_s_word_decides_what_becomes_of_the_case(
    stage: DialStage, keys: tuple[str, ...], reason: CloseReason, business: BusinessOutcome
) -> None:
    case, phone = called(stage)
    phone.answer(*keys).hang_up()
    closed = stage.get(Case, case)
    assert (closed.state, closed.reason, stage.attempt(case).business_outcome) == (CaseState.CLOSED, reason, business)


def test_a_wrong_person_is_flagged_and_never_called_again(stage: DialStage) -> None:
    case, phone = called(stage)
    phone.answer()
    phone.post("turns/1", phone.event(CallStatus.IN_PROGRESS, heard=Digits(digits="7")))
    phone.hang_up()
    closed = stage.get(Case, case)
    assert (closed.reason, closed.flagged) == (CloseReason.WRONG_PERSON, True)


def test_somebody_who_hangs_up_in_the_middle_is_called_again(stage: DialStage) -> None:
    matrix = RetryMatrix(rows={Result.INCOMPLETE: RetryRow(tries=1, delay_min=30)})
    case, phone = called(stage, retries=matrix)
    phone.answer().hang_up(3)
    attempt, again = stage.attempt(case), stage.get(Case, case)
    assert (attempt.business_outcome, attempt.carrier_outcome) == (BusinessOutcome.INCOMPLETE, CarrierOutcome.ANSWERED)
    assert (again.state, again.tries_by) == (CaseState.OPEN, {"incomplete": 1})


@pytest.mark.parametrize(
    ("mode", "verdict", "action"),
    [
        (MachineMode.HANG_UP, AnsweredBy.MACHINE_START, "hang_up"),
        (MachineMode.LEAVE_MESSAGE, AnsweredBy.MACHINE_END_BEEP, "voicemail"),
        (MachineMode.LEAVE_MESSAGE, AnsweredBy.FAX, "hang_up"),
        (MachineMode.SMS, AnsweredBy.MACHINE_START, "hang_up"),
        (MachineMode.HANG_UP, AnsweredBy.HUMAN, None),
        (MachineMode.HANG_UP, AnsweredBy.UNKNOWN, None),
        (MachineMode.OFF, AnsweredBy.MACHINE_START, None),
    ],
)
def test_a_machine_gets_what_the_campaign_has_for_it(
    stage: DialStage, mode: MachineMode, verdict: AnsweredBy, action: str | None
) -> None:
    case, phone = called(stage, machine=mode)
    phone.answer()
    for _ in range(2):
        phone.verdict(verdict)
    jobs = [job.payload for job in stage.rows(Job, Job.kind == "redirect_call")]
    [call] = stage.rows(Call)
    assert jobs == ([{"call_id": call.id, "action": action}] if action else [])
    assert stage.attempt(case).answered_by == verdict


def test_a_machine_is_tried_again_and_texted_once(stage: DialStage) -> None:
    case, phone = called(
        stage,
        machine=MachineMode.SMS,
        sms_text={"en-US": "Parcel {{ parcel }} waits."},
        retries=RetryMatrix(rows={Result.MACHINE: RetryRow(tries=2, delay_min=1)}),
    )
    for _ in range(2):
        phone.answer()
        phone.verdict(AnsweredBy.MACHINE_START)
        phone.hang_up(9)
        stage.clock.pass_s(60)
        found = stage.dial_due()
        phone = stage.phone(found[0])
    assert stage.get(Case, case).tries_by == {"machine": 2}
    [message] = stage.rows(Message)
    assert (message.body, message.from_number) == ("Parcel P1 waits.", CALLER)


def test_a_key_goes_before_the_verdict_of_machine_detection_in_any_order(stage: DialStage) -> None:
    case, phone = called(stage, machine=MachineMode.HANG_UP)
    phone.answer("1")
    phone.verdict(AnsweredBy.MACHINE_START)
    phone.hang_up()
    assert stage.rows(Job, Job.kind == "redirect_call") == []
    assert stage.get(Case, case).reason == CloseReason.GOAL_MET


def test_a_case_that_is_cancelled_while_its_phone_rings_is_not_called_again(stage: DialStage) -> None:
    from callbacks.cases import cancel

    case = stage.case(stage.campaign(), reference="SF7")
    [sid] = stage.dial_due()
    with stage.db.write() as session:
        assert cancel(session, reference="SF7", now=stage.clock(), by="", kind="parcel.picked_up") == 1
    stage.phone(sid).ends(CallStatus.BUSY, sip_code=486)
    closed = stage.get(Case, case)
    assert (closed.state, closed.reason) == (CaseState.CLOSED, CloseReason.CANCELLED)


def test_whoever_rings_back_and_settles_the_matter_is_not_called_again(stage: DialStage) -> None:
    from dataclasses import replace

    from dial_stage import new_stage

    from callbacks.call_backs import recogniser

    case, phone = called(stage)
    phone.ends(CallStatus.NO_ANSWER, sip_code=487)
    again = new_stage(stage.db)
    deps = replace(again.deps, clock=stage.clock, receptions=(recogniser(),))
    inbound(stage, deps, stage.get(Case, case).number, ("1",))
    closed = stage.get(Case, case)
    assert (closed.state, closed.reason, closed.outcome) == (CaseState.CLOSED, CloseReason.GOAL_MET, "door")
    stage.clock.pass_s(86_400)
    assert stage.dial_due() == []


def inbound(stage: DialStage, deps: Any, number: str, keys: tuple[str, ...]) -> None:
    """Somebody rings our number, presses keys, and hangs up."""
    from ivr.begin import begin_call
    from ivr.conversation import take_turn
    from ivr.notices import status_notice

    sid = "CA" + "9" * 32
    event = CallEvent(
        call_sid=sid,
        from_number=number,
        to_number=CALLER,
        status=CallStatus.RINGING,
        direction=Direction.INBOUND,
    )
    begin_call(deps, event)
    [token] = [call.token for call in stage.rows(Call, Call.sid == sid)]
    from dataclasses import replace

    live = replace(event, status=CallStatus.IN_PROGRESS)
    take_turn(deps, token, 1, live)
    for turn, key in enumerate(keys, start=2):
        take_turn(deps, token, turn, replace(live, heard=Digits(digits=key)))
    status_notice(deps, replace(event, status=CallStatus.COMPLETED, duration_s=12))
