"""Where the sound of one part comes from: memory, the prompts on disk, or a voice."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from audio.errors import AudioError, NotAudio, VoiceMissing
from audio.prompts import PromptCache, PromptItem, prompt_key
from audio.speaking.frames import telephone_bytes
from audio.speaking.making import Making, Makings
from audio.speaking.order import SpeakingOrder
from audio.speaking.sound_memory import SoundMemory
from audio.voices.base import VoiceGone
from audio.voices.book import ChosenVoice, VoiceBook
from audio.wav import read_wav

log = logging.getLogger(__name__)

REST_S = 20.0
"""How long a voice that does not answer is left alone; the house voice speaks meanwhile."""

HOUSE_REST_S = 3.0
"""The same for the house voice, behind which there is none."""

_LOOK_AGAIN_S = 60.0
PATIENCE_S = 2.0
"""How long a caller waits in silence for another voice than the house's, which then speaks in its place."""

FAILED_S = 60.0
"""How long a text that a voice could not speak is not asked of it again; others would wait meanwhile."""

_MOST_FAILED = 1000
_NO_SOUND = b""


class PartSource:
    """Finds or makes the sound of parts. For one event loop.

    Args:
        book: the voices.
        folder: the prompts that were made when flows were published; nothing is ever written there.
        memory: takes what was found and made.
        threads: in which voices are waited for and files are read.
    """

    def __init__(
        self,
        book: VoiceBook,
        folder: Path,
        memory: SoundMemory,
        threads: ThreadPoolExecutor,
        clock_s: Callable[[], float] = time.monotonic,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._book = book
        self._prompts = PromptCache(folder)
        self._memory = memory
        self._threads = threads
        self._clock_s = clock_s
        self._patience_s = patience_s
        self._makings = Makings()
        self._orders: dict[str, SpeakingOrder] = {}
        self._chosen: dict[tuple[str, str], tuple[float, ChosenVoice]] = {}
        self._rests_until: dict[str, float] = {}
        self._failed_until: dict[str, float] = {}
        self._told: set[tuple[str, str]] = set()

    async def kept(self, text: str, language: str, voice: str) -> bytes | None:
        """The sound in mu-law if it is in memory or on disk in the very voice that is asked for."""
        chosen = self._choose(voice, language)
        return await self._kept(_key(chosen, text, language))

    async def sound(self, text: str, language: str, voice: str, needed_at_s: float) -> bytes:
        """The sound in mu-law, by the house voice where the one asked for fails; b"" when nobody can speak it.

        Args:
            needed_at_s: see `SpeakingOrder.turn`.
        """
        chosen, house = self._choose(voice, language), self._book.house
        for speaker in (chosen, house) if chosen.voice is not house.voice else (house,):
            sound = await self._spoken(speaker, text, language, needed_at_s)
            if sound:
                return sound
        return _NO_SOUND

    async def _spoken(self, chosen: ChosenVoice, text: str, language: str, needed_at_s: float) -> bytes:
        key = _key(chosen, text, language)
        sound = await self._kept(key)
        if sound is not None:
            return sound
        if self._clock_s() < max(self._rests_until.get(chosen.voice.name, 0.0), self._failed_until.get(key, 0.0)):
            return _NO_SOUND
        make = partial(self._make, key=key, chosen=chosen, text=text, language=language, needed_at_s=needed_at_s)
        try:
            async with asyncio.timeout(self._allowed_s(chosen, needed_at_s)):
                return await self._makings.join(key, make)
        except TimeoutError:
            self._let_rest(chosen, VoiceGone("It took too long for a caller who waits."))
            return _NO_SOUND
        except VoiceGone as error:
            self._let_rest(chosen, error)
            return _NO_SOUND
        except AudioError as error:
            self._note(chosen, language, error)
            self._failed_until = dict(list(self._failed_until.items())[-_MOST_FAILED:])
            self._failed_until[key] = self._clock_s() + FAILED_S
            return _NO_SOUND

    async def _make(
        self, making: Making, *, key: str, chosen: ChosenVoice, text: str, language: str, needed_at_s: float
    ) -> bytes:
        name = chosen.voice.name
        async with self._orders.setdefault(name, SpeakingOrder(chosen.at_once)).turn(needed_at_s):
            if self._clock_s() < self._rests_until.get(name, 0.0):
                raise VoiceGone(f"The voice {name} rests.")
            making.begun = True
            speak = partial(_speak, chosen, text, language)
            sound = await asyncio.get_running_loop().run_in_executor(self._threads, speak)
        self._memory.put(key, sound)
        return sound

    def _allowed_s(self, chosen: ChosenVoice, needed_at_s: float) -> float | None:
        """How long this voice may take; None when it is the house's, behind which there is none."""
        if chosen.voice is self._book.house.voice or math.isinf(needed_at_s):
            return None
        return max(0.0, needed_at_s - self._clock_s()) + self._patience_s

    async def _kept(self, key: str) -> bytes | None:
        sound = self._memory.get(key)
        if sound is not None:
            return sound
        path = self._prompts.path(key)
        if path is None:
            return None
        sound = await asyncio.get_running_loop().run_in_executor(self._threads, _from_disk, path)
        if sound is not None:
            self._memory.put(key, sound)
        return sound

    def _choose(self, voice: str, language: str) -> ChosenVoice:
        """Who speaks; looked up again now and then, for voices are installed while calls go on."""
        now_s = self._clock_s()
        known = self._chosen.get((voice, language))
        if known is None or known[0] < now_s:
            found = self._book.find(voice, language) or self._book.house
            known = self._chosen[voice, language] = (now_s + _LOOK_AGAIN_S, found)
        return known[1]

    def _let_rest(self, chosen: ChosenVoice, error: VoiceGone) -> None:
        """Leave a voice alone that does not answer."""
        name, now_s = chosen.voice.name, self._clock_s()
        if now_s >= self._rests_until.get(name, 0.0):
            rest_s = HOUSE_REST_S if chosen.voice is self._book.house.voice else REST_S
            self._rests_until[name] = now_s + rest_s
            log.error("The voice %s rests for %d s: %s", name, rest_s, error)

    def _note(self, chosen: ChosenVoice, language: str, error: AudioError) -> None:
        """Say that something cannot be spoken, once for a language that a voice lacks. Never names the text."""
        name = chosen.voice.name
        if not isinstance(error, VoiceMissing):
            log.warning("The voice %s could not speak a text in %s (%s).", name, language, type(error).__name__)
        elif (name, language) not in self._told:
            self._told.add((name, language))
            log.error("The voice %s: %s", name, error)


def _key(chosen: ChosenVoice, text: str, language: str) -> str:
    return prompt_key(PromptItem(text=text, language=language, voice_name=chosen.voice_name), chosen.voice.name)


def _speak(chosen: ChosenVoice, text: str, language: str) -> bytes:
    return telephone_bytes(chosen.voice.synthesize(text, language, chosen.voice_name))


def _from_disk(path: Path) -> bytes | None:
    """A prompt's sound; None for a file that is damaged or was removed a moment ago."""
    try:
        return telephone_bytes(read_wav(path))
    except NotAudio:
        return None
