"""The house as it is deployed: carrier, web, workers and dialers as processes that can be killed and come back."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_S = 60.0


class Member:
    """A process of the house, in a session of its own with all its children."""

    def __init__(
        self,
        name: str,
        command: tuple[str, ...],
        environment: Mapping[str, str],
        log: Path,
        *,
        ready_url: str = "",
        ready_words: str = "",
    ) -> None:
        """`ready_url` answers, or `ready_words` were written, once it does its work."""
        self.name = name
        self.kills = 0
        self._command = command
        self._environment = environment
        self._log = log
        self._ready_url = ready_url
        self._ready_words = ready_words
        self._log_from = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, again after a death; does not wait for it to be ready."""
        self._log_from = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=dict(self._environment),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id; 0 before it was started."""
        return self._process.pid if self._process is not None else 0

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def ready(self) -> bool:
        """Whether it runs and does its work."""
        if not self.alive:
            return False
        if self._ready_url:
            return answers(self._ready_url)
        with self._log.open("rb") as log:
            log.seek(self._log_from)
            return self._ready_words.encode() in log.read()

    def kill(self) -> None:
        """kill -9, the children too."""
        self.kills += 1
        self._signal(signal.SIGKILL)

    def stop(self, within_s: float = 15.0) -> None:
        """Ask it to end; what does not is killed."""
        self._signal(signal.SIGTERM, children=False)
        try:
            if self._process is not None:
                self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)

    def tail(self, lines: int = 15) -> str:
        """The last lines it wrote."""
        if not self._log.exists():
            return ""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])

    def _signal(self, number: signal.Signals, *, children: bool = True) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if children:
                os.killpg(self._process.pid, number)
            elif self._process.poll() is None:
                self._process.send_signal(number)
        if number == signal.SIGKILL:
            self._process.wait(START_S)


class MemberFailedError(Exception):
    """A process did not become ready; the message ends with what it wrote last."""


def wait_ready(member: Member, timeout_s: float = START_S) -> None:
    """Wait until it is ready. Raises MemberFailedError when it ends or takes too long."""
    deadline = time.monotonic() + timeout_s
    while not member.ready:
        if not member.alive or time.monotonic() > deadline:
            raise MemberFailedError(f"{member.name} is not ready.\n{member.tail()}")
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether a server answers at all."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def python(*arguments: str) -> tuple[str, ...]:
    """A command line of this Python."""
    return (sys.executable, *arguments)
