"""The deployment's server, started for a measurement and held to one core."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Cores:
    """Which core serves and which core calls; the same one on a machine that has only one."""

    server: int
    callers: int

    @classmethod
    def of_this_process(cls) -> Cores:
        """Two of the cores that this process may use."""
        allowed = sorted(os.sched_getaffinity(0))
        return cls(server=allowed[0], callers=allowed[-1])


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server: its address, and the process whose children serve."""

    url: str
    pid: int


class ServerFailedError(Exception):
    """The server did not come up; the message ends with what it wrote last."""


@contextmanager
def serving(app: str, *, environment: Mapping[str, str], port: int, core: int, log: Path) -> Iterator[Server]:
    """Serve `app` ("module:create_app()") under gunicorn.conf.py with one worker process, all of it on `core`.

    Raises ServerFailedError when it does not answer within a minute.
    """
    command = (sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"{HOST}:{port}", app)
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, "WEB_CONCURRENCY": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
    url = f"http://{HOST}:{port}"
    try:
        wait_ready(process, url, log)
        yield Server(url=url, pid=process.pid)
    finally:
        _stop(process)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise ServerFailedError("The server did not come up.\n" + log.read_text(errors="replace")[-3_000:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
