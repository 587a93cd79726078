"""Faults that open dialers have, each as a test that would fail on that system."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from dial_stage import ALWAYS, FREE, NOW, DialStage, queue_of
from network_stage import NetworkStage, network_stage

from callbacks.attempt import LIVE_STATES, Attempt, AttemptState, CarrierOutcome
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseState, CloseReason
from callbacks.cases import NewCase, create_case
from callbacks.dialing.account import AccountPace
from callbacks.opt_outs import OptOut
from callbacks.settings import DAYS, CallingHours, Pacing, Result, RetryMatrix, RetryRow
from storage.database import Database
from telephony.calls import CallStatus

SOON = RetryMatrix(rows={result: RetryRow(tries=3, delay_min=1) for result in Result}, max_tries=9)


@pytest.fixture
def network(db: Database) -> Iterator[NetworkStage]:
    with network_stage(db) as stage:
        yield stage


def test_mailroom_concurrency_is_counted_under_a_lock_and_never_overshoots(stage: DialStage) -> None:
    campaign = stage.campaign(pacing=Pacing(calls_per_second=100, max_live=7))
    stage.cases(campaign, 40)
    begin, claimed = threading.Barrier(4), []

    def run(name: str) -> None:
        dialer = stage.dialer(name)
        begin.wait()
        for _ in range(6):
            claimed.append(dialer.tick())

    threads = [threading.Thread(target=run, args=(f"d{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(claimed) == len(stage.rows(Attempt, Attempt.state.in_(LIVE_STATES))) == 7


def test_mailroom_a_busy_provider_is_no_permanent_failure(network: NetworkStage) -> None:
    case = network.case(network.campaign(), "+8613812345678")
    network.net.people.set("*", "busy")
    network.net.fault("rest_status", status=429, method="POST", times=1)
    network.work()
    assert (network.rung(), network.attempt(case).state) == ({}, AttemptState.RELEASED)
    network.change(Case, case, due_at=network.clock())
    network.work()
    assert network.rung() == {"+8613812345678": 1}
    assert network.get(Case, case).tries_by == {"busy": 1}


def test_mailroom_a_server_error_is_no_permanent_failure_and_no_double_call(network: NetworkStage) -> None:
    case = network.case(network.campaign(), "+8613812345678")
    network.net.fault("rest_status", status=500, method="POST", times=1)
    network.work()
    assert network.attempt(case).state == AttemptState.UNKNOWN
    earlier = NOW - timedelta(minutes=5)
    network.change(Attempt, network.attempt(case).id, dialled_at=earlier, checked_at=earlier)
    network.work()
    assert network.attempt(case).carrier_outcome == CarrierOutcome.PROVIDER_ERROR
    network.change(Case, case, due_at=network.clock())
    network.work()
    assert network.rung() == {"+8613812345678": 1}


def test_mailroom_a_call_that_was_accepted_while_the_answer_was_lost_is_found_again(network: NetworkStage) -> None:
    case = network.case(network.campaign(), "+8613812345678")
    network.net.people.set("*", "no-answer")
    network.net.fault("rest_accept_then_timeout", times=1)
    network.work(again=3)
    attempt = network.attempt(case)
    assert network.rung() == {"+8613812345678": 1}
    assert (attempt.state, attempt.carrier_outcome) == (AttemptState.ENDED, CarrierOutcome.NO_ANSWER)
    assert attempt.sid == network.net.calls[0].sid


def test_mailroom_a_late_status_does_not_overwrite_the_end_and_prevent_the_retry(stage: DialStage) -> None:
    case = stage.case(stage.campaign(retries=SOON))
    [sid] = stage.dial_due()
    phone = stage.phone(sid)
    phone.status(CallStatus.BUSY, sequence=2, sip_code=486)
    phone.status(CallStatus.RINGING, sequence=1)
    phone.status(CallStatus.INITIATED, sequence=0)
    stage.clock.pass_s(60)
    assert len(stage.dial_due()) == 1
    assert stage.get(Case, case).tries == 1


def test_openews_a_failed_create_is_tried_again(stage: DialStage) -> None:
    from telephony.provider import ProviderError

    case = stage.case(stage.campaign())
    stage.provider.failures.append(ProviderError("Refused for a reason of its own."))
    stage.dial_due()
    assert stage.attempt(case).state == AttemptState.ENDED
    stage.clock.pass_s(10)
    assert len(stage.dial_due()) == 1


@pytest.mark.parametrize("limit", [1, 3])
def test_openews_a_limit_below_any_default_has_its_effect(stage: DialStage, limit: int) -> None:
    stage.cases(stage.campaign(pacing=Pacing(max_live=limit, calls_per_second=100)), 10)
    assert len(stage.dial_due()) == limit
    stage.account = AccountPace(calls_per_second=1000, max_live=limit + 1, inbound_reserve=0)
    stage.cases(stage.campaign(), 10)
    assert len(stage.dial_due()) == 1


@pytest.mark.parametrize("change", ["pause", "end", "opt_out", "night", "cap"])
def test_newfies_a_retry_passes_every_check_that_a_first_call_passes(stage: DialStage, change: str) -> None:
    hours = CallingHours(week=dict.fromkeys(DAYS, ((9 * 60, 10 * 60 + 30),)), skip_holidays=False)
    campaign = stage.campaign(retries=SOON, hours=hours if change == "night" else ALWAYS)
    case = stage.case(campaign, "+8613812345678")
    [sid] = stage.dial_due()
    stage.phone(sid).ends(CallStatus.BUSY, sip_code=486)
    if change == "pause":
        stage.change(Campaign, campaign, state=CampaignState.PAUSED)
    elif change == "end":
        stage.change(Campaign, campaign, ends_at=stage.clock())
    elif change == "opt_out":
        with stage.db.write() as session:
            session.add(OptOut(number="+8613812345678", purpose="all", how="agent", created_at=stage.clock()))
    elif change == "night":
        stage.clock.pass_s(3600)
    elif change == "cap":
        from callbacks.gate.caps import Cap
        from callbacks.gate.policy import GatePolicy

        stage.policy = GatePolicy(zone=FREE.zone, none_allowed=True, caps=(Cap(calls=1, minutes=1440),))
    stage.clock.pass_s(60)
    assert stage.dial_due() == []
    assert len(stage.provider.calls) == 1
    left = stage.get(Case, case)
    assert left.tries == 1
    assert left.state != CaseState.OPEN or left.due_at > stage.clock() or change == "pause"


def test_newfies_a_retry_calls_from_the_same_number(stage: DialStage) -> None:
    case = stage.case(stage.campaign(caller_numbers=["+862155550101", "+862155550102"], retries=SOON))
    stage.dial_due()
    first = stage.attempt(case).caller_number
    stage.call_of(case).ends(CallStatus.BUSY, sip_code=486)
    stage.clock.pass_s(60)
    stage.dial_due()
    assert stage.attempt(case).caller_number == first


def test_verboice_one_trigger_makes_one_call(stage: DialStage) -> None:
    campaign = stage.campaign()
    new = NewCase(number="+8613812345678", variables={"parcel": "1"}, key="parcel 1 arrived", source="rule")
    for _ in range(2):
        with stage.db.write() as session:
            create_case(session, session.get_one(Campaign, campaign), new, stage.clock())
    one, two = stage.dialer("one"), stage.dialer("two")
    one.tick(), two.tick()
    claimed = queue_of(one).take() + queue_of(two).take()
    for attempt_id in claimed * 2:
        one.dial(attempt_id)
        two.dial(attempt_id)
    assert len(stage.provider.calls) == 1


def test_surveda_a_try_counts_only_when_the_phone_rang(stage: DialStage) -> None:
    from telephony.provider import ProviderError

    case = stage.case(stage.campaign(retries=SOON))
    for _ in range(4):
        stage.provider.failures.append(ProviderError("Queue full.", retryable=True))
        stage.dial_due()
        stage.clock.pass_s(600)
    assert stage.get(Case, case).tries == 0
    [sid] = stage.dial_due()
    stage.phone(sid).ends(CallStatus.NO_ANSWER, sip_code=487)
    assert stage.get(Case, case).tries == 1


def test_surveda_no_retry_follows_after_the_end_of_the_matter(stage: DialStage) -> None:
    case = stage.case(stage.campaign(retries=SOON), not_after=NOW + timedelta(seconds=90))
    [sid] = stage.dial_due()
    stage.clock.pass_s(60)
    stage.phone(sid).ends(CallStatus.BUSY, sip_code=486)
    assert stage.get(Case, case).reason == CloseReason.EXPIRED
    stage.clock.pass_s(3600)
    assert stage.dial_due() == []


def test_calle_a_final_event_that_never_comes_does_not_leave_a_call_in_progress(network: NetworkStage) -> None:
    case = network.case(network.campaign(), "+8613812345678")
    network.net.people.set("*", "busy")
    network.net.fault("callback_drop", events=["completed"])
    network.work()
    attempt = network.attempt(case)
    assert attempt.state in (AttemptState.PLACED, AttemptState.RINGING)
    network.change(Attempt, attempt.id, dialled_at=network.clock() - timedelta(minutes=2))
    network.work()
    attempt = network.attempt(case)
    assert (attempt.state, attempt.carrier_outcome) == (AttemptState.ENDED, CarrierOutcome.BUSY)


@pytest.mark.parametrize("fault", ["callback_duplicate", "callback_shuffle", "callback_drop"])
def test_every_call_is_settled_whatever_becomes_of_its_callbacks(network: NetworkStage, fault: str) -> None:
    campaign = network.campaign(retries=RetryMatrix(rows={}))
    ways = {"+8613812345670": "busy", "+8613812345671": "no-answer", "+8613812345672": "rejects"}
    for number, behaviour in ways.items():
        network.net.people.set(number, behaviour)
    cases = [network.case(campaign, number) for number in ways]
    network.net.fault(fault)
    network.work()
    for case in cases:
        network.change(Attempt, network.attempt(case).id, dialled_at=network.clock() - timedelta(minutes=2))
    network.work()
    assert [network.attempt(case).state for case in cases] == [AttemptState.ENDED] * 3
    assert {network.get(Case, case).reason for case in cases} == {CloseReason.TRIES_USED}
    assert network.rung() == dict.fromkeys(ways, 1)


def test_dograh_a_rejected_call_is_a_rejection_and_its_retry_runs(network: NetworkStage) -> None:
    case = network.case(network.campaign(retries=SOON), "+8613812345678")
    network.net.people.set("*", "rejects")
    network.work()
    assert network.attempt(case).carrier_outcome == CarrierOutcome.REJECTED
    assert network.get(Case, case).tries_by == {"rejected": 1}
    network.change(Case, case, due_at=network.clock())
    network.work()
    assert network.rung() == {"+8613812345678": 2}
