"""What a caller is saying at the moment, for those who watch: twice a second at most."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

EVERY_S = 0.5


class ShownWords:
    """Tells the newest words by `show`, with a task of `spawn`."""

    def __init__(
        self, show: Callable[[str], Awaitable[None]], spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
    ) -> None:
        self._show = show
        self._spawn = spawn
        self._newest = ""
        self._shown = ""
        self._is_showing = False
        self._task: asyncio.Task[None] | None = None

    def put(self, words: str) -> None:
        """The words so far; "" when nobody speaks."""
        self._newest = words
        if words != self._shown and (self._task is None or self._task.done()):
            self._task = self._spawn(self._tell())

    def taken(self) -> None:
        """The house has the answer and forgets the words by itself, but for those that are just on their way."""
        self._newest = ""
        if not self._is_showing:
            self._shown = ""

    async def _tell(self) -> None:
        while self._newest != self._shown:
            self._shown = self._newest
            self._is_showing = True
            await self._show(self._shown)
            self._is_showing = False
            await asyncio.sleep(EVERY_S)
