"""Ended attempts are counted once and shown as they were."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from sqlalchemy import func, select

from callbacks.attempt import AttemptState
from callbacks.case import CaseKind
from callbacks.reports.counts import case_counts
from callbacks.reports.funnel import funnel
from callbacks.reports.hours import by_hour, heat
from callbacks.reports.numbers import Health, caller_numbers
from callbacks.reports.tally import count_attempt
from callbacks.settings import BreakerLimits
from callbacks.tallies import Tally
from storage.database import Database
from tests.callbacks.reports.report_stage import NOW, attempt_of, campaign_of, case_of


def test_each_attempt_is_counted_as_far_as_it_got(db: Database) -> None:
    with db.write() as s:
        campaign = campaign_of(s)
        for heard, replied, business, answered_by in (
            (True, True, "goal", "human"),
            (True, False, "incomplete", "human"),
            (False, False, "incomplete", "unknown"),
            (True, False, "machine", "machine_start"),
        ):
            case = case_of(s, campaign)
            attempt_of(s, case, heard=heard, replied=replied, business_outcome=business, answered_by=answered_by)
        attempt_of(s, case_of(s, campaign), carrier_outcome="no_answer")
        attempt_of(s, case_of(s, campaign), carrier_outcome="provider_error")
    with db.read() as s:
        found = funnel(s, campaign.id)
    assert dict(found.steps) == {
        "dialled": 6, "rang": 5, "answered": 4, "human": 3, "heard": 2, "replied": 1, "goal": 1,
    }  # fmt: skip
    assert found.talk_s == 4 * 42


def test_like_attempts_of_one_hour_share_a_row(db: Database) -> None:
    with db.write() as s:
        campaign = campaign_of(s)
        for minute in range(5):
            attempt_of(s, case_of(s, campaign), at=NOW + timedelta(minutes=minute), carrier_outcome="busy")
        attempt_of(s, case_of(s, campaign), at=NOW + timedelta(minutes=40), carrier_outcome="busy")
    with db.read() as s:
        rows = list(s.execute(select(Tally.hour, Tally.attempts).order_by(Tally.hour)).tuples())
    assert rows == [(NOW.replace(minute=0), 5), (NOW.replace(hour=7, minute=0), 1)]


def test_a_test_call_and_a_dial_that_never_left_the_house_count_nowhere(db: Database) -> None:
    with db.write() as s:
        campaign = campaign_of(s)
        attempt_of(s, case_of(s, campaign, kind=CaseKind.TEST), business_outcome="goal")
        attempt_of(s, case_of(s, campaign), state=AttemptState.RELEASED)
    with db.read() as s:
        assert s.scalar(select(func.count()).select_from(Tally)) == 0
        assert case_counts(s, campaign.id).total == 1


def test_whoever_replied_was_a_person_whatever_the_provider_took_it_for(db: Database) -> None:
    with db.write() as s:
        campaign = campaign_of(s)
        attempt_of(s, case_of(s, campaign), answered_by="machine_end_beep", heard=True, replied=True)
    with db.read() as s:
        assert funnel(s, campaign.id).human == 1


def test_an_attempt_counted_with_its_transaction_goes_with_it(db: Database) -> None:
    with db.write() as s:
        campaign = campaign_of(s)
        attempt = attempt_of(s, case_of(s, campaign), count=False)
    with contextlib.suppress(RuntimeError), db.write() as s:
        count_attempt(s, attempt, heard=True, replied=False)
        assert funnel(s, campaign.id).dialled == 1
        raise RuntimeError
    with db.read() as s:
        assert funnel(s, campaign.id).dialled == 0


def test_calls_are_shown_by_the_hour_in_which_they_were_dialled(db: Database) -> None:
    with db.write() as s:
        campaign = campaign_of(s)
        attempt_of(s, case_of(s, campaign), at=NOW - timedelta(hours=2), answered_by="human")
        attempt_of(s, case_of(s, campaign), at=NOW - timedelta(hours=2), answered_by="machine_start")
        attempt_of(s, case_of(s, campaign), at=NOW, carrier_outcome="rejected")
        attempt_of(s, case_of(s, campaign), at=NOW - timedelta(hours=30), carrier_outcome="busy")
    with db.read() as s:
        rows = by_hour(s, campaign.id, NOW)
    assert [row.hour for row in rows] == [NOW.replace(minute=0) - timedelta(hours=h) for h in range(23, -1, -1)]
    assert {k: v for k, v in rows[-3].ends.items() if v} == {"human": 1, "machine": 1}
    assert {k: v for k, v in rows[-1].ends.items() if v} == {"busy": 1}
    assert sum(row.total for row in rows) == 3


def test_a_campaign_that_is_over_shows_its_own_last_hours(db: Database) -> None:
    with db.write() as s:
        campaign = campaign_of(s)
        attempt_of(s, case_of(s, campaign), at=NOW - timedelta(days=9))
    with db.read() as s:
        assert sum(row.total for row in by_hour(s, campaign.id, NOW)) == 0
        assert sum(row.total for row in by_hour(s, campaign.id, NOW, is_over=True)) == 1


def test_the_heat_map_stands_in_the_campaigns_zone(db: Database) -> None:
    with db.write() as s:
        campaign = campaign_of(s)
        # 23:30 on Thursday in London is 07:30 on Friday in Shanghai.
        attempt_of(s, case_of(s, campaign), at=NOW.replace(day=19, hour=23))
        attempt_of(s, case_of(s, campaign), at=NOW.replace(day=19, hour=23), carrier_outcome="no_answer")
    with db.read() as s:
        assert heat(s, campaign.id, NOW, zone="Asia/Shanghai").cells == {(4, 7): (2, 1)}


def test_a_number_that_people_stopped_answering_stands_out(db: Database) -> None:
    with db.write() as s:
        campaign = campaign_of(s)
        for n in range(60):
            for number, good in (("+864008001234", n % 2), ("+864008005678", n % 10 == 0), ("+864008009999", n < 9)):
                outcome = "answered" if good else "no_answer"
                attempt_of(s, case_of(s, campaign), caller_number=number, carrier_outcome=outcome)
        for _ in range(29):
            attempt_of(s, case_of(s, campaign), caller_number="+1", carrier_outcome="failed")
        for _ in range(31):
            attempt_of(s, case_of(s, campaign), caller_number="+2", carrier_outcome="failed")
        for _ in range(40):
            attempt_of(s, case_of(s, campaign), caller_number="+3", duration_s=3)
    with db.read() as s:
        found = {row.number: row.health for row in caller_numbers(s, campaign.id, NOW, BreakerLimits())}
    assert found["+864008005678"] == Health.UNANSWERED
    assert found["+1"] == Health.UNKNOWN
    assert found["+2"] == Health.FAILING
    assert found["+3"] == Health.SHORT
    assert found["+864008001234"] == Health.GOOD
