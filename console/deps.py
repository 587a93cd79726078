"""What the pages are given by the application: plain values and the rooms' doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from flask import current_app

from callbacks.gate.policy import GatePolicy
from storage.database import Database

EXTENSION = "ringback_console"


def utc_now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def _no_text(_key: str) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Deps:
    """Everything a page may need.

    Attributes:
        db: the database.
        clock: gives the present moment (aware, UTC).
        recordings_dir: folder below which fetched recordings lie; a stored path outside of it is never served.
        simulator_url: base URL of the simulated carrier's phones ("http://127.0.0.1:5001/control"), None when there is
            none; then the browser phone says so.
        simulator_token: sent to it as "Authorization: Bearer …" when not empty.
        public_base_url: where callers of this application reach it; https turns on Secure cookies and HSTS.
        demo: True shows that the data may be made up, and the demo logins on the login page.
        demo_logins: (email, password, role) shown on the login page in demo mode only.
        prompt_text: what the house prompt of a key says, "" when unknown; the key is the file name that a caller is
            played, without its ending. The browser phone shows it.
        session_hours: how long a login lasts without use.
        limiter_storage: where login attempts are counted, as Flask-Limiter's storage URI.
        max_streams: server-sent event streams one process serves at once; more of them are told to poll. Each holds a
            thread of the web server, so it must be well below their number, or webhooks would wait.
        data_dir: folder below which uploaded lists are kept.
        region: ISO 3166 country of telephone numbers written without one, "" for none.
        policy: the organisation's own rules of calling, for preflight and forms.
        account_calls_per_second, account_max_live: limits of the telephone account, for the preflight's estimate.
    """

    db: Database
    recordings_dir: Path
    clock: Callable[[], datetime] = utc_now
    simulator_url: str | None = None
    simulator_token: str = ""
    public_base_url: str = "http://127.0.0.1:5000"
    demo: bool = False
    demo_logins: tuple[tuple[str, str, str], ...] = ()
    prompt_text: Callable[[str], str] = _no_text
    session_hours: int = 12
    limiter_storage: str = "memory://"
    max_streams: int = 12
    data_dir: Path = Path("var")
    region: str = ""
    policy: GatePolicy = field(default_factory=GatePolicy)
    account_calls_per_second: float = float("inf")
    account_max_live: float = float("inf")

    @property
    def is_https(self) -> bool:
        """True when callers reach the application over TLS."""
        return self.public_base_url.startswith("https://")


def deps() -> Deps:
    """The values of the running application."""
    return cast(Deps, current_app.extensions[EXTENSION])


def now() -> datetime:
    """The present moment by the application's clock."""
    return deps().clock()
