"""The house's doors for an event loop: each step is a transaction in a thread, and only so many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from ivr.deps import Deps
from ivr.streams.doors import StreamTurn
from telephony.calls import Heard

T = TypeVar("T")

AT_ONCE = 8
"""Transactions at a time: more would only wait for each other's locks."""


class Doors(Protocol):
    """What a stream asks of the house. `ivr.streams.doors` is the one; every step blocks."""

    def enter(self, deps: Deps, *, key: str, call_sid: str, stream_sid: str) -> StreamTurn:
        """A stream began. Raises StreamRefusedError."""

    def answer(
        self, deps: Deps, turn: StreamTurn, heard: Heard, *, note: Mapping[str, Any] | None = None
    ) -> StreamTurn:
        """Take an answer and say what comes next. Raises StreamGoneError."""

    def waits(self, deps: Deps, turn: StreamTurn) -> bool:
        """Whether a lookup has no answer yet."""

    def leave(self, deps: Deps, turn: StreamTurn, *, said: bool = False, why: str = "") -> None:
        """Send the call back to the webhooks."""

    def over(self, deps: Deps, stream_id: int, why: str) -> None:
        """The socket is gone."""

    def partial(self, deps: Deps, stream_id: int, words: str) -> None:
        """What the caller is saying."""

    def beat(self, deps: Deps, *, name: str, streams: int, room: Mapping[str, int]) -> None:
        """A media server lives."""


class Doorway:
    """The doors, to be awaited. What a door raises comes through."""

    def __init__(self, doors: Doors, deps: Deps) -> None:
        self._doors = doors
        self._deps = deps
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="doors")
        # What only shows how things stand must not keep a caller waiting.
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="doors-aside")

    async def enter(self, key: str, call_sid: str, stream_sid: str) -> StreamTurn:
        """See `Doors`."""
        return await self._run(lambda: self._doors.enter(self._deps, key=key, call_sid=call_sid, stream_sid=stream_sid))

    async def answer(self, turn: StreamTurn, heard: Heard, note: Mapping[str, Any]) -> StreamTurn:
        """See `Doors`."""
        return await self._run(lambda: self._doors.answer(self._deps, turn, heard, note=note))

    async def waits(self, turn: StreamTurn) -> bool:
        """See `Doors`."""
        return await self._run(lambda: self._doors.waits(self._deps, turn))

    async def leave(self, turn: StreamTurn, *, said: bool = False, why: str = "") -> None:
        """See `Doors`."""
        await self._run(lambda: self._doors.leave(self._deps, turn, said=said, why=why))

    async def over(self, stream_id: int, why: str) -> None:
        """See `Doors`."""
        await self._run(lambda: self._doors.over(self._deps, stream_id, why))

    async def partial(self, stream_id: int, words: str) -> None:
        """See `Doors`."""
        await self._run(lambda: self._doors.partial(self._deps, stream_id, words), self._aside)

    async def beat(self, name: str, streams: int, room: Mapping[str, int]) -> None:
        """See `Doors`."""
        await self._run(lambda: self._doors.beat(self._deps, name=name, streams=streams, room=room), self._aside)

    def close(self) -> None:
        """End the threads; what they are at is finished first."""
        self._threads.shutdown()
        self._aside.shutdown()

    async def _run(self, step: Callable[[], T], threads: ThreadPoolExecutor | None = None) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads or self._threads, step)
