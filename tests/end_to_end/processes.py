"""The application and its worker as processes of their own, as they are deployed; they can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from config import Config
from tests.end_to_end.rehearsal import free_socket

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 60.0


def environment(config: Config) -> dict[str, str]:
    """The settings as environment variables, over those of this process."""
    given = {name.upper(): value for name, value in config.model_dump(mode="json").items()}
    as_text = {name: value if isinstance(value, str) else _json(value) for name, value in given.items()}
    kept = {name: value for name, value in os.environ.items() if name not in given}
    return {**kept, **{name: text for name, text in as_text.items() if text}, "PYTHONUNBUFFERED": "1"}


def _json(value: object) -> str:
    import json

    return json.dumps(value)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with free_socket() as bound:
        port: int = bound.getsockname()[1]
        return port


class Process:
    """A child in a session of its own; its output goes to a file."""

    def __init__(self, command: list[str], config: Config, log: Path) -> None:
        self._command = command
        self._config = config
        self._log = log
        self._running: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Process:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Begin, again after a death."""
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=environment(self._config),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def running(self) -> subprocess.Popen[bytes]:
        """The child."""
        assert self._running is not None
        return self._running

    @property
    def output(self) -> str:
        """What it wrote so far, in all its lives."""
        return self._log.read_text(errors="replace")

    def kill(self) -> None:
        """End it and its children at once, without a word: kill -9."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait(WITHIN_S)

    def ask_to_stop(self) -> int:
        """SIGTERM; the exit code."""
        self.running.send_signal(signal.SIGTERM)
        return self.running.wait(WITHIN_S)

    def wait_for(self, words: str, times: int = 1) -> None:
        """Wait until it has written `words` so often."""
        deadline = time.monotonic() + WITHIN_S
        while self.output.count(words) < times:
            assert self.running.poll() is None, self.output[-3000:]
            assert time.monotonic() < deadline, self.output[-3000:]
            time.sleep(0.05)

    @property
    def children(self) -> list[int]:
        """Process ids of its direct children."""
        pid = self.running.pid
        return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class WebProcess(Process):
    """gunicorn with the application, at an address that stays."""

    def __init__(self, config: Config, log: Path) -> None:
        self.url = config.public_base_url
        where = self.url.removeprefix("http://")
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "gunicorn.conf.py",
            "--bind",
            where,
            "app:create_app()",
        ]
        super().__init__(command, config, log)

    def start(self) -> None:
        """Begin, and wait until it answers."""
        super().start()
        self.wait_ready()

    def wait_ready(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + WITHIN_S
        while not _answers(f"{self.url}/health"):
            assert self.running.poll() is None, self.output[-3000:]
            assert time.monotonic() < deadline, self.output[-3000:]
            time.sleep(0.05)


def worker_process(config: Config, log: Path) -> Process:
    """`flask worker`."""
    return Process([sys.executable, "-m", "flask", "--app", "app", "worker"], config, log)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
