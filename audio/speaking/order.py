"""Who speaks next when one voice serves many calls: the one whose caller would otherwise hear silence first."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class SpeakingOrder:
    """Lets a few at a time through, ordered by the moment their sound is needed, then by who asked first.

    Args:
        at_once: how many may speak side by side.
    """

    def __init__(self, at_once: int = 1) -> None:
        self._free = at_once
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    @asynccontextmanager
    async def turn(self, needed_at_s: float) -> AsyncIterator[None]:
        """Within it, the voice is the caller's.

        Args:
            needed_at_s: on any clock, the same for all: now for a caller who hears nothing yet, later for a part that
                follows others, infinity for what is prepared for nobody yet.
        """
        if self._free > 0:
            self._free -= 1
        else:
            await self._wait(needed_at_s)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, needed_at_s: float) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (needed_at_s, next(self._count), mine))
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._pass_on()  # It was this one's turn already.
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            _, _, following = heapq.heappop(self._waiting)
            if not following.done():
                following.set_result(None)
                return
        self._free += 1
