"""The jobs of one stream that run beside its socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine
from typing import Any


class Tasks:
    """Starts jobs and hears of their errors. `on_error` is told of whatever a job raises, once."""

    def __init__(self, on_error: Callable[[Exception], None]) -> None:
        self._on_error = on_error
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, job: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a job beside the others."""
        task = asyncio.get_running_loop().create_task(self._watched(job))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def cancel(self, *, but: Collection[asyncio.Task[None] | None] = ()) -> None:
        """Stop every job, some excepted."""
        for task in self._running - set(but):
            task.cancel()

    async def gone(self) -> None:
        """Stop every job and wait until none is left."""
        self.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _watched(self, job: Coroutine[Any, Any, None]) -> None:
        try:
            await job
        except Exception as error:
            self._on_error(error)
