"""A crash at every line of a dial."""

from __future__ import annotations

from typing import Any

import pytest
from dial_stage import DialStage, queue_of
from failing_companies import DiesAfter, DiesBefore, Fatal, KilledError, Lost

from callbacks.attempt import Attempt, AttemptState, CarrierOutcome
from callbacks.case import Case, CloseReason
from telephony.provider import PlacedCall


def crash_in_the_queue(stage: DialStage) -> None:
    dialer = stage.dialer(transport=Lost())
    assert dialer.tick() == 1


def crash_before_the_worker(stage: DialStage) -> None:
    assert stage.dialer().tick() == 1


def crash_before_the_request(stage: DialStage) -> None:
    stage.dials = Fatal(stage.clock)
    die(stage)
    stage.dials = None


def crash_in_the_request(stage: DialStage) -> None:
    die(stage, provider=DiesBefore(stage.provider))


def crash_after_the_request(stage: DialStage) -> None:
    die(stage, provider=DiesAfter(stage.provider))


def die(stage: DialStage, **more: Any) -> None:
    dialer = stage.dialer(**more)
    dialer.tick()
    [attempt_id] = queue_of(dialer).take()
    with pytest.raises(KilledError):
        dialer.dial(attempt_id)


@pytest.mark.parametrize(
    "crash",
    [
        crash_in_the_queue,
        crash_before_the_worker,
        crash_before_the_request,
        crash_in_the_request,
        crash_after_the_request,
    ],
)
def test_a_crash_at_any_line_loses_no_case_and_calls_nobody_twice(stage: DialStage, crash: Any) -> None:
    case = stage.case(stage.campaign())
    crash(stage)
    dialer = stage.dialer("two")
    for seconds in (1, 4, 10, 8, 6, 6, 30, 10, 6, 6, 6):
        stage.clock.pass_s(seconds)
        dialer.reconcile()
        stage.dial_due(dialer)
    assert len(stage.provider.calls) == 1
    stage.call_of(case).answer("1").hang_up()
    assert stage.get(Case, case).reason == CloseReason.GOAL_MET
    assert {attempt.state for attempt in stage.rows(Attempt)} <= {AttemptState.ENDED, AttemptState.RELEASED}


def test_a_call_that_was_given_up_and_comes_after_all_is_ended_at_once(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    company = Sleeper(stage)
    dialer = stage.dialer(provider=company)
    dialer.tick()
    [attempt_id] = queue_of(dialer).take()
    dialer.dial(attempt_id)
    [call] = stage.provider.calls.values()
    assert call.placed.status.is_final
    assert stage.rows(Attempt, Attempt.id == attempt_id)[0].carrier_outcome == CarrierOutcome.PROVIDER_ERROR
    assert stage.get(Case, case).tries == 0


class Sleeper(DiesBefore):
    """A company that takes minutes to answer, while another dialer gives the dial up."""

    def __init__(self, stage: DialStage) -> None:
        super().__init__(stage.provider)
        self._stage = stage

    def place_call(self, **wishes: Any) -> PlacedCall:
        other = self._stage.dialer("two")
        for _ in range(20):
            self._stage.clock.pass_s(10)
            other.reconcile()
        return self._company.place_call(**wishes)
