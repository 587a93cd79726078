"""Child processes under one foreground process: started, watched, stopped together."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from demo.settings import HOST, DemoSettings

STOP_AFTER_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Service:
    """One child: its name for people, its command, and the address that answers when it is ready ("" for none)."""

    name: str
    command: tuple[str, ...]
    ready_url: str = ""


class ServiceFailedError(Exception):
    """A child ended or never became ready; the message ends with the last lines it wrote."""


class Family:
    """The children of the demo."""

    def __init__(self, environment: dict[str, str], log_dir: Path) -> None:
        self._environment = environment
        self._log_dir = log_dir
        self._running: list[tuple[Service, subprocess.Popen[bytes]]] = []
        log_dir.mkdir(parents=True, exist_ok=True)

    def start(self, service: Service) -> None:
        """Start a child in a session of its own, so that Ctrl-C reaches only the parent."""
        with (self._log_dir / f"{service.name}.log").open("wb") as log:
            process = subprocess.Popen(
                service.command,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._running.append((service, process))

    def wait_ready(self, timeout_s: float = 60.0) -> None:
        """Wait until every child with an address answers there. Raises ServiceFailedError."""
        deadline = time.monotonic() + timeout_s
        waiting = [service for service, _process in self._running if service.ready_url]
        while waiting:
            self.check()
            waiting = [service for service in waiting if not _answers(service.ready_url)]
            if waiting and time.monotonic() > deadline:
                late = waiting[0]
                raise ServiceFailedError(f"{late.name} did not answer within {timeout_s:.0f} s.\n{self._tail(late)}")
            time.sleep(0.05)

    def check(self) -> None:
        """Raise ServiceFailedError when a child has ended."""
        for service, process in self._running:
            if process.poll() is not None:
                raise ServiceFailedError(f"{service.name} ended with code {process.returncode}.\n{self._tail(service)}")

    def stop(self) -> None:
        """Ask every child to stop, last started first, and end those that do not."""
        for _service, process in reversed(self._running):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_AFTER_S
        for _service, process in reversed(self._running):
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def _tail(self, service: Service, lines: int = 20) -> str:
        log = self._log_dir / f"{service.name}.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own loopback address
            return bool(response.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def services(found: DemoSettings) -> tuple[Service, ...]:
    """Carrier, web app, worker and media server."""
    python = sys.executable
    gunicorn = ("-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"{HOST}:{found.web_port}")
    return (
        Service(
            name="carrier",
            command=(python, "-m", "simulator", "carrier", *found.carrier_arguments()),
            ready_url=f"{found.carrier_url}/health",
        ),
        Service(name="web", command=(python, *gunicorn, "app:create_app()"), ready_url=f"{found.web_url}/health"),
        Service(name="worker", command=(python, "-m", "flask", "--app", "app", "worker")),
        Service(
            name="media",
            command=(python, "-m", "flask", "--app", "app", "media"),
            ready_url=f"{found.media_url}/health",
        ),
    )
