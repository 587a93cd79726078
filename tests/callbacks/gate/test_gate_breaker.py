"""The circuit breaker: six signals, each on its own figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from gate_facts import BEIJING_MOBILE, NOON
from sqlalchemy.orm import Session

from callbacks import lifecycle
from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case
from callbacks.gate.breaker import BreakerFigures, Signal, figures_of, tripped, watch
from callbacks.settings import BreakerLimits
from callbacks.tallies import Tally
from ivr.calls import Call
from ivr.turns import TurnRow
from storage.database import Database

WELL = BreakerFigures(ended=100, failed=5, rang=90, answered=50, people=50, earlier_rang=1000, earlier_answered=500)
SECOND = timedelta(seconds=1)


def test_a_campaign_that_goes_well_goes_on() -> None:
    assert tripped(WELL, BreakerLimits()) is None


@pytest.mark.parametrize(
    ("figures", "signal"),
    [
        (replace(WELL, failed=31), Signal.FAILED_RATE),
        (replace(WELL, provider_errors=21), Signal.PROVIDER_ERROR_RATE),
        (replace(WELL, short=21), Signal.SHORT_CALL_RATE),
        (replace(WELL, opted_out=3), Signal.OPT_OUT_RATE),
        (replace(WELL, abandoned=2), Signal.ABANDONED_RATE),
        (replace(WELL, answered=22), Signal.ANSWER_RATE),
    ],
)
def test_each_signal_trips_above_its_limit(figures: BreakerFigures, signal: Signal) -> None:
    assert tripped(figures, BreakerLimits()) == signal


@pytest.mark.parametrize(
    "figures",
    [
        replace(WELL, failed=30),
        replace(WELL, provider_errors=20),
        replace(WELL, short=20),
        replace(WELL, people=60, opted_out=3),
        replace(WELL, people=80, abandoned=2),
        replace(WELL, answered=23),
    ],
)
def test_nothing_trips_at_its_limit(figures: BreakerFigures) -> None:
    assert tripped(figures, BreakerLimits()) is None


def test_abandonment_stops_at_two_and_a_half_percent_not_at_the_legal_three() -> None:
    limits = BreakerLimits(window=1000)
    many = BreakerFigures(ended=1000, rang=1000, answered=400, people=400)
    assert tripped(replace(many, abandoned=10), limits) is None
    assert tripped(replace(many, abandoned=11), limits) == Signal.ABANDONED_RATE


def test_one_bad_call_and_too_few_calls_trip_nothing() -> None:
    assert tripped(replace(WELL, abandoned=1), BreakerLimits()) is None
    assert tripped(BreakerFigures(ended=39, failed=39), BreakerLimits()) is None
    assert tripped(BreakerFigures(ended=40, failed=39), BreakerLimits()) == Signal.FAILED_RATE
    assert tripped(BreakerFigures(ended=60, rang=60, answered=25, people=5, opted_out=3), BreakerLimits()) is None


def test_the_answer_rate_needs_a_baseline_of_its_own() -> None:
    few = replace(WELL, answered=20, earlier_rang=39, earlier_answered=39)
    assert tripped(few, BreakerLimits()) is None


def campaign(session: Session) -> Campaign:
    made = Campaign(name="Parcels", state=CampaignState.RUNNING, created_at=NOON, running_since=NOON)
    made.breaker = BreakerLimits(window=10, least=5)
    session.add(made)
    session.flush()
    return made


def ended(session: Session, of: Campaign, n: int, **values: Any) -> Attempt:
    matter = Case(
        key=f"{of.id}-{n}",
        campaign_id=of.id,
        purpose="delivery",
        number=f"{BEIJING_MOBILE[:-3]}{n:03d}",
        due_at=NOON,
        created_at=NOON,
    )
    session.add(matter)
    session.flush()
    values = {"state": AttemptState.ENDED, "ended_at": NOON + n * SECOND} | values
    made = Attempt(
        case_id=matter.id,
        campaign_id=of.id,
        n=1,
        purpose="delivery",
        number=matter.number,
        claimed_at=NOON,
        slot_at=NOON,
        **values,
    )
    session.add(made)
    session.flush()
    return made


def spoken_call(session: Session, n: int, *, turns: int) -> int:
    row = Call(token=f"t{n}", direction="outbound", status="completed", started_at=NOON)
    session.add(row)
    session.flush()
    session.add_all(TurnRow(call_id=row.id, number=k + 1, at=NOON) for k in range(turns))
    session.flush()
    return row.id


def test_figures_are_of_the_latest_ended_attempts_since_the_resume(db: Database) -> None:
    now = NOON + timedelta(minutes=5)
    with db.write() as session:
        ours, other = campaign(session), campaign(session)
        answered = {"rang_at": NOON, "answered_at": NOON, "carrier_outcome": "answered"}
        ended(session, ours, 0, ended_at=NOON - SECOND, carrier_outcome="failed")
        ended(session, ours, 1, carrier_outcome="failed")
        ended(session, ours, 2, carrier_outcome="invalid_number")
        ended(session, ours, 3, carrier_outcome="provider_error")
        ended(session, ours, 4, carrier_outcome="no_answer", rang_at=NOON)
        ended(session, ours, 5, **answered, duration_s=6, call_id=spoken_call(session, 5, turns=2))
        opted = {"business_outcome": "opted_out", "duration_s": 9}
        ended(session, ours, 6, **answered, **opted, call_id=spoken_call(session, 6, turns=1))
        ended(session, ours, 7, **answered, duration_s=8, call_id=spoken_call(session, 7, turns=0))
        machine = {"business_outcome": "machine", "duration_s": 2}
        ended(session, ours, 20, **answered, **machine, call_id=spoken_call(session, 8, turns=0))
        ended(session, ours, 8, kind="test", carrier_outcome="failed")
        ended(session, ours, 9, state=AttemptState.PLACED, ended_at=None)
        ended(session, other, 1, carrier_outcome="failed")
        session.add(
            Tally(
                campaign_id=ours.id,
                hour=NOON,
                variant="a",
                caller_number="",
                carrier_outcome="answered",
                business_outcome="",
                answered_by="",
                rang=105,
                answered=54,
            )
        )
        session.flush()
        assert figures_of(session, ours, now) == BreakerFigures(
            ended=8,
            provider_errors=1,
            failed=2,
            rang=5,
            answered=4,
            people=3,
            short=1,
            opted_out=1,
            abandoned=1,
            earlier_rang=100,
            earlier_answered=50,
        )
        ours.breaker = BreakerLimits(window=10, least=5)
        for n in range(30, 40):
            ended(session, ours, n, carrier_outcome="no_answer", rang_at=NOON)
        latest = figures_of(session, ours, now)
        assert (latest.ended, latest.failed, latest.rang) == (10, 0, 10)


def test_a_campaign_that_only_fails_is_tripped_and_the_others_go_on(db: Database) -> None:
    now = NOON + timedelta(minutes=5)
    told: list[tuple[int, str, Mapping[str, Any]]] = []

    def trip(_session: Session, of: Campaign, signal: str, figures: Mapping[str, Any], _now: Any) -> None:
        told.append((of.id, signal, figures))

    with db.write() as session:
        bad, good, paused = campaign(session), campaign(session), campaign(session)
        paused.state = CampaignState.PAUSED
        for of, outcome in ((bad, "failed"), (good, "no_answer"), (paused, "failed")):
            for n in range(6):
                ended(session, of, n, carrier_outcome=outcome, rang_at=None if outcome == "failed" else NOON)
        assert watch(session, now, trip=trip) == [bad.id]
        assert told[0][:2] == (bad.id, "failed_rate")
        assert told[0][2]["failed"] == 6


def test_the_lifecycle_pauses_what_the_breaker_trips_and_a_resume_looks_afresh(db: Database) -> None:
    now = NOON + timedelta(minutes=5)
    with db.write() as session:
        bad = campaign(session)
        for n in range(6):
            ended(session, bad, n, carrier_outcome="failed")
        assert watch(session, now, trip=lifecycle.trip) == [bad.id]
        assert (bad.state, bad.tripped) == (CampaignState.PAUSED, "failed_rate")
        assert watch(session, now, trip=lifecycle.trip) == []
        lifecycle.resume(session, bad, by="ops", now=now, note="The trunk is repaired.")
        assert watch(session, now + SECOND, trip=lifecycle.trip) == []
        assert bad.state == CampaignState.RUNNING
