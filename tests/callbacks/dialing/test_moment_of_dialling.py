"""What holds at the moment of dialling, and what a call is made with."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from dial_stage import DialStage, queue_of

from callbacks.attempt import AttemptState, BusinessOutcome
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseState, CloseReason
from callbacks.dialing.clocks import LocalClock
from callbacks.opt_outs import OptOut
from callbacks.settings import MachineMode, Pacing
from telephony.calls import CallStatus
from telephony.provider import DetectionMode


def test_a_pause_between_claim_and_dial_holds(stage: DialStage) -> None:
    campaign = stage.campaign()
    case = stage.case(campaign)
    dialer = stage.dialer()
    dialer.tick()
    stage.change(Campaign, campaign, state=CampaignState.PAUSED)
    for attempt_id in queue_of(dialer).take():
        dialer.dial(attempt_id)
    assert stage.provider.calls == {}
    attempt, back = stage.attempt(case), stage.get(Case, case)
    assert (attempt.state, back.state, back.rule) == (AttemptState.RELEASED, CaseState.OPEN, "campaign_running")
    assert attempt.decision["rule"] == "campaign_running"
    assert back.due_at > stage.clock()


def test_an_opt_out_between_claim_and_dial_holds(stage: DialStage) -> None:
    case = stage.case(stage.campaign(), "+8613812345678")
    dialer = stage.dialer()
    dialer.tick()
    with stage.db.write() as session:
        session.add(OptOut(number="+8613812345678", purpose="all", how="agent", created_at=stage.clock()))
    for attempt_id in queue_of(dialer).take():
        dialer.dial(attempt_id)
    assert stage.provider.calls == {}
    assert stage.get(Case, case).reason == CloseReason.OPTED_OUT


@pytest.mark.parametrize(
    ("mode", "asked"),
    [
        (MachineMode.OFF, None),
        (MachineMode.HANG_UP, DetectionMode.ENABLE),
        (MachineMode.SMS, DetectionMode.ENABLE),
        (MachineMode.LEAVE_MESSAGE, DetectionMode.DETECT_MESSAGE_END),
    ],
)
def test_machine_detection_is_asked_for_as_the_campaign_wants(
    small_stage: DialStage, mode: MachineMode, asked: DetectionMode | None
) -> None:
    stage = small_stage
    stage.case(stage.campaign(machine=mode, ring_timeout_s=25))
    [sid] = stage.dial_due()
    call = stage.provider.calls[sid]
    assert call.timeout_s == 25
    assert (call.machine_detection and call.machine_detection.mode) == asked
    if call.machine_detection:
        assert call.machine_detection.callback_url == call.answer_url.replace("/turns/0", "/answered-by")
    assert call.status_url == call.answer_url.replace("/turns/0", "/status")


def test_a_case_keeps_its_caller_number_over_its_tries(small_stage: DialStage) -> None:
    stage = small_stage
    pool = ["+862155550101", "+862155550102", "+862155550103"]
    campaign = stage.campaign(caller_numbers=pool)
    cases = stage.cases(campaign, 9)
    stage.dial_due()
    first = {case: stage.attempt(case).caller_number for case in cases}
    assert set(first.values()) == set(pool)
    for case in cases:
        stage.call_of(case).ends(CallStatus.BUSY, sip_code=486)
        stage.change(Case, case, due_at=stage.clock())
    stage.dial_due()
    assert {case: stage.attempt(case).caller_number for case in cases} == first


def test_a_second_flow_is_called_with_by_the_cases_of_its_variant(small_stage: DialStage) -> None:
    stage = small_stage
    campaign = stage.campaign()
    version = stage.get(Campaign, campaign).flow_version_id
    stage.change(Campaign, campaign, flow_b_name="delivery", flow_b_version_id=version, share_b=0.5)
    case = stage.case(campaign)
    stage.change(Case, case, variant="b")
    stage.dial_due()
    assert (stage.attempt(case).variant, stage.attempt(case).flow_version_id) == ("b", version)


def test_a_test_call_needs_no_running_campaign_and_marks_its_flow_version_as_tested(stage: DialStage) -> None:
    campaign = stage.campaign(state=CampaignState.DRAFT, flow_version_id=None)
    case = stage.case(campaign, kind="test")
    [sid] = stage.dial_due()
    stage.phone(sid).answer("1").hang_up()
    attempt = stage.attempt(case)
    assert attempt.business_outcome == BusinessOutcome.GOAL
    assert stage.get(Campaign, campaign).tested_version_ids == [attempt.flow_version_id]
    assert stage.get(Case, case).state == CaseState.CLOSED


def test_a_campaign_without_numbers_or_flow_waits_and_says_so(small_stage: DialStage) -> None:
    stage = small_stage
    nameless = stage.case(stage.campaign(caller_numbers=[]))
    flowless = stage.case(stage.campaign(flow_version_id=None))
    assert stage.dial_due() == []
    assert [stage.get(Case, case).rule for case in (nameless, flowless)] == ["caller_number", "flow"]


def test_a_pace_that_was_raised_holds_at_once_and_a_clock_that_went_back_stops_nobody(small_stage: DialStage) -> None:
    stage = small_stage
    campaign = stage.campaign(pacing=Pacing(calls_per_second=0.01, max_live=100))
    stage.cases(campaign, 4)
    assert len(stage.dial_due()) == 1
    with stage.db.write() as session:
        session.get_one(Campaign, campaign).pacing = Pacing(calls_per_second=10, max_live=100)
    assert len(in_seconds(stage, 3)) == 3
    stage.clock.pass_s(-86_400)
    stage.cases(campaign, 2)
    assert len(in_seconds(stage, 3)) == 2


def in_seconds(stage: DialStage, seconds: int) -> list[str]:
    """What is dialled within so many seconds."""
    found = []
    for _ in range(seconds):
        stage.clock.pass_s(1)
        found += stage.dial_due()
    return found


class Late(LocalClock):
    """Every slot is missed by half a second, the first `times` times."""

    def __init__(self, stage: DialStage, times: int) -> None:
        super().__init__(stage.clock, stage.clock.pass_s)
        self._stage, self._times = stage, times

    def wait_until(self, moment: datetime) -> None:
        super().wait_until(moment)
        if self._times:
            self._times -= 1
            self._stage.clock.pass_s(0.5)


def test_a_dial_that_keeps_missing_its_slots_asks_the_gate_again(small_stage: DialStage) -> None:
    stage = small_stage
    campaign = stage.campaign()
    case = stage.case(campaign)
    dialer = stage.dialer()
    dialer.tick()
    [attempt_id] = queue_of(dialer).take()
    stage.dials = Late(stage, 4)
    stage.dialer().dial(attempt_id)
    attempt = stage.attempt(case)
    assert attempt.state == AttemptState.PLACED
    assert stage.clock() - datetime.fromisoformat(attempt.decision["at"]) < timedelta(seconds=1)


def test_a_pause_holds_for_a_dial_that_missed_its_slot(small_stage: DialStage) -> None:
    class Paused(Late):
        def wait_until(self, moment: datetime) -> None:
            super().wait_until(moment)
            self._stage.change(Campaign, campaign, state=CampaignState.PAUSED)

    stage = small_stage
    campaign = stage.campaign()
    case = stage.case(campaign)
    dialer = stage.dialer()
    dialer.tick()
    [attempt_id] = queue_of(dialer).take()
    stage.dials = Paused(stage, 3)
    stage.dialer().dial(attempt_id)
    assert stage.provider.calls == {}
    assert (stage.attempt(case).state, stage.get(Case, case).state) == (AttemptState.RELEASED, CaseState.OPEN)


def test_a_dial_that_keeps_no_slot_at_all_is_given_back(small_stage: DialStage) -> None:
    stage = small_stage
    case = stage.case(stage.campaign())
    dialer = stage.dialer()
    dialer.tick()
    [attempt_id] = queue_of(dialer).take()
    stage.dials = Late(stage, 100)
    stage.dialer().dial(attempt_id)
    assert stage.provider.calls == {}
    assert (stage.attempt(case).state, stage.get(Case, case).state) == (AttemptState.RELEASED, CaseState.OPEN)
