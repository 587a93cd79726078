"""There is an answer for every case that is not being called."""

from __future__ import annotations

import itertools
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from callbacks.campaign import CampaignState
from callbacks.case import CaseKind, CaseState, CloseReason
from callbacks.reports.calendar import day_starts, planned, runs
from callbacks.reports.why_not import Why, waiting_by_rule, why_not
from storage.database import Database
from tests.callbacks.reports.report_stage import NOW, attempt_of, campaign_of, case_of

LATER = NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"state": CaseState.CALLING}, Why.CALLING),
        ({"state": CaseState.MERGED}, Why.MERGED),
        ({"state": CaseState.CLOSED, "reason": CloseReason.EXPIRED}, Why.CLOSED),
        ({}, Why.IN_TURN),
        ({"due_at": LATER}, Why.NOT_YET),
        ({"due_at": LATER, "tries": 1}, Why.RETRY),
        ({"due_at": LATER, "wish_at": LATER, "tries": 1}, Why.WISHED),
        ({"due_at": LATER, "rule": "calling_hours"}, Why.RULE),
    ],
)
def test_every_case_has_its_reason(sqlite_db: Database, values: dict[str, object], why: Why) -> None:
    with sqlite_db.write() as s:
        campaign = campaign_of(s)
        found = why_not(case_of(s, campaign, **values), campaign, NOW)
    assert found.why == why
    assert found.until == values.get("due_at")


@pytest.mark.parametrize("state", [x for x in CampaignState if x not in ("running", "draining")])
def test_a_campaign_that_does_not_dial_is_the_reason(sqlite_db: Database, state: CampaignState) -> None:
    with sqlite_db.write() as s:
        campaign = campaign_of(s, state=state)
        assert why_not(case_of(s, campaign, rule="calling_hours", due_at=LATER), campaign, NOW).why == Why.NOT_RUNNING


def test_a_case_that_was_refused_for_good_keeps_its_rule(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = campaign_of(s)
        case = case_of(s, campaign, state=CaseState.CLOSED, reason=CloseReason.NOT_ALLOWED, rule="consent")
        found = why_not(case, campaign, NOW)
    assert (found.why, found.rule, found.close_reason) == (Why.CLOSED, "consent", "not_allowed")


def test_waiting_cases_are_counted_by_the_rule_that_held_them_back(db: Database) -> None:
    with db.write() as s:
        campaign = campaign_of(s)
        for n in range(3):
            case_of(s, campaign, rule="calling_hours", due_at=LATER + timedelta(hours=n))
        case_of(s, campaign)
        case_of(s, campaign, rule="consent", state=CaseState.CLOSED)
        case_of(s, campaign, rule="consent", kind=CaseKind.TEST)
        case_of(s, campaign_of(s), rule="cap_24h")
    with db.read() as s:
        found = [(row.rule, row.cases, row.next_at) for row in waiting_by_rule(s, campaign.id)]
    assert found == [("calling_hours", 3, LATER), ("", 1, NOW)]


def test_what_falls_due_and_what_was_called_stands_on_its_day_in_the_readers_zone(db: Database) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    today = NOW.astimezone(zone).date()
    with db.write() as s:
        campaign = campaign_of(s)
        case_of(s, campaign, due_at=NOW - timedelta(days=3))  # Overdue stands on today.
        case_of(s, campaign, due_at=NOW.replace(hour=15, minute=59))  # 23:59 there.
        case_of(s, campaign, due_at=NOW.replace(hour=16, minute=0), wish_at=NOW)  # Midnight there: tomorrow.
        case_of(s, campaign, due_at=NOW + timedelta(days=60))
        case_of(s, campaign_of(s, state=CampaignState.DRAFT))
        attempt_of(s, case_of(s, campaign, state=CaseState.CLOSED), at=NOW - timedelta(days=1))
    with db.read() as s:
        found = planned(s, today - timedelta(days=5), 14, zone, NOW)
    plain = {(plan.day - today).days: (plan.due, plan.wished, plan.called) for plan in found}
    assert plain == {-1: (0, 0, 1), 0: (2, 0, 0), 1: (1, 1, 0)}
    assert {plan.campaign_id for plan in found} == {campaign.id}


def test_a_day_of_a_clock_change_is_shorter_or_longer() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    starts = day_starts(NOW.replace(month=10, day=24).date(), 3, berlin)
    assert [(b - a) / timedelta(hours=1) for a, b in itertools.pairwise(starts)] == [24, 25, 24]


def test_campaigns_are_shown_on_the_days_they_run(db: Database) -> None:
    zone = ZoneInfo("UTC")
    day = NOW.date()
    midnight = NOW.replace(hour=0, minute=0)
    with db.write() as s:
        short = campaign_of(s, starts_at=midnight, ends_at=midnight + timedelta(days=2))
        endless = campaign_of(s, running_since=midnight - timedelta(days=90), standing=True)
        campaign_of(s, starts_at=midnight + timedelta(days=40), state=CampaignState.READY)
        campaign_of(s, starts_at=midnight - timedelta(days=40), finished_at=midnight - timedelta(days=30))
        campaign_of(s, state=CampaignState.DRAFT)
        campaign_of(s, is_template=True)
    with db.read() as s:
        found = {run.campaign_id: run for run in runs(s, day - timedelta(days=3), 7, zone, NOW)}
    assert set(found) == {short.id, endless.id}
    assert (found[short.id].first, found[short.id].last) == (day, day + timedelta(days=1))
    assert found[endless.id].is_open_end
    assert (found[endless.id].first, found[endless.id].last) == (day - timedelta(days=3), day + timedelta(days=3))
