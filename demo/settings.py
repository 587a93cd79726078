"""Secrets and ports of the demo, made once and kept in its data folder."""

from __future__ import annotations

import json
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
WEB_PORT = 8000
CARRIER_PORT = 8081
SERVICE_NUMBER = "+864008001234"
KOREAN_NUMBER = "+82215881234"
UTILITY_NUMBER = "+12025550123"
CALLER_PREFIX = "+861380013"
PASSWORD = "ringback-demo"  # noqa: S105 - shown to everybody, in demo mode only
LOGINS = (("agent@demo.ringback", "agent"), ("ops@demo.ringback", "ops"), ("admin@demo.ringback", "admin"))
"""Address and role of the demo's users."""


@dataclass(frozen=True, kw_only=True)
class DemoSettings:
    """What the processes of one demo share."""

    data_dir: Path
    secret_key: str
    account_sid: str
    auth_token: str
    control_token: str
    web_port: int
    carrier_port: int

    @property
    def web_url(self) -> str:
        """Where people and the carrier reach the application."""
        return f"http://{HOST}:{self.web_port}"

    @property
    def carrier_url(self) -> str:
        """Where the simulated carrier answers."""
        return f"http://{HOST}:{self.carrier_port}"

    @property
    def fallback_file(self) -> Path:
        """The document that the carrier serves while the web app is down."""
        return self.data_dir / "fallback.xml"

    def carrier_arguments(self) -> tuple[str, ...]:
        """Command line of the simulated carrier."""
        here = Path(__file__).parent
        return (
            *("--port", str(self.carrier_port)),
            *("--account-sid", self.account_sid),
            *("--auth-token", self.auth_token),
            *("--control-token", self.control_token),
            *("--data-dir", str(self.data_dir / "carrier")),
            *("--numbers", str(here / "numbers.yaml")),
            *("--people", str(here / "people.yaml")),
            *("--bin", f"fallback={self.fallback_file}"),
        )

    def environment(self) -> dict[str, str]:
        """Environment of the child processes."""
        return {
            **os.environ,
            "MODE": "demo",
            "DATA_DIR": str(self.data_dir),
            "SECRET_KEY": self.secret_key,
            "PUBLIC_BASE_URL": self.web_url,
            "TWILIO_ACCOUNT_SID": self.account_sid,
            "TWILIO_AUTH_TOKEN": self.auth_token,
            "TWILIO_API_BASE_URL": self.carrier_url,
            "SIMULATOR_URL": self.carrier_url,
            "SIMULATOR_TOKEN": self.control_token,
            "LOOKUP_ALLOWED_HOSTS": f"{HOST}:{self.carrier_port}",
            "FLOW_VALUES": json.dumps({"parcel_service": self.carrier_url}),
            "PYTHONUNBUFFERED": "1",
        }


def load_settings(data_dir: Path) -> tuple[DemoSettings, list[str]]:
    """Read or make the demo's secrets and choose free ports; the sentences say which ports were taken."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "demo.json"
    kept = json.loads(path.read_text()) if path.exists() else _new_secrets()
    path.write_text(json.dumps(kept, indent=2))
    path.chmod(0o600)
    sentences: list[str] = []
    web = free_port(int(os.environ.get("WEB_PORT", WEB_PORT)), "web app", sentences)
    carrier = free_port(int(os.environ.get("CARRIER_PORT", CARRIER_PORT)), "simulated carrier", sentences, taken={web})
    return DemoSettings(data_dir=data_dir, web_port=web, carrier_port=carrier, **kept), sentences


def _new_secrets() -> dict[str, str]:
    return {
        "secret_key": secrets.token_urlsafe(48),
        "account_sid": "AC" + secrets.token_hex(16),
        "auth_token": secrets.token_hex(16),
        "control_token": secrets.token_urlsafe(24),
    }


def free_port(wanted: int, what: str, sentences: list[str], taken: set[int] | None = None) -> int:
    """The wanted port, or the next free one of the twenty after it, with a sentence that says so."""
    for port in range(wanted, wanted + 21):
        if port in (taken or set()) or not _is_free(port):
            continue
        if port != wanted:
            sentences.append(f"Port {wanted} is taken; the {what} uses {port}.")
        return port
    raise SystemExit(f"Ports {wanted} to {wanted + 20} are all taken. Free one, or set WEB_PORT and CARRIER_PORT.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def where_it_runs(found: DemoSettings) -> None:
    """Leave the addresses for `make call` in other terminals."""
    shown = {"web_url": found.web_url, "carrier_url": found.carrier_url, "control_token": found.control_token}
    path = found.data_dir / "running.json"
    path.write_text(json.dumps(shown))
    path.chmod(0o600)
