"""What every voice does, and the house's sound."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from audio.errors import VoiceFailed
from audio.loudness import even, peak_dbfs, trim
from audio.pcm import TELEPHONE_RATE_HZ, Pcm
from audio.resample import resample
from audio.speaking_rate import estimate_seconds

HOUSE = "house"
"""What a flow calls the voice that is always there."""

LONGEST_TEXT = 4000
_SHORTEST_SHARE = 0.3  # Of the estimated length; less is a file that was cut off.
_LONGEST_SHARE = 4.0
_ALLOWANCE_S = 2.0
_SILENT_DBFS = -60.0


class VoiceGone(VoiceFailed):
    """The voice's process or service does not answer: another text will fare no better just now."""


@runtime_checkable
class Voice(Protocol):
    """Speaks text."""

    @property
    def name(self) -> str:
        """Of the engine; part of the key under which a prompt is kept."""
        ...

    def synthesize(self, text: str, language: str, voice_name: str | None = None) -> Pcm:
        """The text as telephone sound: 8000 Hz, at the house's level, trimmed.

        Args:
            text: plain words, no markup. 1 to 4000 characters with at least one letter or digit.
            language: BCP-47.
            voice_name: a speaker of this engine; None for its usual one in that language.

        Raises:
            VoiceMissing: the language or the speaker is not there.
            VoiceFailed: there was nothing to say, no sound came, or it cannot be this text.
        """
        ...

    def close(self) -> None:
        """Give back processes. The voice may be used again."""
        ...


def checked_text(text: str) -> str:
    """The text without control characters. Raises VoiceFailed when there is nothing to say, or too much."""
    clean = " ".join("".join(" " if ord(letter) < 32 else letter for letter in text).split())
    if not any(letter.isalnum() for letter in clean):
        raise VoiceFailed("There is nothing to say: the text has no letter and no digit.")
    if len(clean) > LONGEST_TEXT:
        raise VoiceFailed(f"The text has {len(clean)} characters; a prompt may have {LONGEST_TEXT}.")
    return clean


def house_sound(sound: Pcm, text: str, language: str) -> Pcm:
    """An engine's sound as the telephone gets it. Raises VoiceFailed when it cannot be this text."""
    if peak_dbfs(sound) < _SILENT_DBFS:
        raise VoiceFailed(f"The voice gave no sound for this text in {language}.")
    estimated_s = estimate_seconds(text, language)
    if not estimated_s * _SHORTEST_SHARE <= sound.duration_s <= estimated_s * _LONGEST_SHARE + _ALLOWANCE_S:
        raise VoiceFailed(
            f"The voice gave {sound.duration_s:.1f} s of sound for a text that takes about {estimated_s:.1f} s."
        )
    return even(trim(resample(sound, TELEPHONE_RATE_HZ)))
