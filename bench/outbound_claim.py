"""What one decision and one claim cost, in a table of a thousand and of a million cases."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update

from bench.figures import median, percentile
from bench.outbound_desk import add_due_cases, analyse, launch, multiply_cases, new_campaign, now_utc, publish_flow
from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.dialing.account import AccountPace
from callbacks.dialing.clocks import clock_for
from callbacks.dialing.dialer import Dialer
from callbacks.dialing.pacing import BATCH
from callbacks.gate.policy import GatePolicy
from house import House
from storage.database import Database
from telephony.memory import MemoryProvider
from work.transport import MemoryTransport

PACE = 1_000.0
"""Calls a second that are asked for, so that every tick claims what it may."""


@dataclass(frozen=True, kw_only=True)
class ClaimCost:
    """Milliseconds of wall time of one tick, and of one case in it: claim, gate and insert of the attempt.

    `case_cpu_ms` is what this process computed for a case; the rest is the database and waiting.
    """

    cases: int
    ticks: int
    claimed: int
    tick_p50_ms: float
    tick_p95_ms: float
    case_ms: float
    case_cpu_ms: float


def claim_curve(house: House, sizes: Sequence[int], *, ticks: int) -> list[ClaimCost]:
    """Measure tables of these sizes, ascending; about a tenth of a thousand is due, the rest a month from now."""
    db = house.db
    now = now_utc()
    with db.write() as session:
        version = publish_flow(session, now)
        campaign = new_campaign(session, version, now, calls_per_second=100, max_live=10_000)
        add_due_cases(session, campaign, 1, now)
        launch(session, campaign, now)
        campaign_id = campaign.id
    costs = []
    for size in sizes:
        _grow(db, campaign_id, size, due=ticks * 60)
        costs.append(_measure(house, size, ticks))
    return costs


def _grow(db: Database, campaign_id: int, size: int, *, due: int) -> None:
    """Bring the table to `size` cases, of which `due` are due and nobody is on the line."""
    now = now_utc()
    with db.write() as session:
        ended = {"state": AttemptState.ENDED, "ended_at": now, "lease_until": None}
        session.execute(update(Attempt).values(**ended))
        session.execute(update(Case).where(Case.state == "calling").values(state="closed", reason="done"))
        like = session.scalar(select(func.min(Case.id))) or 0
        have = session.scalar(select(func.count()).select_from(Case)) or 0
        session.execute(update(Case).where(Case.id == like).values(due_at=now))
        if size - have > due:
            multiply_cases(session, like, have, size - due - 1)
            have = size - due
    with db.write() as session:
        campaign = session.get_one(Campaign, campaign_id)
        add_due_cases(session, campaign, max(0, size - have), now, first=5_000_000 + have)
    analyse(db)


def _measure(house: House, size: int, ticks: int) -> ClaimCost:
    dialer = Dialer(
        house.db,
        MemoryProvider("bench"),
        MemoryTransport(),
        house.calls,
        GatePolicy(none_allowed=True, caps=()),
        AccountPace(calls_per_second=PACE, max_live=10_000, inbound_reserve=0),
        clock_for(house.db, house.now),
        "bench",
    )
    dialer.tick()
    times_ms: list[float] = []
    claimed, cpu_s = 0, 0.0
    for _ in range(ticks):
        began, cpu_began = time.perf_counter(), time.process_time()
        found = dialer.tick()
        took_ms = 1000 * (time.perf_counter() - began)
        if found:
            times_ms.append(took_ms)
            claimed += found
            cpu_s += time.process_time() - cpu_began
        # Slots are handed out in batches; a tick before the next batch finds nothing to do.
        time.sleep(BATCH.total_seconds())
    return ClaimCost(
        cases=size,
        ticks=len(times_ms),
        claimed=claimed,
        tick_p50_ms=median(times_ms),
        tick_p95_ms=percentile(times_ms, 0.95),
        case_ms=sum(times_ms) / max(claimed, 1),
        case_cpu_ms=1000 * cpu_s / max(claimed, 1),
    )
