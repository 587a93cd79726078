"""A speaker that hums, quietly and as long as saying the text would take. For tests: no processes, always the same."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from audio.codecs import mulaw
from audio.pcm import TELEPHONE_RATE_HZ, Pcm
from audio.speaking.frames import whole_frames
from audio.speaking.parts import parts
from audio.speaking.recordings import pieces, recording_bytes
from audio.speaking.speaker import SpokenPart
from audio.speaking_rate import estimate_seconds

_PEAK = 300
"""Of 32,768: some -44 dBFS, far below anybody's voice."""


class ScriptedSpeaker:
    """Hums every text in every language; see `audio.speaking.speaker.Speaker`.

    Attributes:
        said: text, language and voice of each call of `say`, in order.
        played: every file, in order.
    """

    def __init__(self) -> None:
        self.said: list[tuple[str, str, str]] = []
        self.played: list[Path] = []

    async def say(self, text: str, language: str, voice: str = "") -> AsyncIterator[SpokenPart]:
        """See `Speaker`."""
        self.said.append((text, language, voice))
        for part in parts(text, language):
            yield SpokenPart(text=part, payload=_hum(part, language))

    async def play(self, path: Path, text: str = "") -> AsyncIterator[SpokenPart]:
        """See `Speaker`: the file itself."""
        self.played.append(path)
        for number, piece in enumerate(pieces(recording_bytes(path))):
            yield SpokenPart(text="" if number else text, payload=whole_frames(piece))

    async def close(self) -> None:
        """Holds nothing."""


@lru_cache(maxsize=256)
def _hum(text: str, language: str) -> bytes:
    """A tone of its own for each text."""
    pitch_hz = 200 + zlib.crc32(text.encode()) % 200
    seconds = np.arange(round(estimate_seconds(text, language) * TELEPHONE_RATE_HZ)) / TELEPHONE_RATE_HZ
    tone = (_PEAK * np.sin(2 * np.pi * pitch_hz * seconds)).astype(np.int16)
    return whole_frames(mulaw.encode(Pcm(samples=tone, rate_hz=TELEPHONE_RATE_HZ)))
