"""Speaks into many live calls with the voices we have, the first sound at once.

A text is looked up whole (the prompts made when a flow was published), else spoken in parts, each of which is looked
up in memory and on disk before a voice is asked. While one part is played, the next is made. What live calls make
stays in memory: it may name a caller.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from audio.pcm import TELEPHONE_RATE_HZ
from audio.prompts import PromptItem
from audio.speaking.frames import whole_frames
from audio.speaking.part_source import PATIENCE_S, PartSource
from audio.speaking.parts import ends_a_sentence, parts
from audio.speaking.recordings import pieces, recording_bytes
from audio.speaking.sound_memory import SoundMemory
from audio.speaking.speaker import SpokenPart
from audio.voices.book import VoiceBook

MEMORY_BYTES = 48 << 20
"""A hundred minutes of speech."""

# Parts keep up to 50 ms of silence at each end; with these, the pauses are those of a text spoken in one go.
SENTENCE_PAUSE_S = 0.22
CLAUSE_PAUSE_S = 0.08

_THREADS = 12  # Eight for a voice that speaks several texts side by side, the others for files and the house voice.
_KEEP_WARM_S = 240.0  # A child process ends after fifteen idle minutes, and the next caller would wait for a new one.


class HouseSpeaker:
    """Speaks texts and files, part by part. See `audio.speaking.speaker.Speaker`. For one event loop.

    Args:
        book: the voices; closed with the speaker.
        folder: the prompts that were made when flows were published.
        patience_s: how long a caller waits for another voice before the house voice takes over.
    """

    def __init__(
        self,
        book: VoiceBook,
        folder: Path,
        *,
        memory_bytes: int = MEMORY_BYTES,
        clock_s: Callable[[], float] = time.monotonic,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._book = book
        self._clock_s = clock_s
        self._memory = SoundMemory(memory_bytes)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="voice")
        self._source = PartSource(book, folder, self._memory, self._threads, clock_s, patience_s)
        self._warmth: asyncio.Task[None] | None = None

    async def warm_up(self) -> None:
        """Start the house voice, so that the first caller does not wait for it, and keep it awake from now on."""
        await self._wake()
        self._warmth = self._warmth or asyncio.create_task(self._keep_warm())

    async def prepare(self, items: Iterable[PromptItem]) -> None:
        """Have prompts at hand in memory (fillers, say). Calls that speak meanwhile go first."""
        for item in items:
            if await self._source.kept(item.text, item.language, item.voice) is None:
                for part in parts(item.text, item.language):
                    await self._source.sound(part, item.language, item.voice, math.inf)

    async def say(self, text: str, language: str, voice: str = "") -> AsyncIterator[SpokenPart]:
        """See `Speaker`."""
        whole = await self._source.kept(text, language, voice)
        if whole is not None:
            yield SpokenPart(text=text, payload=whole_frames(whole))
            return
        said = parts(text, language)
        needed_at_s = self._clock_s()
        coming: asyncio.Task[bytes] | None = None
        try:
            for number, part in enumerate(said, start=1):
                sound = await (coming or self._source.sound(part, language, voice, needed_at_s))
                is_last = number == len(said)
                payload = whole_frames(sound, 0.0 if is_last else _pause_s(part))
                needed_at_s = max(needed_at_s, self._clock_s()) + len(payload) / TELEPHONE_RATE_HZ
                if not is_last:
                    following = self._source.sound(said[number], language, voice, needed_at_s)
                    coming = asyncio.create_task(following)
                if sound:
                    yield SpokenPart(text=part, payload=payload)
        finally:
            if coming is not None:
                coming.cancel()

    async def play(self, path: Path, text: str = "") -> AsyncIterator[SpokenPart]:
        """See `Speaker`. A long file comes in pieces of ten seconds, the first one with the text."""
        loop = asyncio.get_running_loop()
        key = await loop.run_in_executor(self._threads, _version_of, path)
        payload = self._memory.get(key)
        if payload is None:
            payload = await loop.run_in_executor(self._threads, recording_bytes, path)
            self._memory.put(key, payload)
        for number, piece in enumerate(pieces(payload)):
            yield SpokenPart(text="" if number else text, payload=whole_frames(piece))

    async def close(self) -> None:
        """End the processes of all voices."""
        if self._warmth is not None:
            self._warmth.cancel()
        await asyncio.to_thread(self._book.close)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _wake(self) -> None:
        # The text changes, or it would be found in memory.
        await self._source.sound(f"{time.monotonic():.3f}", "en-US", "", math.inf)

    async def _keep_warm(self) -> None:
        while True:
            await asyncio.sleep(_KEEP_WARM_S)
            await self._wake()


def _pause_s(part: str) -> float:
    return SENTENCE_PAUSE_S if ends_a_sentence(part) else CLAUSE_PAUSE_S


def _version_of(path: Path) -> str:
    """Names a file as it is now; one that is not there is found out when it is read."""
    try:
        found = path.stat()
    except OSError:
        return f"file {path}"
    return f"file {path} {found.st_mtime_ns} {found.st_size}"
