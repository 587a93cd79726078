"""The voice of one stream: has one prompt after the other turned into sound, a little ahead of what is heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from typing import Any

from ivr.streams.prompt_player import PromptPlayer
from telephony.verbs import Prompt

Spawn = Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"]
SoundOf = Callable[[Prompt], AsyncIterator[bytes]]


class Voicing:
    """Fills a player. `sound_of` gives a prompt's sound in parts, `on_sound` is told of each, `spawn` starts a task."""

    def __init__(self, player: PromptPlayer, sound_of: SoundOf, on_sound: Callable[[], None], spawn: Spawn) -> None:
        self._player = player
        self._sound_of = sound_of
        self._on_sound = on_sound
        self._spawn = spawn
        self._task: asyncio.Task[None] | None = None
        self._room = asyncio.Event()
        self._is_resting = False

    @property
    def is_busy(self) -> bool:
        """Whether sound is being made; not while there is enough of it."""
        return self._task is not None and not self._task.done() and not self._is_resting

    def wake(self) -> None:
        """Prompts may be waiting."""
        if self._player.has_waiting and (self._task is None or self._task.done()):
            self._task = self._spawn(self._speak())

    def restart(self) -> None:
        """What was being voiced is not wanted any more."""
        if self._task is not None:
            self._task.cancel()
        self._task, self._is_resting = None, False
        self.wake()

    def make_room(self) -> None:
        """Sound was taken from the player."""
        if self._is_resting and not self._player.is_full:
            self._is_resting = False
            self._room.set()

    async def _speak(self) -> None:
        self._is_resting = False
        while (queued := self._player.next_prompt()) is not None:
            self._on_sound()
            async with aclosing(self._sound_of(queued.prompt)) as parts:  # type: ignore[type-var]
                async for payload in parts:
                    if not self._player.sound(queued.seq, payload):
                        break
                    self._on_sound()
                    await self._wait_for_room()
            self._player.voiced(queued.seq)
            self._on_sound()

    async def _wait_for_room(self) -> None:
        while self._player.is_full:
            self._room.clear()
            self._is_resting = True
            try:
                await self._room.wait()
            finally:
                self._is_resting = False
