"""Messages on their way to the carrier. One that does not read does not make them many."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from telephony.media import MediaDialect

FULL = 150
"""Three seconds of frames: no more sound is put in while so many messages wait."""

OVERFLOW = 600
"""Marks and clears do not wait; so many messages that nobody takes are of a carrier that is gone."""


class Outbox:
    """Waiting messages of one stream, sent in order by `drain`."""

    def __init__(self, dialect: MediaDialect, stream_sid: str) -> None:
        self._dialect = dialect
        self._stream_sid = stream_sid
        self._waiting: deque[tuple[str, bool]] = deque()
        self._filled = asyncio.Event()
        self._is_sending = False

    @property
    def is_empty(self) -> bool:
        """Whether everything is with the socket."""
        return not self._waiting and not self._is_sending

    @property
    def is_full(self) -> bool:
        """Whether sound should wait where it is."""
        return len(self._waiting) >= FULL

    @property
    def is_overflowing(self) -> bool:
        """Whether the carrier takes nothing any more."""
        return len(self._waiting) >= OVERFLOW

    def sound(self, payload: bytes) -> None:
        """One frame of sound."""
        self._put(self._dialect.sound(self._stream_sid, payload), is_sound=True)

    def mark(self, name: str) -> None:
        """A mark behind what was put in so far."""
        self._put(self._dialect.mark(self._stream_sid, name))

    def clear(self) -> None:
        """Throw away the sound here and at the carrier. Marks stay: the carrier sends them back all the same."""
        self._waiting = deque((message, is_sound) for message, is_sound in self._waiting if not is_sound)
        self._put(self._dialect.clear(self._stream_sid))

    async def drain(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Send for ever; ends by being cancelled, or with what `send` raises."""
        while True:
            await self._filled.wait()
            while self._waiting:
                self._is_sending = True  # First, so that nobody finds both empty in between.
                message, _ = self._waiting.popleft()
                await send(message)
                self._is_sending = False
            self._filled.clear()

    def _put(self, message: str, *, is_sound: bool = False) -> None:
        self._waiting.append((message, is_sound))
        self._filled.set()
