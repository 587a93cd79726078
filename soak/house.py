"""Which processes a soak runs, with which settings, and the trouble that its carrier makes."""

from __future__ import annotations

import json
import os
import socket
import urllib.request
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from soak.plan import PEOPLE, SERVICE_NUMBER, Plan
from soak.processes import Member, python

HOST = "127.0.0.1"
ACCOUNT = "AC" + "5" * 32
TOKEN = "soak" * 8
TROUBLE: tuple[dict[str, Any], ...] = (
    {"kind": "rest_accept_then_timeout", "share": 0.04},
    {"kind": "rest_status", "share": 0.03, "status": 500, "method": "POST"},
    {"kind": "rest_status", "share": 0.03, "status": 429, "method": "POST"},
    {"kind": "callback_drop", "share": 0.04},
    {"kind": "callback_late", "share": 0.05, "seconds": 4},
    {"kind": "callback_duplicate", "share": 0.05},
    {"kind": "callback_shuffle", "share": 0.05},
    {"kind": "webhook_duplicate", "share": 0.03},
)
"""What the carrier does wrong all the time, each in so many of all cases."""


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Houseful:
    """Everything that runs in one soak. `folder` holds data, logs and the ledger."""

    plan: Plan
    folder: Path
    database_url: str
    app: str = "app"
    """The module of the application."""
    people: Path = PEOPLE
    """Who answers; a file for the carrier."""

    @cached_property
    def web_url(self) -> str:
        """The application."""
        return f"http://{HOST}:{free_port()}"

    @cached_property
    def carrier_url(self) -> str:
        """The carrier."""
        return f"http://{HOST}:{free_port()}"

    @property
    def ledger(self) -> Path:
        """The carrier's book."""
        return self.folder / "carrier" / "ledger.jsonl"

    def environment(self) -> dict[str, str]:
        """Settings of the application's processes."""
        return {
            **os.environ,
            "MODE": "demo",
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.folder / "data"),
            "SECRET_KEY": "soak" * 10,
            "PUBLIC_BASE_URL": self.web_url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE_URL": self.carrier_url,
            "CALLS_PER_SECOND": f"{self.plan.calls_per_second:g}",
            "MAX_LIVE_CALLS": str(self.plan.max_live),
            "INBOUND_RESERVE": "10",
            "DIAL_THREADS": "24",
            "WORKER_THREADS": "2",
            "WEB_CONCURRENCY": "1",
            "LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
        }

    @cached_property
    def carrier(self) -> Member:
        """The simulated phone company."""
        (self.folder / "numbers.yaml").write_text(json.dumps([self._number()]))
        account = ("--account-sid", ACCOUNT, "--auth-token", TOKEN, "--port", self.carrier_url.rpartition(":")[2])
        files = ("--data-dir", str(self.folder / "carrier"), "--people", str(self.people))
        numbers = ("--numbers", str(self.folder / "numbers.yaml"))
        command = python("-m", "simulator", "carrier", *account, *files, *numbers)
        return Member(
            "carrier", command, os.environ, self.folder / "carrier.log", ready_url=f"{self.carrier_url}/health"
        )

    @cached_property
    def web(self) -> Member:
        """The web application."""
        bind = ("--config", "gunicorn.conf.py", "--bind", self.web_url.removeprefix("http://"))
        return self._member(
            "web", "-m", "gunicorn", *bind, f"{self.app}:create_app()", ready_url=f"{self.web_url}/health"
        )

    @cached_property
    def dialers(self) -> list[Member]:
        """All dialers."""
        return [self._command(n, "dialer") for n in range(self.plan.dialers)]

    @cached_property
    def workers(self) -> list[Member]:
        """All workers."""
        return [self._command(n, "worker", "--no-dialing") for n in range(self.plan.workers)]

    @property
    def everybody(self) -> list[Member]:
        """All processes, in the order in which they start."""
        return [self.carrier, self.web, *self.workers, *self.dialers]

    def make_trouble(self) -> None:
        """Let the carrier make mistakes from now on; after a restart it has to be told again."""
        for fault in TROUBLE:
            self._tell_carrier("POST", "/faults", fault)

    def end_trouble(self) -> None:
        """Let the carrier make no more mistakes."""
        self._tell_carrier("DELETE", "/faults")

    def _tell_carrier(self, method: str, path: str, body: dict[str, Any] | None = None) -> None:
        data = json.dumps(body).encode() if body is not None else None
        with urllib.request.urlopen(
            urllib.request.Request(self.carrier_url + path, data=data, method=method), timeout=10
        ):
            pass

    def _number(self) -> dict[str, str]:
        return {
            "phone_number": SERVICE_NUMBER,
            "voice_url": f"{self.web_url}/voice/incoming",
            "status_callback": f"{self.web_url}/voice/status",
        }

    def _command(self, number: int, name: str, *options: str) -> Member:
        command = ("-m", "flask", "--app", self.app, name, *options)
        return self._member(f"{name}-{number + 1}", *command, ready_words=f"The {name} is at work.")

    def _member(self, name: str, *command: str, **ready: str) -> Member:
        return Member(name, python(*command), self.environment(), self.folder / f"{name}.log", **ready)
