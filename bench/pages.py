"""Server time of the console's pages with many tickets and calls in the database, within this process."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from werkzeug.test import Client

from app import create_app
from bench.figures import percentile
from bench.house import opened
from config import Config
from demo.bulk import fill
from demo.settings import LOGINS, PASSWORD
from ivr.calls import Call
from tickets.ticket import Ticket

WARM = 3


@dataclass(frozen=True, kw_only=True)
class Page:
    """Milliseconds of wall time that a page takes within the application."""

    path: str
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The pages, and how much there is to show."""

    tickets: int
    calls: int
    pages: list[Page]


def measure(environ: Mapping[str, str], *, tickets: int, times: int) -> Pages:
    """Fill up with tickets, sign in, and get each page so often."""
    with opened(environ) as house:
        fill(house.db, tickets, datetime.now(UTC))
        with house.db.read() as session:
            ticket_count = session.scalar(select(func.count()).select_from(Ticket)) or 0
            call_count = session.scalar(select(func.count()).select_from(Call)) or 0
            number = session.scalar(select(Ticket.number).order_by(Ticket.id.desc()).limit(1)) or ""
            call_id = session.scalar(select(Call.id).order_by(Call.id.desc()).limit(1)) or 0
    client = signed_in(environ)
    paths = (
        "/",
        "/tickets",
        "/tickets?view=all",
        "/tickets?q=parcel",
        "/tickets?q=快递",
        f"/tickets/{number}",
        "/calls",
        f"/calls/{call_id}",
        "/live",
    )
    return Pages(tickets=ticket_count, calls=call_count, pages=[measure_page(client, path, times) for path in paths])


def signed_in(environ: Mapping[str, str]) -> Client:
    """A browser that is signed in as the demo's ops person. Raises RuntimeError."""
    client = create_app(Config.from_environment(environ)).test_client()
    login = client.get("/login").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', login)
    email = LOGINS[1][0]
    form = {"email": email, "password": PASSWORD, "csrf_token": token.group(1) if token else ""}
    answer = client.post("/login", data=form)
    if answer.status_code != 302:
        raise RuntimeError(f"Signing in as {email} was answered with {answer.status_code}.")
    return client


def measure_page(client: Client, path: str, times: int) -> Page:
    """Get a page so often, after some times that do not count. Raises RuntimeError when it cannot be had."""
    taken: list[float] = []
    for n in range(times + WARM):
        began = time.perf_counter()
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} was answered with {answer.status_code}.")
        if n >= WARM:
            taken.append((time.perf_counter() - began) * 1000)
    return Page(path=path, p50_ms=percentile(taken, 0.5), p95_ms=percentile(taken, 0.95))
