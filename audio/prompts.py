"""Synthesized prompts on disk, kept by what they say.

They are linear 16-bit WAV files at 8000 Hz. Mu-law WAV would be half as large, and the carrier plays either; but
linear WAV is played by every browser and read by every tool, and a ten-second prompt of 160 kB is fetched once and
then cached.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from audio.errors import AudioError, NotAudio
from audio.voices.base import Voice
from audio.wav import read_wav, write_wav

CONTENT_TYPE = "audio/wav"
_FORMAT_VERSION = 2  # Raised when the same words are to sound different: another level, another rate of speech.
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class PromptItem:
    """One thing to say.

    Attributes:
        text: plain words, without variables.
        language: BCP-47.
        voice_name: a speaker of the voice, or None for its usual one.
        voice: as a flow names it; "" is the house voice. Which engine and speaker that is, `VoiceBook` knows.
    """

    text: str
    language: str
    voice_name: str | None = None
    voice: str = ""


@dataclass(frozen=True, kw_only=True)
class PromptFailure:
    """A prompt that could not be made, and why, as a sentence."""

    item: PromptItem
    reason: str
    retryable: bool


@dataclass(frozen=True, kw_only=True)
class PromptReport:
    """What `ensure` did.

    Attributes:
        keys: of every item that is on disk now, in the order asked for.
        made: how many were synthesized; the others were there.
    """

    keys: dict[PromptItem, str]
    made: int
    failures: tuple[PromptFailure, ...]


@lru_cache(maxsize=4096)
def prompt_key(item: PromptItem, voice: str) -> str:
    """The name under which a prompt is kept: 64 hexadecimal digits."""
    said = json.dumps([_FORMAT_VERSION, voice, item.voice_name, item.language, item.text], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


class PromptCache:
    """A folder of prompts. Many processes may use it at once.

    Args:
        directory: may be emptied at any time; prompts are then made again when a version is published.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path(self, key: str) -> Path | None:
        """The file of a prompt that is there; None for any other key, also for one that is no key at all."""
        if not _KEY.fullmatch(key):
            return None
        path = self._place(key)
        return path if path.is_file() else None

    def get(self, key: str) -> bytes | None:
        """The WAV file's bytes, or None."""
        path = self.path(key)
        return None if path is None else path.read_bytes()

    def find(self, item: PromptItem, voice: str) -> str | None:
        """The key of a prompt if it is there."""
        key = prompt_key(item, voice)
        return key if self.path(key) else None

    def duration_s(self, key: str) -> float | None:
        """How long a prompt lasts; None when it is not there or its file is damaged."""
        path = self.path(key)
        try:
            return None if path is None else read_wav(path).duration_s
        except NotAudio:
            return None

    def ensure(
        self, items: Iterable[PromptItem], voice: Voice, progress: Callable[[int, int], None] | None = None
    ) -> PromptReport:
        """Make every prompt that is not there yet. One that fails does not keep the others from being made.

        Args:
            progress: told how many of how many are done.
        """
        wanted = list(dict.fromkeys(items))
        keys: dict[PromptItem, str] = {}
        failures: list[PromptFailure] = []
        made = 0
        for done, item in enumerate(wanted, start=1):
            key = prompt_key(item, voice.name)
            try:
                if self.duration_s(key) is None:
                    write_wav(self._place(key), voice.synthesize(item.text, item.language, item.voice_name))
                    made += 1
                keys[item] = key
            except AudioError as error:
                failures.append(PromptFailure(item=item, reason=str(error), retryable=error.retryable))
            if progress is not None:
                progress(done, len(wanted))
        return PromptReport(keys=keys, made=made, failures=tuple(failures))

    def _place(self, key: str) -> Path:
        return self._directory / key[:2] / f"{key}.wav"
