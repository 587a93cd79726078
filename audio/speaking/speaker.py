"""What whoever speaks into a live call needs; `audio.speaking.house_speaker` does it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class SpokenPart:
    """Part of what is said.

    Attributes:
        text: the words of this part.
        payload: mu-law, 8000 bytes a second, a whole number of 20 ms frames (160 bytes), padded with silence.
    """

    text: str
    payload: bytes


class Speaker(Protocol):
    """Speaks texts of any length, part by part, the first part at once. For many calls of one event loop."""

    def say(self, text: str, language: str, voice: str = "") -> AsyncIterator[SpokenPart]:
        """The sound of a text. `voice` as the flow names it; "" is the house voice.

        A voice that fails is replaced by the house voice; a text nobody can speak gives no part and is logged once.
        """

    def play(self, path: Path, text: str = "") -> AsyncIterator[SpokenPart]:
        """The sound of a WAV file. Raises NotAudio."""

    async def close(self) -> None:
        """Give back processes."""
