"""A forecast before the launch: by the very gate that every dial passes, with time walked forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callbacks.campaign import Campaign, CampaignState
from callbacks.case import CaseKind, CaseState
from callbacks.gate.decision import sentence
from callbacks.gate.policy import GatePolicy
from callbacks.opt_outs import OptOut
from callbacks.reports.estimates import Basis, estimate, expected_tries
from callbacks.reports.preflight import COLUMNS, Preflight, plan_rows, preflight
from callbacks.settings import CallingHours, Pacing, Result, RetryMatrix, RetryRow
from storage.database import Database
from tests.callbacks.reports.report_stage import NOW, attempt_of, campaign_of, case_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
POLICY = GatePolicy(region="CN", zone="Asia/Shanghai", none_allowed=True)
FAST = Pacing(calls_per_second=100, max_live=10_000)


def ready(s: object, **values: object) -> Campaign:
    """A campaign that is not launched, under no law but its own hours."""
    return campaign_of(s, **{"state": CampaignState.READY, "law": "none", "pacing": FAST} | values)  # type: ignore[arg-type]


def look(db: Database, campaign: Campaign, now: datetime = NOW) -> Preflight:
    """The preflight of a campaign."""
    with db.read() as s:
        return preflight(s, s.merge(campaign), now, policy=POLICY)


def test_everybody_who_may_be_called_is_called_and_everybody_else_is_named(db: Database) -> None:
    with db.write() as s:
        campaign = ready(s)
        for _ in range(20):
            case_of(s, campaign)
        out = case_of(s, campaign, name="Wang")
        s.add(OptOut(number=out.number, purpose="all", how="key", created_at=NOW))
        case_of(s, campaign, not_after=NOW - timedelta(hours=1))
        bad = case_of(s, campaign, number="+8612345")
        case_of(s, campaign, kind=CaseKind.TEST)
        case_of(s, campaign, state=CaseState.MERGED)
        case_of(s, campaign, state=CaseState.CLOSED, reason="done")
    found = look(db, campaign)
    assert (found.cases, found.will_call, found.will_not_call, found.merged) == (23, 20, 3, 1)
    assert {group.rule: group.cases for group in found.skipped} == {
        "not_opted_out": 1, "case_window": 1, "number_valid": 1,
    }  # fmt: skip
    by_rule = {group.rule: group.samples[0] for group in found.skipped}
    assert (by_rule["not_opted_out"].name, by_rule["number_valid"].case_id) == ("Wang", bad.id)
    assert "asked not to be called" in sentence(by_rule["not_opted_out"].decision, "en")


def test_cases_beyond_todays_hours_are_called_when_the_hours_begin(db: Database) -> None:
    evening = datetime(2026, 11, 20, 20, 30, tzinfo=SHANGHAI).astimezone(UTC)
    with db.write() as s:
        campaign = ready(s)
        for _ in range(5):
            case_of(s, campaign, due_at=evening)
    found = look(db, campaign, evening)
    morning = datetime(2026, 11, 21, 9, 0, tzinfo=SHANGHAI).astimezone(UTC)
    assert dict(found.when) == {morning: 5}
    assert found.first_at == found.end_at == morning
    assert [(group.rule, group.cases) for group in found.held] == [("calling_hours", 5)]
    assert found.skipped == ()


def test_each_callee_has_hours_of_its_own_zone(db: Database) -> None:
    with db.write() as s:
        campaign = ready(s, zone="")
        case_of(s, campaign, zone="Asia/Shanghai")
        case_of(s, campaign, zone="Europe/Berlin")
        case_of(s, campaign, zone="America/New_York")
    found = look(db, campaign)
    # 14:30 in Shanghai, 07:30 in Berlin, 01:30 in New York; hours begin at 09:00.
    assert list(found.when) == [NOW.replace(minute=0), NOW.replace(hour=8, minute=0), NOW.replace(hour=14, minute=0)]


def test_the_pace_spreads_the_calls_and_hours_cut_them_off(db: Database) -> None:
    late = datetime(2026, 11, 20, 19, 50, tzinfo=SHANGHAI).astimezone(UTC)
    with db.write() as s:
        campaign = ready(s, pacing=Pacing(calls_per_second=0.1, max_live=100))
        for n in range(100):
            case_of(s, campaign, due_at=late, priority=n % 2)
    found = look(db, campaign, late)
    # Six a minute: sixty until 20:00, the rest from 09:00 on.
    assert list(found.when.values()) == [60, 40]
    assert found.end_at == datetime(2026, 11, 21, 9, 6, tzinfo=SHANGHAI)
    with db.read() as s:
        rows = list(plan_rows(s, s.merge(campaign), late, policy=POLICY))
    assert len(rows) == 100
    assert {row["first_call_at"].astimezone(SHANGHAI).day for row in rows[:60]} == {20}


def test_the_most_urgent_are_called_first(db: Database) -> None:
    with db.write() as s:
        campaign = ready(s, pacing=Pacing(calls_per_second=0.05, max_live=100))
        slow = [case_of(s, campaign, priority=90).id for _ in range(5)]
        quick = [case_of(s, campaign, priority=10).id for _ in range(5)]
    with db.read() as s:
        at = {row["case_id"]: row["first_call_at"] for row in plan_rows(s, s.merge(campaign), NOW, policy=POLICY)}
    assert len(set(at.values())) > 1
    assert max(at[case_id] for case_id in quick) <= min(at[case_id] for case_id in slow)


def test_few_lines_are_slower_than_the_pace_that_was_set(db: Database) -> None:
    with db.write() as s:
        wide = ready(s, pacing=Pacing(calls_per_second=10, max_live=10_000))
        narrow = ready(s, pacing=Pacing(calls_per_second=10, max_live=2))
        for _ in range(60):
            case_of(s, wide)
            case_of(s, narrow)
    one, other = look(db, wide), look(db, narrow)
    assert one.end_at == NOW
    assert other.end_at is not None
    # Two lines, each taken for `line_s` by a call.
    expected = timedelta(seconds=60 / 2 * other.estimate.line_s)
    assert abs((other.end_at - NOW) - expected) <= timedelta(minutes=2)


def test_a_ramp_begins_slowly(db: Database) -> None:
    with db.write() as s:
        campaign = ready(s, pacing=Pacing(calls_per_second=1, max_live=10_000, ramp_min=10))
        for _ in range(300):
            case_of(s, campaign)
    found = look(db, campaign)
    # Half the pace over ten minutes: 300 calls.
    assert found.end_at is not None
    assert timedelta(minutes=8) <= found.end_at - NOW <= timedelta(minutes=10)


def test_a_campaign_that_begins_later_and_ends_soon_calls_in_between(db: Database) -> None:
    start = NOW + timedelta(days=1)
    with db.write() as s:
        campaign = ready(
            s, starts_at=start, ends_at=start + timedelta(minutes=10), pacing=Pacing(calls_per_second=0.05, max_live=99)
        )
        for _ in range(50):
            case_of(s, campaign)
    found = look(db, campaign)
    assert found.first_at == start
    assert found.will_call == 30
    assert sum(group.cases for group in found.skipped) == 20


def test_hours_that_never_come_are_said_at_once(db: Database) -> None:
    with db.write() as s:
        week = {"mon": ((9 * 60, 10 * 60),)}
        campaign = ready(s, hours=CallingHours(week=week, skip_holidays=False), ends_at=NOW + timedelta(days=1))
        case_of(s, campaign)
    found = look(db, campaign)
    assert found.will_call == 0
    assert found.end_at is None
    assert found.skipped[0].rule == "calling_hours"


def test_minutes_and_cost_follow_what_was_counted(db: Database) -> None:
    with db.write() as s:
        campaign = ready(s, cost_per_minute=0.5, state=CampaignState.PAUSED)
        for n in range(40):
            done = case_of(s, campaign, state=CaseState.CLOSED, reason="done")
            attempt_of(s, done, at=NOW - timedelta(days=40), carrier_outcome="answered" if n % 2 else "no_answer")
        for _ in range(10):
            case_of(s, campaign)
    found = look(db, campaign)
    assert found.estimate.basis == Basis.CAMPAIGN
    assert (found.estimate.talk_s, found.estimate.answer_rate) == (42, 0.5)
    # 42 seconds are billed as a minute; 1.75 tries with a rate of 0.5 reach 0.875 of all people.
    assert found.estimate.tries == pytest.approx(1.75)
    assert found.minutes == pytest.approx(10 * 0.875)
    assert found.cost == pytest.approx(10 * 0.875 * 0.5)


def test_a_new_campaign_learns_from_others_with_the_same_flow(db: Database) -> None:
    with db.write() as s:
        other = ready(s, flow_name="pre_delivery", state=CampaignState.FINISHED)
        for _ in range(25):
            attempt_of(s, case_of(s, other, state=CaseState.CLOSED, reason="done"), duration_s=70)
        campaign = ready(s, flow_name="pre_delivery")
        nameless = ready(s)
        assert estimate(s, campaign).basis == Basis.SAME_FLOW
        assert estimate(s, campaign).talk_s == 70
        assert estimate(s, nameless).basis == Basis.GUESS


def test_tries_are_limited_by_the_matrix(db: Database) -> None:
    with db.write() as s:
        never_again = ready(s, retries=RetryMatrix(rows={}))
        rows = {Result.NO_ANSWER: RetryRow(tries=9)}
        campaign = ready(s, retries=RetryMatrix(rows=rows, max_tries=2))
        assert expected_tries(never_again, 0.3) == 1
        assert expected_tries(campaign, 0.3) == pytest.approx(1.7)


def test_the_plan_of_every_case_can_be_exported(db: Database) -> None:
    with db.write() as s:
        campaign = ready(s)
        case_of(s, campaign)
        out = case_of(s, campaign, reference="=1+1")
        s.add(OptOut(number=out.number, purpose="delivery", how="sms", created_at=NOW))
    with db.read() as s:
        rows = list(plan_rows(s, s.merge(campaign), NOW, policy=POLICY, say=lambda d: sentence(d, "zh")))
    assert [set(row) for row in rows] == [set(COLUMNS)] * 2
    assert [row["will_call"] for row in rows] == [True, False]
    assert rows[1]["rule"] == "not_opted_out"
    assert "不再接听来电" in rows[1]["reason"]


def test_the_launch_is_blocked_by_what_the_launch_asks(db: Database) -> None:
    with db.write() as s:
        campaign = ready(s, caller_numbers=[])
        case_of(s, campaign)
    assert {"no_flow", "no_caller_number"} <= {blocker.code for blocker in look(db, campaign).blockers}
