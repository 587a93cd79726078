"""The line to one worker process, from its start to its end."""

from __future__ import annotations

import asyncio
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import cast

from audio.hearing.engine import EngineSpec
from audio.hearing.wire import Kind, Message, Messages, written
from audio.hearing.work_board import BOARD_BYTES, WorkBoard

_PROJECT = Path(__file__).resolve().parent.parent.parent
_SILENT_S = 8.0  # A worker tells every half second that it lives.


class WorkerLine(asyncio.Protocol):
    """One life of a worker. `told` gets each of its messages."""

    def __init__(self, told: Callable[[Message], None]) -> None:
        self.is_gone = False
        self.suspects: set[int] = set()
        self._told = told
        self._messages = Messages()
        self._change = asyncio.Event()
        self._heard_from = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = None
        self._transport: asyncio.WriteTransport | None = None
        self._page = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the worker lives.
        self._page.truncate(BOARD_BYTES)
        self._board = WorkBoard(self._page.fileno())

    @property
    def pid(self) -> int | None:
        """The worker."""
        return self._process.pid if self._process else None

    async def start(self, spec: EngineSpec) -> None:
        """Start the process and tell it what to be."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = await asyncio.to_thread(_started, theirs.fileno(), self._page.fileno())
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_unix_connection(lambda: self, sock=ours)
        self._transport = cast(asyncio.WriteTransport, transport)
        self.write(Kind.SET_UP, 0, pickle.dumps(spec))

    def write(self, kind: Kind, number: int = 0, payload: bytes = b"") -> None:
        """Send a message; to a worker that is gone it goes nowhere."""
        if self._transport is not None and not self.is_gone:
            self._transport.write(written(kind, number, payload))

    async def until(self, is_so: Callable[[], bool], within_s: float) -> bool:
        """Wait for something that its messages bring about; False when it ended or took longer."""
        ends = time.monotonic() + within_s
        while not is_so() and not self.is_gone and time.monotonic() < ends:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._change.wait(), max(0.0, ends - time.monotonic()))
            self._change.clear()
        return is_so()

    async def until_it_dies(self) -> None:
        """Return when the process has ended, or has been silent for so long that it might as well have."""
        while not self.is_gone and time.monotonic() - self._heard_from < _SILENT_S:
            await self.until(lambda: self.is_gone, 1.0)

    async def end(self) -> None:
        """End the process, if it has not; `suspects` are the utterances that it was busy with."""
        self.is_gone = True
        if self._transport is not None:
            self._transport.abort()
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # It holds nothing that would have to be put down in order.
            await asyncio.shield(asyncio.to_thread(process.wait))
        self.suspects = self._board.suspects()
        self._board.close()
        self._page.close()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._heard_from = time.monotonic()
        for message in self._messages.feed(data):
            self._told(message)
        self._change.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self.is_gone = True
        self._change.set()


def _started(connection: int, board: int) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(filter(None, [str(_PROJECT), os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(
        [sys.executable, "-m", "audio.hearing.worker", str(connection), str(board)],
        pass_fds=[connection, board],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # Engines write pages to it, and words of the caller with them.
        env={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"},
        start_new_session=True,  # Ctrl-C in a terminal is for the parent, which then closes the socket.
    )
