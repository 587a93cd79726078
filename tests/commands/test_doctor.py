"""`flask doctor` finds what would stop a call, says what to do, and is content when all is right."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from app import create_app
from config import Config
from tests.commands.conftest import Terminal
from tests.end_to_end.processes import Process, free_port
from tests.end_to_end.rehearsal import configure
from work.heartbeats import beat

EXAMPLES = Path(__file__).resolve().parents[2] / "flows" / "examples"
NUMBER = "+862155550100"
SHELF = "https://shelf.example.org/fallback.xml"

pytestmark = pytest.mark.speech


@pytest.fixture
def healthy(terminal: Terminal) -> Terminal:
    """A desk with a line, whose worker was heard of a moment ago."""
    terminal.net.add_number(NUMBER)
    terminal.says("flows", "publish", str(EXAMPLES / "ticket_line_ko.yaml"))
    terminal.says("lines", "set", NUMBER, "ticket_line_ko")
    terminal.says("lines", "connect", NUMBER, "--fallback-url", SHELF)
    alive(terminal)
    return terminal


def alive(terminal: Terminal, ago: timedelta = timedelta(0)) -> None:
    """The worker gave a sign of life so long ago."""
    with terminal.house.db.write() as session:
        beat(session, "worker", terminal.house.now() - ago)


def findings(said: str, mark: str) -> list[str]:
    """The lines with this mark."""
    return [line for line in said.splitlines() if line.startswith(mark)]


def test_a_healthy_desk_has_no_problem_and_no_warning(healthy: Terminal):
    said = healthy.says("doctor")
    assert findings(said, "problem") == []
    assert findings(said, "warning") == []
    for subject in ("settings", "public base URL", "database", "disk", "worker", "speech", "voice", NUMBER, "clock"):
        assert f"  {subject}:" in said, subject


def test_a_webhook_that_points_elsewhere_is_a_problem(healthy: Terminal):
    healthy.net.add_number(NUMBER, voice_url="https://elsewhere.example.org/voice")
    said = healthy.refuses("doctor")
    (line,) = findings(said, "problem")
    assert "elsewhere.example.org" in line
    assert "/voice/incoming" in line


def test_a_fallback_that_is_the_application_itself_is_a_warning(healthy: Terminal):
    healthy.says("lines", "connect", NUMBER)
    (line,) = findings(healthy.says("doctor"), "warning")
    assert "cannot answer while it is down" in line


def test_a_silent_worker_is_a_problem(healthy: Terminal):
    alive(healthy, ago=timedelta(minutes=5))
    (line,) = findings(healthy.refuses("doctor"), "problem")
    assert "flask --app app worker" in line


def test_a_database_without_tables_is_a_problem(bare_terminal: Terminal):
    said = bare_terminal.refuses("doctor")
    (line,) = findings(said, "problem")
    assert "db upgrade" in line


def test_a_number_without_a_flow_and_a_flow_without_a_number_are_told_apart(healthy: Terminal):
    number = healthy.net.carrier.numbers.get(NUMBER)
    assert number is not None
    healthy.net.carrier.numbers.remove(number)
    (line,) = findings(healthy.refuses("doctor"), "problem")
    assert "does not hold this number" in line


def test_a_phone_company_that_cannot_be_reached_is_a_problem_and_not_a_crash(healthy: Terminal, tmp_path: Path):
    config = configure(
        healthy.net,
        "",
        tmp_path,
        healthy.house.config.public_base_url,
        twilio_api_base_url=f"http://127.0.0.1:{free_port()}",
    )
    unreachable = Terminal(app=create_app(config), net=healthy.net)
    said = unreachable.refuses("doctor")
    assert findings(said, "problem")
    unreachable.house.close()


def test_wrong_credentials_are_a_problem(healthy: Terminal, tmp_path: Path):
    config = configure(
        healthy.net, "", tmp_path, healthy.house.config.public_base_url, twilio_auth_token="not the token"
    )
    stranger = Terminal(app=create_app(config), net=healthy.net)
    (line,) = findings(stranger.refuses("doctor"), "problem")
    assert "token" in line.lower() or "20003" in line or "credential" in line.lower()
    stranger.house.close()


def test_missing_secrets_are_named(tmp_path: Path):
    """As a process: without its secrets the application opens no page, and `doctor` says what it lacks."""
    command = [sys.executable, "-m", "flask", "--app", "app", "doctor"]
    with Process(command, Config(mode="production", data_dir=tmp_path), tmp_path / "doctor.log") as doctor:
        assert doctor.running.wait(60) == 1
    found = findings(doctor.output, "problem")
    assert any("SECRET_KEY" in line and "TWILIO_AUTH_TOKEN" in line for line in found)
    assert any("db upgrade" in line for line in found)
    assert "Traceback" not in doctor.output
