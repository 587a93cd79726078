"""pyttsx3 with espeak-ng, in one process of its own.

pyttsx3 is not safe for threads, its callback belongs to the process, its first file is often missing and its errors
are lost in a ctypes callback. So one child speaks, sentence by sentence; what comes back is checked, and a child that
fails is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass

from audio.child import Child
from audio.pcm import Pcm
from audio.voices.base import checked_text
from audio.voices.speaking_child import SpeakingChild

_START_S = 10.0  # Half a second on an idle machine.
# A sentence takes 15 to 50 ms, also on a busy machine well under a second; a caller waits for the difference.
_ANSWER_S = 1.2
_SECONDS_A_CHARACTER = 0.005


@dataclass(frozen=True, kw_only=True)
class Speech:
    """What the child is asked: one text in one language."""

    text: str
    language: str
    voice_name: str | None


_FIRST = Speech(text="one", language="en-US", voice_name=None)


class Pyttsx3Voice:
    """Speaks the languages of espeak-ng, Chinese and English among them. Safe from many threads; they take turns.

    Args:
        child: the process that speaks; None for the usual one.
        answer_s: how long a process that has spoken before may take for a short text before it counts as hung.
    """

    name = "pyttsx3"

    def __init__(self, child: Child | None = None, answer_s: float = _ANSWER_S) -> None:
        self.child = child or Child(module="audio.voices.worker", set_up=None, name="The voice pyttsx3")
        self._speaking = SpeakingChild(
            self.child, start_s=_START_S, answer_s=answer_s, character_s=_SECONDS_A_CHARACTER
        )

    def synthesize(self, text: str, language: str, voice_name: str | None = None) -> Pcm:
        """See `Voice`."""
        clean = checked_text(text)
        speech = Speech(text=clean, language=language, voice_name=voice_name)
        return self._speaking.sound(speech, _FIRST, text=clean, language=language)

    def close(self) -> None:
        """End the child."""
        self.child.close()
