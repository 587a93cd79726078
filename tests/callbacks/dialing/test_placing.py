"""Asking the phone company for a call: what it refuses, and what it never answers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dial_stage import DialStage
from failing_companies import DiesBefore, InvalidNumbers

from callbacks.attempt import AttemptState, CarrierOutcome
from callbacks.case import Case, CaseState, CloseReason
from ivr.calls import Call
from telephony.calls import CallStatus
from telephony.errors import OutcomeUnknownError
from telephony.provider import PlacedCall, ProviderError

BUSY_COMPANY = ProviderError("Too many requests.", code=20429, retryable=True)
NO_ANSWER = OutcomeUnknownError("No answer.")


def test_only_one_file_asks_for_calls() -> None:
    root = Path(__file__).resolve().parents[3]
    rooms = ("callbacks", "ivr", "console", "api", "commands", "work", "tickets", "flows", "demo")
    asking = [
        str(path.relative_to(root))
        for room in rooms
        for path in (root / room).rglob("*.py")
        if re.search(r"\.place_call\(", path.read_text(encoding="utf-8"))
    ]
    assert asking == ["callbacks/dialing/placing.py"]


def test_a_refusal_for_haste_gives_the_case_back_and_counts_nothing(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    stage.provider.failures.append(BUSY_COMPANY)
    assert stage.dial_due() == []
    assert stage.attempt(case).state == AttemptState.RELEASED
    back = stage.get(Case, case)
    assert (back.state, back.tries, back.tries_by) == (CaseState.OPEN, 0, {})
    assert stage.clock() < back.due_at <= stage.clock() + timedelta(seconds=6)
    stage.clock.pass_s(6)
    assert len(stage.dial_due()) == 1
    assert stage.attempt(case).n == 2


def test_a_company_that_stays_busy_is_asked_less_and_less(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    waits = []
    for _ in range(5):
        stage.provider.failures.append(BUSY_COMPANY)
        stage.dial_due()
        waits.append((stage.get(Case, case).due_at - stage.clock()).total_seconds())
        stage.clock.pass_s(waits[-1])
    assert waits == [5, 10, 20, 40, 80]


def test_a_number_that_does_not_exist_is_flagged_and_never_called_again(stage: DialStage) -> None:
    campaign = stage.campaign()
    case = stage.case(campaign)
    dialer = stage.dialer(provider=InvalidNumbers(stage.provider))
    stage.dial_due(dialer)
    attempt, closed = stage.attempt(case), stage.get(Case, case)
    assert (attempt.state, attempt.carrier_outcome) == (AttemptState.ENDED, CarrierOutcome.INVALID_NUMBER)
    assert (closed.state, closed.reason, closed.flagged, closed.tries) == (
        CaseState.CLOSED, CloseReason.INVALID_NUMBER, True, 0,
    )  # fmt: skip
    assert stage.provider.calls == {}


def test_a_final_refusal_of_another_kind_is_no_try_and_the_case_goes_on_later(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    stage.provider.failures.append(ProviderError("Our number is not ours.", code=21210))
    stage.dial_due()
    attempt, back = stage.attempt(case), stage.get(Case, case)
    assert (attempt.state, attempt.carrier_outcome) == (AttemptState.ENDED, CarrierOutcome.PROVIDER_ERROR)
    assert attempt.error == "Our number is not ours."
    assert (back.state, back.tries) == (CaseState.OPEN, 0)
    stage.clock.pass_s(10)
    assert len(stage.dial_due()) == 1


def test_an_answer_that_never_comes_is_looked_up_and_never_repeated(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    stage.provider.lost_answers.append(NO_ANSWER)
    [sid] = stage.dial_due()
    assert stage.attempt(case).state == AttemptState.UNKNOWN
    stage.clock.pass_s(3)
    assert stage.dial_due() == []
    stage.dialer().reconcile()
    attempt = stage.attempt(case)
    assert (attempt.state, attempt.sid) == (AttemptState.PLACED, sid)
    stage.phone(sid).answer("1").hang_up()
    assert stage.get(Case, case).reason == CloseReason.GOAL_MET
    assert len(stage.provider.calls) == 1


def test_a_dial_that_the_company_never_had_is_made_again_after_two_looks(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    stage.provider.failures.append(NO_ANSWER)
    assert stage.dial_due() == []
    dialer = stage.dialer()
    for _ in range(15):
        stage.clock.pass_s(5)
        dialer.reconcile()
        if stage.attempt(case).state != AttemptState.UNKNOWN:
            break
        assert stage.dial_due() == []
    attempt = stage.attempt(case)
    assert (attempt.state, attempt.carrier_outcome) == (AttemptState.ENDED, CarrierOutcome.PROVIDER_ERROR)
    assert attempt.dialled_at is not None
    assert stage.clock() - attempt.dialled_at <= timedelta(seconds=70)
    assert stage.get(Case, case).tries == 0
    stage.clock.pass_s(10)
    assert len(stage.dial_due()) == 1


def test_an_unknown_call_blocks_its_number_for_every_campaign(stage: DialStage) -> None:
    stage.case(stage.campaign(), "+8613812345678")
    stage.provider.failures.append(NO_ANSWER)
    stage.dial_due()
    stage.case(stage.campaign(), "+8613812345678", purpose="survey")
    assert stage.dial_due() == []
    stage.clock.pass_s(15)
    assert stage.dial_due() == []


def test_an_earlier_call_of_the_same_number_is_not_taken_for_the_unknown_one(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    [first] = stage.dial_due()
    stage.phone(first).ends(CallStatus.BUSY, sip_code=486)
    stage.change(Case, case, due_at=stage.clock())
    stage.provider.lost_answers.append(NO_ANSWER)
    [second] = stage.dial_due()
    stage.dialer().reconcile()
    assert stage.attempt(case).sid == second


@pytest.mark.parametrize(
    ("error", "status"),
    [(BUSY_COMPANY, CallStatus.CANCELED), (ProviderError("No.", code=21215), CallStatus.FAILED)],
)
def test_a_call_that_was_never_placed_does_not_stay_among_the_live_ones(
    stage: DialStage, error: ProviderError, status: CallStatus
) -> None:
    stage.case(stage.campaign())
    stage.provider.failures.append(error)
    stage.dial_due()
    [call] = stage.rows(Call)
    assert (call.status, call.sid) == (status, None)
    assert call.ended_at is not None


def test_a_provider_that_keeps_calls_back_is_asked_more_slowly(small_stage: DialStage) -> None:
    class Slow(DiesBefore):
        def place_call(self, **wishes: Any) -> PlacedCall:
            return replace(self._company.place_call(**wishes), queue_time_ms=20_000)

    stage = small_stage
    campaign = stage.campaign()
    stage.case(campaign)
    dialer = stage.dialer(provider=Slow(stage.provider))
    stage.dial_due(dialer)
    stage.case(campaign)
    stage.clock.pass_s(10)
    assert dialer.tick() == 0
    stage.clock.pass_s(10)
    assert dialer.tick() == 1
