"""Slots, lines and shares as the pacer hands them out, on both databases."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dial_stage import DialStage, Queue, new_stage, queue_of
from sqlalchemy import event, insert, select, text

from callbacks.attempt import LIVE_STATES, Attempt, AttemptState
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseState
from callbacks.dialing.account import AccountPace
from callbacks.dialing.clocks import LocalClock, PostgresClock
from callbacks.dialing.due import due_cases, due_tests
from callbacks.settings import Pacing
from ivr.calls import Call
from storage.database import Database
from telephony.calls import CallStatus
from work.transport import MemoryTransport


def slots(stage: DialStage) -> list[datetime]:
    return sorted(attempt.slot_at for attempt in stage.rows(Attempt))


def run_for(stage: DialStage, dialer: Any, seconds: float) -> None:
    """Ticks for so long, and dials; nobody answers."""
    end = stage.clock() + timedelta(seconds=seconds)
    while stage.clock() < end:
        dialer.tick()
        queue_of(dialer).take()
        stage.clock.pass_s(0.1)


def test_slots_of_the_account_lie_one_gap_apart_and_none_is_in_the_past(stage: DialStage) -> None:
    stage.account = AccountPace(calls_per_second=8, max_live=1000, inbound_reserve=0)
    stage.cases(stage.campaign(), 40)
    run_for(stage, stage.dialer(), 4)
    found = slots(stage)
    assert {later - earlier for earlier, later in itertools.pairwise(found)} == {timedelta(seconds=0.125)}
    assert len(found) >= 32
    assert all(attempt.slot_at > attempt.claimed_at for attempt in stage.rows(Attempt))


def test_a_new_start_after_a_rest_makes_no_burst(small_stage: DialStage) -> None:
    stage = small_stage
    stage.account = AccountPace(calls_per_second=4, max_live=1000, inbound_reserve=0)
    campaign = stage.campaign()
    stage.cases(campaign, 4)
    run_for(stage, stage.dialer(), 2)
    stage.clock.pass_s(60)
    stage.cases(campaign, 8)
    run_for(stage, stage.dialer(), 3)
    found = slots(stage)
    assert min(later - earlier for earlier, later in itertools.pairwise(found)) >= timedelta(seconds=0.25)


def test_a_dial_that_comes_too_late_takes_a_new_slot_and_leaves_the_old_one_empty(stage: DialStage) -> None:
    stage.account = AccountPace(calls_per_second=10, max_live=1000, inbound_reserve=0)
    stage.cases(stage.campaign(), 3)
    dialer = stage.dialer()
    dialer.tick()
    claimed = queue_of(dialer).take()
    _first, *others = slots(stage)
    stage.clock.pass_s(1)
    dialer.dial(claimed[0])
    [late] = [attempt for attempt in stage.rows(Attempt) if attempt.id == claimed[0]]
    assert late.state == AttemptState.PLACED
    assert late.slot_at > stage.clock() - timedelta(seconds=0.5)
    assert all(abs(late.slot_at - other) >= timedelta(seconds=0.1) for other in others)


def test_campaigns_share_the_account_by_weight_over_many_ticks(stage: DialStage) -> None:
    stage.account = AccountPace(calls_per_second=10, max_live=10_000, inbound_reserve=0)
    heavy = stage.campaign(pacing=Pacing(calls_per_second=100, max_live=1000, weight=3))
    light = stage.campaign(pacing=Pacing(calls_per_second=100, max_live=1000, weight=1))
    for campaign in (heavy, light):
        stage.cases(campaign, 45)
    run_for(stage, stage.dialer(), 4)
    counts = Counter(attempt.campaign_id for attempt in stage.rows(Attempt))
    assert counts[heavy] == pytest.approx(30, abs=3)
    assert counts[light] == pytest.approx(10, abs=2)


def test_a_campaign_with_nothing_due_leaves_its_share_and_gets_no_arrears(small_stage: DialStage) -> None:
    stage = small_stage
    stage.account = AccountPace(calls_per_second=10, max_live=10_000, inbound_reserve=0)
    busy, idle = stage.campaign(), stage.campaign()
    stage.cases(busy, 80)
    dialer = stage.dialer()
    run_for(stage, dialer, 3)
    alone = len(stage.rows(Attempt))
    assert alone >= 29
    stage.cases(idle, 60)
    run_for(stage, dialer, 3)
    counts = Counter(attempt.campaign_id for attempt in stage.rows(Attempt)[alone:])
    assert abs(counts[busy] - counts[idle]) <= 5


def test_lines_are_kept_for_callers(stage: DialStage) -> None:
    stage.account = AccountPace(calls_per_second=1000, max_live=10, inbound_reserve=3)
    stage.cases(stage.campaign(), 20)
    for n in range(2):
        call = Call(sid=f"CA{n}", token=f"t{n}", direction="inbound", status="in-progress", started_at=stage.clock())
        with stage.db.write() as session:
            session.add(call)
    assert len(stage.dial_due()) == 5


def test_a_line_that_becomes_free_is_taken_again(small_stage: DialStage) -> None:
    stage = small_stage
    cases = stage.cases(stage.campaign(pacing=Pacing(calls_per_second=100, max_live=2)), 3)
    first = stage.dial_due()
    assert len(first) == 2
    stage.phone(first[0]).ends(CallStatus.BUSY, sip_code=486)
    assert len(stage.dial_due()) == 1
    assert len({attempt.case_id for attempt in stage.rows(Attempt)}) == len(cases)


def test_urgent_cases_go_first_and_then_the_longest_due(stage: DialStage) -> None:
    campaign = stage.campaign()
    late = stage.case(campaign, priority=50)
    urgent = stage.case(campaign, priority=0)
    old = stage.case(campaign, priority=50)
    stage.change(Case, old, due_at=stage.clock() - timedelta(hours=1))
    dialer = stage.dialer()
    while dialer.tick():
        pass
    by_slot = sorted(stage.rows(Attempt), key=lambda attempt: attempt.slot_at)
    assert [attempt.case_id for attempt in by_slot] == [urgent, old, late]


def test_two_matters_of_one_phone_are_never_claimed_together(stage: DialStage) -> None:
    one, other = stage.campaign(), stage.campaign(purpose="survey")
    stage.case(one, "+8613812345678")
    stage.case(other, "+8613812345678", purpose="survey")
    dialer = stage.dialer()
    assert sum(dialer.tick() for _ in range(3)) == 1
    waiting = [case for case in stage.rows(Case) if case.state == CaseState.OPEN]
    assert [case.rule for case in waiting] == ["callee_busy"]


def test_the_claim_does_not_walk_over_cases_of_the_future(stage: DialStage) -> None:
    campaign = stage.campaign()
    now = stage.clock()
    with stage.db.write() as session:
        rows = [
            {
                "key": f"f{n}",
                "campaign_id": campaign,
                "purpose": "delivery",
                "number": f"+86139{n:08d}",
                "priority": 50 + n % 2,
                "due_at": now - timedelta(seconds=1) if n < 6 else now + timedelta(days=1 + n % 50),
                "created_at": now,
            }
            for n in range(20_000)
        ]
        session.execute(insert(Case), rows)
    if not stage.db.is_sqlite:
        with stage.db.write() as session:
            session.execute(text("ANALYZE cases"))
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    with stage.db.write() as session:
        event.listen(stage.db.engine, "before_cursor_execute", note)
        found = due_cases(session, campaign, now, 50)
        event.remove(stage.db.engine, "before_cursor_execute", note)
        assert len(found) == 6
        assert len(asked) <= 5
        for statement, parameters in asked:
            assert "ix_cases_due" in plan(stage.db, session, statement, parameters)
        asked.clear()
        event.listen(stage.db.engine, "before_cursor_execute", note)
        assert due_tests(session, now, 5) == []
        event.remove(stage.db.engine, "before_cursor_execute", note)
        [(statement, parameters)] = asked
        assert "ix_cases_test_due" in plan(stage.db, session, statement, parameters)


def plan(db: Database, session: Any, statement: str, parameters: Any) -> str:
    """How the database runs a statement."""
    explain = "EXPLAIN QUERY PLAN " if db.is_sqlite else "EXPLAIN "
    found = session.connection().exec_driver_sql(explain + statement, parameters)
    return "\n".join(" ".join(str(part) for part in row) for row in found)


@pytest.mark.parametrize("dialers", [2, 4])
def test_several_dialers_on_postgresql_pace_as_one(postgres_db_url: Any, dialers: int) -> None:
    """In real time, counted by the phone company: nobody twice, nobody lost, no slot twice."""
    db = Database(postgres_db_url.render_as_string(hide_password=False))
    stage = new_stage(db)
    stage.clock.moment = datetime.now(UTC)
    stage.account = AccountPace(calls_per_second=20, max_live=1000, inbound_reserve=0)
    stage.dials = PostgresClock(db)
    cases = stage.cases(stage.campaign(), 40)
    stop = threading.Event()
    made = [stage.dialer(f"d{n}", transport=MemoryTransport(), workers=3) for n in range(dialers)]
    threads = [threading.Thread(target=dialer.run_forever, args=(stop,)) for dialer in made]
    for thread in threads:
        thread.start()
    try:
        give_up_s = time.monotonic() + 60
        while len(stage.provider.calls) < len(cases) and time.monotonic() < give_up_s:
            time.sleep(0.1)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    rung = Counter(call.placed.to_number for call in stage.provider.calls.values())
    assert set(rung.values()) == {1}
    assert len(rung) == len(cases)
    dialled = [attempt for attempt in stage.rows(Attempt) if attempt.state in LIVE_STATES]
    found = sorted(attempt.slot_at for attempt in dialled)
    gaps = [later - earlier for earlier, later in itertools.pairwise(found)]
    assert min(gaps) >= timedelta(seconds=0.05) - timedelta(microseconds=2)
    db.dispose()


def test_only_one_dialer_hands_out_slots_at_a_time(postgres_db_url: Any) -> None:
    db = Database(postgres_db_url.render_as_string(hide_password=False))
    stage = new_stage(db)
    stage.cases(stage.campaign(), 3)
    stage.dialer().tick()
    stage.cases(stage.campaign(), 3)
    with db.write() as session:
        session.execute(text("SELECT key FROM pace WHERE key = 'account' FOR UPDATE"))
        assert stage.dialer("two").tick() == 0
    assert stage.dialer("two").tick() == 3
    db.dispose()


def test_a_claim_that_meets_a_live_call_of_its_number_leaves_the_case_open(stage: DialStage) -> None:
    campaign = stage.campaign()
    first = stage.case(campaign, "+8613812345678")
    stage.dialer().tick()
    with stage.db.read() as session:
        assert session.scalar(select(Attempt.case_id)) == first
    other = stage.case(stage.campaign(purpose="survey"), "+8613812345678", purpose="survey")
    stage.dialer("two").tick()
    assert stage.get(Case, other).state == CaseState.OPEN
    assert len(stage.rows(Attempt)) == 1


def test_a_draft_or_paused_campaign_is_not_even_looked_at(small_stage: DialStage) -> None:
    stage = small_stage
    for state in (CampaignState.DRAFT, CampaignState.READY, CampaignState.PAUSED, CampaignState.STOPPED):
        campaign = stage.campaign()
        stage.case(campaign)
        stage.change(Campaign, campaign, state=state)
    assert stage.dialer().tick() == 0
    assert {case.rule for case in stage.rows(Case)} == {""}


def test_a_queue_that_fails_costs_one_lease_and_no_case(small_stage: DialStage) -> None:
    class Broken(Queue):
        def send(self, job_id: int) -> None:
            raise ConnectionError("The queue is gone.")

    stage = small_stage
    stage.case(stage.campaign())
    dialer = stage.dialer(transport=Broken())
    assert dialer.tick() == 1
    stage.clock.pass_s(20)
    dialer.reconcile()
    stage.clock.pass_s(10)
    assert len(stage.dial_due()) == 1


def test_a_clock_of_this_machine_waits_for_what_is_left() -> None:
    slept: list[float] = []
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    clock = LocalClock(lambda: moment, slept.append)
    clock.wait_until(moment + timedelta(seconds=2))
    clock.wait_until(moment - timedelta(seconds=2))
    assert slept == [2.0]
