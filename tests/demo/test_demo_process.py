"""`make demo` as a person meets it: one command, one call, one Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CALL_WITHIN_S = 300

pytestmark = [pytest.mark.slow, pytest.mark.speech, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


def start(data_dir: Path, ports: tuple[int, int], *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "WEB_PORT": str(ports[0]), "CARRIER_PORT": str(ports[1])}
    command = [sys.executable, "-m", "demo", "--data-dir", str(data_dir), *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def lines_until(process: subprocess.Popen[str], wanted: str, within_s: float) -> Iterator[str]:
    deadline = time.monotonic() + within_s
    assert process.stdout is not None
    for line in process.stdout:
        yield line
        if wanted in line or time.monotonic() > deadline:
            return


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_once_places_the_call_and_shows_transcript_and_ticket(data_dir: Path, ports: tuple[int, int]) -> None:
    process = start(data_dir, ports, "--once")
    output, _ = process.communicate(timeout=CALL_WITHIN_S)
    assert process.returncode == 0, output
    for wanted in ("铃回快递", "工单号", "hung up by app", "Ticket ", "transcript by", "agent@demo.ringback"):
        assert wanted in output, output
    assert not is_open(ports[0])


def test_the_exit_code_tells_when_the_call_failed(data_dir: Path, ports: tuple[int, int], tmp_path: Path) -> None:
    script = tmp_path / "wrong.yaml"
    script.write_text('call: {to: "+864008001234"}\nsteps:\n  - hear: {words: "a sentence nobody says", within_s: 1}\n')
    process = start(data_dir, ports, "--once", "--script", str(script))
    output, _ = process.communicate(timeout=CALL_WITHIN_S)
    assert process.returncode == 1, output
    assert "did not go as scripted" in output


def test_a_taken_port_is_said_and_another_one_used_and_ctrl_c_stops_everything(
    data_dir: Path, ports: tuple[int, int]
) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", ports[0]))
        taken.listen()
        process = start(data_dir, ports)
        said = "".join(lines_until(process, "Number", 60))
        assert f"Port {ports[0]} is taken; the web app uses {ports[0] + 1}." in said
        assert is_open(ports[0] + 1)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    assert "Stopped." in rest
    assert not is_open(ports[0] + 1)
    assert not is_open(ports[1])
