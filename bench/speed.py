"""The table: both floors and our turn, measured alternately under the deployment's server, on one core."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from bench import loads
from bench.calls import Exchange, Ledger
from bench.figures import median, percentile
from bench.loads import Run, Unit
from bench.server import Server
from ivr.turns import TurnRow
from storage.database import Database

BARE, STORED, HAND, TURN = "a bare floor", "b stored floor", "b' stored floor, no ORM", "c our turn"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: a work with so many callers. Times are the callers' own, milliseconds."""

    work: str
    at_once: int
    per_second: float
    cpu_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    share_of_bare: float
    share_of_stored: float
    cpu_share_of_stored: float
    bad: int


@dataclass(frozen=True, kw_only=True)
class ServerTime:
    """Milliseconds within the application, as stored with each turn (`turns.ms`), with the most calls at once."""

    load: str
    turns: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long to measure: repetitions, seconds of each, seconds of the paced run, and callers at once, most last."""

    repetitions: int
    seconds: float
    paced_s: float
    at_once: tuple[int, ...] = (1, 8, 50)


@dataclass(frozen=True, kw_only=True)
class Servers:
    """The two servers on one core, of which one is always idle, and the secret that signs for both."""

    floors: Server
    desk: Server
    token: str


async def compare(servers: Servers, exchange: Exchange, plan: Plan) -> list[Row]:
    """Measure every work with 1, 8 and 50 callers, all works in turn within each repetition."""
    works: dict[str, tuple[Server, Unit]] = {
        BARE: (servers.floors, loads.bare(exchange)),
        STORED: (servers.floors, loads.stored(exchange)),
        HAND: (servers.floors, loads.stored(exchange, "/floor/stored_without_orm")),
        TURN: (servers.desk, loads.demo_calls(exchange)),
    }
    runs: dict[tuple[str, int], list[Run]] = defaultdict(list)
    for server, unit in works.values():
        await loads.saturate(server, servers.token, unit, at_once=4, seconds=plan.seconds, ledger=Ledger())
    for _repetition in range(plan.repetitions):
        for at_once in plan.at_once:
            for work, (server, unit) in works.items():
                run = await loads.saturate(
                    server, servers.token, unit, at_once=at_once, seconds=plan.seconds, ledger=Ledger()
                )
                runs[work, at_once].append(run)
    return [_row(work, at_once, runs) for at_once in plan.at_once for work in works]


def _row(work: str, at_once: int, runs: Mapping[tuple[str, int], list[Run]]) -> Row:
    mine = runs[work, at_once]
    latencies = [ms for run in mine for ms in run.ledger.latencies_ms]
    return Row(
        work=work,
        at_once=at_once,
        per_second=median([run.per_second for run in mine]),
        cpu_ms=median([run.cpu_ms for run in mine]),
        p50_ms=percentile(latencies, 0.50),
        p95_ms=percentile(latencies, 0.95),
        p99_ms=percentile(latencies, 0.99),
        share_of_bare=_share(mine, runs[BARE, at_once]),
        share_of_stored=_share(mine, runs[STORED, at_once]),
        cpu_share_of_stored=median(
            [other.cpu_ms / run.cpu_ms for run, other in zip(mine, runs[STORED, at_once], strict=True) if run.cpu_ms]
        ),
        bad=sum(len(run.ledger.bad) for run in mine),
    )


def _share(mine: list[Run], floor: list[Run]) -> float:
    """The middle one of the ratios of turns a second, each within one repetition."""
    return median([run.per_second / other.per_second for run, other in zip(mine, floor, strict=True)])


async def server_times(servers: Servers, exchange: Exchange, db: Database, plan: Plan) -> list[ServerTime]:
    """What the most calls at once cost within the application: answered at once, and every second or so."""
    found, most = [], plan.at_once[-1]
    for load, listen_s, seconds in (
        (f"saturated: {most} callers answer at once", 0.0, plan.seconds * 2),
        (f"paced: {most} callers answer after 0.5 to 1.5 s", 1.0, plan.paced_s),
    ):
        last = _last_turn(db)
        unit = loads.demo_calls(exchange, listen_s=listen_s)
        await loads.saturate(
            servers.desk, servers.token, unit, at_once=most, seconds=seconds, ledger=Ledger(), spread_s=listen_s
        )
        with db.read() as session:
            times = session.scalars(select(TurnRow.ms).where(TurnRow.id > last)).all()
        found.append(
            ServerTime(
                load=load,
                turns=len(times),
                p50_ms=percentile(times, 0.50),
                p95_ms=percentile(times, 0.95),
                p99_ms=percentile(times, 0.99),
            )
        )
    return found


def _last_turn(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.max(TurnRow.id))) or 0
