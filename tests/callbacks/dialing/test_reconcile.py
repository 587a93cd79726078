"""What crashes and lost news leave behind is found and settled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dial_stage import DialStage

from callbacks.attempt import Attempt, AttemptState, CarrierOutcome
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseState, CloseReason
from callbacks.settings import Result, RetryMatrix, RetryRow
from ivr.calls import Call
from telephony.calls import CallStatus
from telephony.provider import ProviderError

SILENT_S = 100


def test_a_call_whose_final_notice_never_comes_is_asked_after(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    [sid] = stage.dial_due()
    stage.phone(sid).status(CallStatus.RINGING)
    stage.provider.end_call(sid, CallStatus.NO_ANSWER)
    dialer = stage.dialer()
    dialer.reconcile()
    assert stage.attempt(case).state == AttemptState.RINGING
    stage.clock.pass_s(SILENT_S)
    dialer.reconcile()
    attempt = stage.attempt(case)
    assert (attempt.state, attempt.carrier_outcome) == (AttemptState.ENDED, CarrierOutcome.NO_ANSWER)
    [call] = stage.rows(Call)
    assert call.status == CallStatus.NO_ANSWER
    assert stage.get(Case, case).tries == 1


def test_a_talk_whose_end_nobody_told_ends_within_minutes(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    [sid] = stage.dial_due()
    stage.phone(sid).answer()
    stage.provider.end_call(sid, CallStatus.COMPLETED, duration_s=8)
    ended_at, dialer = stage.clock(), stage.dialer()
    while stage.attempt(case).state != AttemptState.ENDED:
        stage.clock.pass_s(30)
        dialer.reconcile()
        assert stage.clock() - ended_at < timedelta(minutes=15)
    assert stage.attempt(case).duration_s == 8


def test_a_call_that_goes_on_stays_as_it_is(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    [sid] = stage.dial_due()
    stage.phone(sid).answer()
    dialer = stage.dialer()
    for _ in range(5):
        stage.clock.pass_s(300)
        dialer.reconcile()
    assert stage.attempt(case).state == AttemptState.ANSWERED


@pytest.mark.parametrize("answered", [True, False])
def test_a_call_that_the_provider_has_forgotten_is_over(stage: DialStage, answered: bool) -> None:
    case = stage.case(stage.campaign())
    [sid] = stage.dial_due()
    phone = stage.phone(sid)
    phone.answer() if answered else phone.status(CallStatus.RINGING)
    del stage.provider.calls[sid]
    dialer = stage.dialer()
    for _ in range(12):
        stage.clock.pass_s(100)
        dialer.reconcile()
    attempt = stage.attempt(case)
    assert attempt.state == AttemptState.ENDED
    assert attempt.carrier_outcome == (CarrierOutcome.ANSWERED if answered else CarrierOutcome.FAILED)


def test_a_provider_that_cannot_be_asked_leaves_everything_as_it_is(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    stage.dial_due()
    dialer = stage.dialer()
    stage.clock.pass_s(SILENT_S)
    stage.provider.failures.append(ProviderError("Not now.", retryable=True))
    dialer.reconcile()
    assert stage.attempt(case).state == AttemptState.PLACED


def test_a_lapsed_claim_is_given_back(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    dialer = stage.dialer()
    assert dialer.tick() == 1
    stage.clock.pass_s(10)
    dialer.reconcile()
    assert stage.attempt(case).state == AttemptState.CLAIMED
    stage.clock.pass_s(10)
    dialer.reconcile()
    assert stage.attempt(case).state == AttemptState.RELEASED
    assert stage.get(Case, case).state == CaseState.OPEN
    stage.clock.pass_s(10)
    assert len(stage.dial_due()) == 1


def test_a_claim_that_reaches_its_worker_after_its_lease_is_not_dialled(stage: DialStage) -> None:
    stage.case(stage.campaign())
    dialer = stage.dialer()
    dialer.tick()
    [attempt] = stage.rows(Attempt)
    stage.clock.pass_s(60)
    dialer.dial(attempt.id)
    assert stage.provider.calls == {}
    assert stage.rows(Attempt)[0].state == AttemptState.RELEASED


def test_stopping_a_campaign_ends_the_calls_that_still_wait_at_the_provider(stage: DialStage) -> None:
    campaign = stage.campaign()
    waiting, talking = stage.cases(campaign, 2)
    stage.dial_due()
    stage.call_of(talking).answer()
    stage.change(Campaign, campaign, state=CampaignState.STOPPED)
    stage.dialer().reconcile()
    assert stage.provider.calls[str(stage.attempt(waiting).sid)].placed.status.is_final
    assert not stage.provider.calls[str(stage.attempt(talking).sid)].placed.status.is_final
    stage.call_of(waiting).status(CallStatus.CANCELED)
    assert stage.attempt(waiting).carrier_outcome == CarrierOutcome.CANCELED
    assert stage.get(Case, waiting).tries == 0


def test_an_attempt_that_did_not_hear_of_its_call_s_end_catches_up(stage: DialStage) -> None:
    case = stage.case(stage.campaign(retries=RetryMatrix(rows={Result.BUSY: RetryRow(tries=0)})))
    stage.dial_due()
    [call] = stage.rows(Call)
    stage.change(Call, call.id, status=CallStatus.BUSY.value, sip_code=486, ended_at=stage.clock())
    stage.dialer().reconcile()
    assert stage.attempt(case).state == AttemptState.ENDED
    assert stage.get(Case, case).reason == CloseReason.TRIES_USED


def test_a_case_that_waits_for_a_call_nobody_makes_is_opened_again(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    stage.change(Case, case, state=CaseState.CALLING)
    stage.dialer().reconcile()
    assert len(stage.dial_due()) == 1


def test_two_reconcilers_look_once_each_time(stage: DialStage) -> None:
    case = stage.case(stage.campaign())
    [sid] = stage.dial_due()
    stage.provider.end_call(sid, CallStatus.BUSY)
    stage.clock.pass_s(SILENT_S)
    for name in ("one", "two"):
        stage.dialer(name).reconcile()
    assert stage.attempt(case).state == AttemptState.ENDED
    assert stage.get(Case, case).tries_by == {"busy": 1}
