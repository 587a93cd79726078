"""A process of our own that may die without taking us along.

Vosk can end its process with a signal, and espeak-ng may be used by one thread of one process only. So both live in
children: a question goes over a socket, an answer comes back; a child that dies or hangs is replaced at the next
question.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from audio.errors import AudioError

_PROJECT = Path(__file__).resolve().parent.parent
IDLE_S = 900.0


class ChildDied(AudioError):  # noqa: N818 - it tells what happened.
    """The child process ended before it answered."""


class ChildHung(AudioError):  # noqa: N818 - it tells what happened.
    """The child process did not answer in time and was ended."""


@dataclass(kw_only=True)
class Child:
    """A worker process, started at the first question and kept warm.

    Attributes:
        module: what runs, as `python -m`; it calls `serve`.
        set_up: the first message, sent whenever a new process begins.
        name: for messages about its death.
    """

    module: str
    set_up: Any
    name: str
    environment: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None
    _connection: Connection | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, question: Any, timeout_s: float) -> Any:
        """The child's answer. Safe from many threads; they wait for each other.

        Raises:
            AudioError: whatever the child raised, ChildDied, or ChildHung.
        """
        with self._lock:
            connection = self._running()
            try:
                connection.send(question)
                if not connection.poll(timeout_s):
                    self._end()
                    raise ChildHung(f"{self.name} gave no answer within {timeout_s:.0f} s and was stopped.")
                failed, answer = connection.recv()
            except (EOFError, OSError) as error:
                code = self._end()
                raise ChildDied(f"{self.name} stopped without an answer (exit {code}).") from error
        if failed:
            raise answer
        return answer

    @property
    def pid(self) -> int | None:
        """The process that would answer now, if one is running."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def close(self) -> None:
        """End the process. A later question starts another one."""
        with self._lock:
            self._end()

    def _running(self) -> Connection:
        if self._connection is not None and self.pid is not None:
            return self._connection
        self._end()
        ours, theirs = socket.socketpair()
        with theirs:
            paths = os.pathsep.join(filter(None, [str(_PROJECT), os.environ.get("PYTHONPATH", "")]))
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # pyttsx3 prints to it.
                stderr=subprocess.DEVNULL,  # Vosk writes pages to it, and words of the recording with them.
                env={**os.environ, **self.environment, "PYTHONPATH": paths},
                start_new_session=True,  # Ctrl-C in a terminal is for the parent, which then closes the socket.
            )
        self._connection = Connection(ours.detach())
        self._connection.send(self.set_up)
        return self._connection

    def _end(self) -> int | None:
        """Stop whatever runs; the exit code, negative for a signal, or None when nothing ran."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is None:
            return None
        process, self._process = self._process, None
        try:
            return process.wait(timeout=0.5)  # A closed socket is the sign to go.
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def serve(begin: Callable[[Any], Callable[[Any], Any]], idle_s: float = IDLE_S) -> None:
    """The child's side: `begin` makes the answering function from the first message; ends when the parent does, or
    idle.

    Errors of this room travel to the parent; any other error is told as an AudioError with its type.
    """
    connection = Connection(int(sys.argv[1]))
    answer: Callable[[Any], Any] | None = None
    try:
        set_up = connection.recv()
        while connection.poll(idle_s):
            question = connection.recv()
            try:
                answer = answer or begin(set_up)
                reply = (False, answer(question))
            except AudioError as error:
                reply = (True, error)
            except Exception as error:
                reply = (True, AudioError(f"{type(error).__name__}: {error}"))
            connection.send(reply)
    except (EOFError, OSError):
        return  # The parent is gone.
