"""The soak's database: made ready, one campaign launched, and looked at from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks import campaigns, lifecycle
from callbacks.attempt import LIVE_STATES, Attempt, AttemptState
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseState, CloseReason
from callbacks.cases import NewCase, create_cases
from callbacks.purposes import Purpose
from callbacks.settings import DAYS, BreakerLimits, CallingHours, MachineMode, Pacing, Result, RetryMatrix, RetryRow
from config import Config
from flows.documents import parse
from flows.versions import publish
from house import House
from ivr.lines import Line
from soak.house import Houseful
from soak.plan import FLOW, SERVICE_NUMBER, Plan, number_of
from storage import migrate

ALWAYS = CallingHours(week=dict.fromkeys(DAYS, ((0, 1440),)), skip_holidays=False)
NEVER_TRIPS = BreakerLimits(
    failed_rate=1, short_call_rate=1, answer_rate_drop=1, opt_out_rate=1, abandoned_rate=1, provider_error_rate=1
)
TOLD = frozenset({CloseReason.GOAL_MET, CloseReason.DONE, CloseReason.TRIES_USED, CloseReason.WRONG_PERSON})
"""Reasons for which a phone must have been called."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the campaign stands by the house's own rows."""

    cases: int
    closed: dict[str, int]
    waiting: int
    overdue: int
    calling: int
    live_attempts: int
    attempts: int

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is to be done any more."""
        return self.waiting == self.calling == self.live_attempts == 0


@dataclass(frozen=True)
class Desk:
    """The house's rows."""

    house: House

    def prepare(self, plan: Plan) -> None:
        """Publish the flow, store everybody to be called, and launch."""
        migrate.upgrade(self.house.db)
        now = datetime.now(UTC)
        with self.house.db.write() as session:
            version = publish(session, parse(FLOW.read_bytes()), by="soak", note="soak", now=now)
            session.add(Line(number=SERVICE_NUMBER, label="Soak", flow_id=version.flow_id))
            campaign = campaigns.create(session, name="Soak", by="soak", now=now, **_fields(plan))
            lifecycle.note_tested(session, campaign, version.id, now=now)
            news = [NewCase(number=number_of(n), reference=f"S{n}", key=f"soak:{n}") for n in range(plan.cases)]
            create_cases(session, campaign, news, now)
            lifecycle.launch(session, campaign, by="soak", now=now)

    def standing(self) -> Standing:
        """Counts of this moment."""
        now = datetime.now(UTC)
        with self.house.db.read() as session:
            states = _count(session, Case.state)
            overdue = select(func.count()).where(
                Case.state == CaseState.OPEN, Case.due_at < now - timedelta(seconds=30)
            )
            live = select(func.count()).select_from(Attempt).where(Attempt.state.in_(LIVE_STATES))
            return Standing(
                cases=sum(states.values()),
                closed=_count(session, Case.reason, Case.state == CaseState.CLOSED),
                waiting=states.get(CaseState.OPEN, 0) + states.get(CaseState.MERGED, 0),
                overdue=session.scalar(overdue) or 0,
                calling=states.get(CaseState.CALLING, 0),
                live_attempts=session.scalar(live) or 0,
                attempts=sum(_count(session, Attempt.state).values()),
            )

    def ring_on(self) -> None:
        """Resume the campaign if it paused itself: a soak is to go on."""
        now = datetime.now(UTC)
        with self.house.db.write() as session:
            for campaign in session.scalars(select(Campaign).where(Campaign.state == CampaignState.PAUSED)):
                lifecycle.resume(session, campaign, by="soak", now=now, note="The soak goes on.")

    def sids(self) -> set[str]:
        """The calls that some attempt knows as its own."""
        with self.house.db.read() as session:
            return {sid for sid in session.scalars(select(Attempt.sid)) if sid}

    def left_open(self) -> list[str]:
        """Attempts that are not over: id and state."""
        with self.house.db.read() as session:
            done = (AttemptState.ENDED, AttemptState.RELEASED)
            rows = session.execute(select(Attempt.id, Attempt.state).where(Attempt.state.not_in(done))).all()
            return [f"attempt {attempt_id} is {state}" for attempt_id, state in rows]

    def told_numbers(self) -> set[str]:
        """Numbers of cases whose end says that their phone was called."""
        with self.house.db.read() as session:
            return set(session.scalars(select(Case.number).where(Case.reason.in_(TOLD))))


@contextmanager
def opened(houseful: Houseful) -> Iterator[Desk]:
    """The desk, in this process."""
    house = House(Config.from_environment(houseful.environment()))
    try:
        yield Desk(house)
    finally:
        house.close()


def _fields(plan: Plan) -> dict[str, object]:
    again = RetryRow(tries=plan.tries - 1, delay_min=1)
    return {
        "purpose": Purpose.INFORMATION,
        "flow_name": "soak",
        "caller_numbers": [SERVICE_NUMBER],
        "region": "CN",
        "zone": "Asia/Shanghai",
        "language": "en-US",
        "law": "none",
        "hours": ALWAYS,
        "retries": RetryMatrix(rows=dict.fromkeys(Result, again), max_tries=plan.tries),
        "pacing": Pacing(calls_per_second=plan.calls_per_second, max_live=plan.max_live),
        "breaker": NEVER_TRIPS,
        "machine": MachineMode.HANG_UP,
        "ring_timeout_s": 15,
    }


def _count(session: Session, column: object, *conditions: object) -> dict[str, int]:
    query = select(column, func.count()).where(*conditions).group_by(column)  # type: ignore[call-overload]
    return {str(value): number for value, number in session.execute(query)}
