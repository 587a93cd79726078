"""A PostgreSQL database with campaigns for measuring calls we make: as many cases or attempts as wanted, quickly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import postgres
from callbacks import campaigns, lifecycle
from callbacks.campaign import Campaign
from callbacks.cases import NewCase, create_cases
from callbacks.purposes import Purpose
from callbacks.settings import DAYS, BreakerLimits, CallingHours, MachineMode, Pacing, Result, RetryMatrix, RetryRow
from flows.documents import parse
from flows.versions import publish
from ivr.lines import Line
from soak.plan import FLOW, SERVICE_NUMBER, number_of
from storage import migrate
from storage.database import Database

ALWAYS = CallingHours(week=dict.fromkeys(DAYS, ((0, 1440),)), skip_holidays=False)
NEVER_TRIPS = BreakerLimits(
    failed_rate=1, short_call_rate=1, answer_rate_drop=1, opt_out_rate=1, abandoned_rate=1, provider_error_rate=1
)
ONCE = RetryMatrix(rows={Result.BUSY: RetryRow(tries=0)}, max_tries=1)


@contextmanager
def migrated() -> Iterator[str]:
    """A database with every table, as an address, on a server of its own; gone afterwards."""
    with postgres.server() as server, postgres.database(server) as url:
        db = Database(url)
        migrate.upgrade(db)
        db.dispose()
        yield url


def publish_flow(session: Session, now: datetime) -> int:
    """Publish the short flow and give it its number; the version's id."""
    version = publish(session, parse(FLOW.read_bytes()), by="bench", note="bench", now=now)
    session.add(Line(number=SERVICE_NUMBER, label="Bench", flow_id=version.flow_id))
    session.flush()
    return version.id


def new_campaign(session: Session, version_id: int, now: datetime, **pacing: float) -> Campaign:
    """A campaign that may call anybody at any hour, once."""
    campaign = campaigns.create(
        session,
        name="Bench",
        by="bench",
        now=now,
        purpose=Purpose.INFORMATION,
        flow_name="soak",
        caller_numbers=[SERVICE_NUMBER],
        region="CN",
        zone="Asia/Shanghai",
        language="en-US",
        law="none",
        hours=ALWAYS,
        retries=ONCE,
        pacing=Pacing.model_validate(pacing),
        breaker=NEVER_TRIPS,
        machine=MachineMode.OFF,
        ring_timeout_s=15,
    )
    lifecycle.note_tested(session, campaign, version_id, by="bench", now=now)
    return campaign


def add_due_cases(session: Session, campaign: Campaign, count: int, now: datetime, *, first: int = 0) -> None:
    """Cases of so many different numbers, due at once."""
    news = [NewCase(number=number_of(first + n), key=f"bench:{campaign.id}:{first + n}") for n in range(count)]
    create_cases(session, campaign, news, now)


def launch(session: Session, campaign: Campaign, now: datetime) -> None:
    """Begin to call."""
    lifecycle.launch(session, campaign, by="bench", now=now)


_CASE_VALUES = {
    "key": "'more:' || one.campaign_id || ':' || step",
    "number": "'+861' || lpad(step::text, 10, '0')",
    "due_at": "one.due_at + make_interval(days => 30, secs => step)",
    "person_id": "NULL",
}
_ATTEMPT_VALUES = {
    "case_id": "step",
    "number": "'+861' || lpad(step::text, 10, '0')",
    "sid": "'CA' || lpad(step::text, 32, '0')",
    "call_id": "NULL",
    "claimed_at": "one.claimed_at - make_interval(secs => step)",
    "dialled_at": "one.dialled_at - make_interval(secs => step)",
    "ended_at": "one.ended_at - make_interval(secs => step)",
}


def multiply_cases(session: Session, like: int, first: int, last: int) -> None:
    """Copy a case for the numbers `first` to `last`, due in a month: what a table holds beside what is due."""
    _multiply(session, "cases", like, first, last, _CASE_VALUES)


def multiply_attempts(session: Session, like: int, case_ids: tuple[int, int]) -> None:
    """Copy an ended attempt once for each case of a range of ids."""
    _multiply(session, "attempts", like, *case_ids, _ATTEMPT_VALUES)


def _multiply(session: Session, table: str, like: int, first: int, last: int, changed: dict[str, str]) -> None:
    names = session.scalars(
        text("SELECT column_name FROM information_schema.columns WHERE table_name = :t AND table_schema = 'public'"),
        {"t": table},
    ).all()
    columns = [name for name in names if name != "id"]
    values = ", ".join(changed.get(name, f'one."{name}"') for name in columns)
    listed = ", ".join(f'"{name}"' for name in columns)
    numbers = "generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS step"
    copied = f"SELECT {values} FROM {table} AS one, {numbers} WHERE one.id = :like"
    session.execute(text(f"INSERT INTO {table} ({listed}) {copied}"), {"first": first, "last": last, "like": like})


def analyse(db: Database) -> None:
    """Let PostgreSQL know how large the tables are, as its own housekeeping does after a while."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def now_utc() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
