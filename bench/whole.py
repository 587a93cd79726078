"""One database measured whole: the demo made ready, both servers started, every measurement in its order."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

from bench import endurance, house, pages, postgres, speed
from bench.calls import Exchange
from bench.report import DatabaseResults
from bench.server import Cores, free_port, serving
from bench.speed import Plan, Servers
from ivr.calls import Call

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured; `speak` is False when the prompts need not sound."""

    plan: Plan
    calls: int
    memory_calls: int
    tickets: int
    page_times: int
    engine_calls: int
    speak: bool = True


def tell(what: str) -> None:
    """Say on standard error what is being measured."""
    print(f"measuring {what} …", file=sys.stderr, flush=True)


@contextlib.contextmanager
def _two_databases(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Addresses of two new databases: the desk's and the floors'."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'desk.db'}", f"sqlite:///{folder / 'floors.db'}"
        return
    with postgres.server() as server, postgres.database(server) as desk, postgres.database(server) as floors:
        yield desk, floors


def measure(kind: str, folder: Path, cores: Cores, size: Size) -> DatabaseResults:
    """Everything on one kind of database, "sqlite" or "postgresql". Raises ServerFailedError."""
    found = house.settings(folder, port=free_port())
    floors = house.settings(folder, port=free_port())
    with _two_databases(kind, folder) as (desk_url, floors_url):
        environ = house.environment(found, desk_url)
        tell(f"{kind}: making the demo ready")
        house.prepare(environ, speak=size.speak)
        with (
            serving(
                "bench.floors:create_app()",
                environment=house.environment(floors, floors_url),
                port=floors.web_port,
                core=cores.server,
                log=folder / f"floors-{kind}.log",
            ) as floor_server,
            serving(
                "app:create_app()",
                environment=environ,
                port=found.web_port,
                core=cores.server,
                log=folder / f"desk-{kind}.log",
            ) as desk_server,
        ):
            servers = Servers(floors=floor_server, desk=desk_server, token=found.auth_token)
            measured = asyncio.run(_calls(kind, servers, environ, size))
        tell(f"{kind}: pages")
        measured.pages = pages.measure(environ, tickets=size.tickets, times=size.page_times)
    return measured


async def _calls(kind: str, servers: Servers, environ: dict[str, str], size: Size) -> DatabaseResults:
    measured = DatabaseResults(database=NAMES[kind])
    exchange = Exchange()
    with house.opened(environ) as opened:
        tell(f"{kind}: floors and turns")
        measured.rows = await speed.compare(servers, exchange, size.plan)
        measured.server_times = await speed.server_times(servers, exchange, opened.db, size.plan)
        tell(f"{kind}: {size.calls} calls end to end")
        measured.end_to_end = await endurance.end_to_end(servers.desk, servers.token, exchange, opened.db, size.calls)
        if kind == "sqlite":
            tell(f"{kind}: memory over {size.memory_calls} calls")
            measured.memory = await endurance.memory(servers.desk, servers.token, exchange, size.memory_calls)
        with opened.db.write() as session:
            # The calls of the timed runs had no status callback; the pages are to see them ended, as they would be.
            ended = {"status": "completed", "ended_at": datetime.now(UTC)}
            session.execute(update(Call).where(Call.status == "in-progress").values(ended))
    return measured
