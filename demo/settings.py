"""Secrets and ports of the demo, made once and kept in its data folder."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HOST = "127.0.0.1"
WEB_PORT = 8000
CARRIER_PORT = 8081
MEDIA_PORT = 8082
SERVICE_NUMBER = "+864008001234"
KOREAN_NUMBER = "+82215881234"
UTILITY_NUMBER = "+12025550123"
DRAFT_NUMBER = "+864008001299"
"""A number for trying drafts on the telephone."""
LIVE_NUMBER = "+864008001266"
"""The courier hotline once more; here our own ear listens, through a live stream."""
KOREAN_LIVE_NUMBER = "+82215881266"
"""A Korean line whose flow chooses our own ear: Vosk."""
NUMBERS = (SERVICE_NUMBER, KOREAN_NUMBER, UTILITY_NUMBER, DRAFT_NUMBER, LIVE_NUMBER, KOREAN_LIVE_NUMBER)
TEST_NUMBER = "+8613800138000"
"""A simulated person who always answers, for test calls."""
CALLER_PREFIX = "+861380013"
ZONE = "Asia/Shanghai"
DAY = (9, 18)
"""Hours of the day in which the demo's clock stands, from and to."""
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
    media_port: int
    clock_shift_s: int = 0

    @property
    def web_url(self) -> str:
        """Where people and the carrier reach the application."""
        return f"http://{HOST}:{self.web_port}"

    @property
    def carrier_url(self) -> str:
        """Where the simulated carrier answers."""
        return f"http://{HOST}:{self.carrier_port}"

    @property
    def media_url(self) -> str:
        """Where the media server says how it is."""
        return f"http://{HOST}:{self.media_port}"

    @property
    def fallback_file(self) -> Path:
        """The document that the carrier serves while the web app is down."""
        return self.data_dir / "fallback.xml"

    @property
    def numbers_file(self) -> Path:
        """The carrier's numbers and where they ring, as one would set them at the phone company."""
        return self.data_dir / "numbers.yaml"

    def write_numbers(self) -> None:
        """Let every number ring this web app, and the static document while it is down."""
        rows = [
            {
                "phone_number": number,
                "voice_url": f"{self.web_url}/voice/incoming",
                "voice_fallback_url": f"{self.carrier_url}/bins/fallback.xml",
                "status_callback": f"{self.web_url}/voice/status",
                "sms_url": f"{self.web_url}/voice/messages/incoming",
            }
            for number in NUMBERS
        ]
        self.numbers_file.write_text(json.dumps(rows, indent=2))

    def carrier_arguments(self) -> tuple[str, ...]:
        """Command line of the simulated carrier."""
        here = Path(__file__).parent
        return (
            *("--port", str(self.carrier_port)),
            *("--account-sid", self.account_sid),
            # One word each: a token that begins with a dash would be taken for an option.
            f"--auth-token={self.auth_token}",
            f"--control-token={self.control_token}",
            *("--data-dir", str(self.data_dir / "carrier")),
            *("--numbers", str(self.numbers_file)),
            *("--people", str(here / "people.yaml")),
            *("--bin", f"fallback={self.fallback_file}"),
            *("--ahead-s", str(self.clock_shift_s)),
        )

    @property
    def is_prepared(self) -> bool:
        """Whether this release's demo was set up here before."""
        return self._prepared_file.exists() and self._prepared_file.read_text() == _fingerprint()

    def mark_prepared(self) -> None:
        """The next start need not set up again."""
        self._prepared_file.write_text(_fingerprint())

    @property
    def _prepared_file(self) -> Path:
        return self.data_dir / "prepared"

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
            "STREAM_URL": f"ws://{HOST}:{self.media_port}/voice/stream",
            "MEDIA_BIND": f"{HOST}:{self.media_port}",
            "STREAM_CAPTIONS": "1",
            "SIMULATOR_URL": self.carrier_url,
            "SIMULATOR_TOKEN": self.control_token,
            "LOOKUP_ALLOWED_HOSTS": f"{HOST}:{self.carrier_port}",
            "CALLS_PER_SECOND": "4",
            "MAX_LIVE_CALLS": "60",
            "FLOW_VALUES": json.dumps({"parcel_service": self.carrier_url}),
            "CLOCK_SHIFT_S": str(self.clock_shift_s),
            "PYTHONUNBUFFERED": "1",
        }


def load_settings(data_dir: Path) -> tuple[DemoSettings, list[str]]:
    """Read or make the demo's secrets and choose free ports; the sentences say which ports were taken."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "demo.json"
    kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else dict(_new_secrets())
    kept["clock_shift_s"] = shift_into_the_day(datetime.now(UTC), kept.get("clock_shift_s", 0))
    path.write_text(json.dumps(kept, indent=2))
    path.chmod(0o600)
    sentences: list[str] = []
    web = free_port(int(os.environ.get("WEB_PORT", WEB_PORT)), "web app", sentences)
    carrier = free_port(int(os.environ.get("CARRIER_PORT", CARRIER_PORT)), "simulated carrier", sentences, taken={web})
    taken = {web, carrier}
    media = free_port(int(os.environ.get("MEDIA_PORT", MEDIA_PORT)), "media server", sentences, taken=taken)
    return DemoSettings(data_dir=data_dir, web_port=web, carrier_port=carrier, media_port=media, **kept), sentences


def shift_into_the_day(now: datetime, kept_s: int = 0) -> int:
    """Seconds by which the demo's clock runs ahead, so that it is day where most of its people live.

    Nobody may be called at night, and a demo that is looked at then would show a campaign that waits. 0 by day; at
    night the time to the next ten o'clock. `kept_s` of an earlier start stays while it leads into the day, so that the
    clock does not go back.
    """
    zone = ZoneInfo(ZONE)
    for shift in (timedelta(seconds=kept_s), timedelta()):
        if DAY[0] <= (now + shift).astimezone(zone).hour < DAY[1]:
            return int(shift.total_seconds())
    here = now.astimezone(zone)
    morning = here.replace(hour=10, minute=0, second=0, microsecond=0)
    return int(((morning if morning > here else morning + timedelta(days=1)) - here).total_seconds())


def _new_secrets() -> dict[str, str]:
    return {
        "secret_key": secrets.token_urlsafe(48),
        "account_sid": "AC" + secrets.token_hex(16),
        "auth_token": secrets.token_hex(16),
        "control_token": secrets.token_urlsafe(24),
    }


def _fingerprint() -> str:
    """Of everything that the set-up depends on: migrations, example flows, phrases, the demo itself."""
    root = Path(__file__).resolve().parent.parent
    folders = ("storage/migrations/versions", "flows/examples", "flows/phrase_books", "demo")
    files = sorted(f for folder in folders for f in (root / folder).iterdir() if f.suffix in (".py", ".yaml"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


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
