"""A voice that hums as long as the text would take, in a tone of its own for each text. For tests."""

from __future__ import annotations

import zlib

import numpy as np

from audio.errors import VoiceMissing
from audio.pcm import TELEPHONE_RATE_HZ, Pcm
from audio.speaking_rate import estimate_seconds
from audio.voices.base import checked_text, house_sound

_PEAK = 8000


class ScriptedVoice:
    """Hums every text in the languages it was given; remembers what it was asked to say.

    Attributes:
        said: text and language of each call, in order.
    """

    name = "scripted"

    def __init__(self, languages: tuple[str, ...] = ("en", "zh")) -> None:
        self._languages = languages
        self.said: list[tuple[str, str]] = []

    def synthesize(self, text: str, language: str, voice_name: str | None = None) -> Pcm:
        """See `Voice`."""
        clean = checked_text(text)
        if language.split("-")[0].lower() not in self._languages or voice_name not in (None, "hum"):
            raise VoiceMissing(f"The scripted voice does not hum {language} as {voice_name or 'hum'}.")
        self.said.append((text, language))
        pitch_hz = 200 + zlib.crc32(clean.encode()) % 400
        seconds = np.arange(round(estimate_seconds(clean, language) * TELEPHONE_RATE_HZ)) / TELEPHONE_RATE_HZ
        tone = (_PEAK * np.sin(2 * np.pi * pitch_hz * seconds)).astype(np.int16)
        return house_sound(Pcm(samples=tone, rate_hz=TELEPHONE_RATE_HZ), clean, language)

    def close(self) -> None:
        """Holds nothing."""
