"""One making of each sound, however many calls wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any


@dataclass(kw_only=True)
class Making:
    """A sound that is being made. Once `begun` it is finished although nobody waits any more: another will want it."""

    waiting: int = 0
    begun: bool = False


class Makings:
    """The sounds that are being made, by key. For one event loop."""

    def __init__(self) -> None:
        self._under_way: dict[str, tuple[Making, asyncio.Task[bytes]]] = {}

    async def join(self, key: str, make: Callable[[Making], Coroutine[Any, Any, bytes]]) -> bytes:
        """The sound; `make` is only called when it is not being made already. Raises what `make` raises."""
        if key not in self._under_way:
            making = Making()
            task = asyncio.create_task(make(making))
            task.add_done_callback(lambda done: self._done(key, done))
            self._under_way[key] = making, task
        making, task = self._under_way[key]
        making.waiting += 1
        try:
            return await asyncio.shield(task)
        finally:
            making.waiting -= 1
            if not making.waiting and not making.begun and not task.done():
                self._forget(key, task)
                task.cancel()

    def _forget(self, key: str, task: asyncio.Task[bytes]) -> None:
        if key in self._under_way and self._under_way[key][1] is task:
            del self._under_way[key]

    def _done(self, key: str, task: asyncio.Task[bytes]) -> None:
        self._forget(key, task)
        if not task.cancelled():
            task.exception()  # Seen by those who waited; there may be none left.
