"""pyttsx3 with espeak-ng, in one process of its own.

pyttsx3 is not safe for threads, its callback belongs to the process, its first file is often missing and its errors
are lost in a ctypes callback. So one child speaks, sentence by sentence; what comes back is checked, and a child that
fails is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass

from audio.child import Child
from audio.errors import AudioError, VoiceFailed, VoiceMissing
from audio.pcm import Pcm
from audio.voices.base import checked_text, house_sound

_START_S = 20.0
_SECONDS_A_CHARACTER = 0.05
_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Speech:
    """What the child is asked: one text in one language."""

    text: str
    language: str
    voice_name: str | None


class Pyttsx3Voice:
    """Speaks the languages of espeak-ng, Chinese and English among them. Safe from many threads; they take turns."""

    name = "pyttsx3"

    def __init__(self) -> None:
        self.child = Child(module="audio.voices.worker", set_up=None, name="The voice pyttsx3")

    def synthesize(self, text: str, language: str, voice_name: str | None = None) -> Pcm:
        """See `Voice`."""
        clean = checked_text(text)
        speech = Speech(text=clean, language=language, voice_name=voice_name)
        failure: AudioError | None = None
        for _ in range(_TRIES):
            try:
                sound = self.child.ask(speech, _START_S + _SECONDS_A_CHARACTER * len(clean))
                return house_sound(sound, clean, language)
            except VoiceMissing:
                raise
            except AudioError as error:
                failure = error
                self.child.close()
        raise VoiceFailed(f"The voice failed {_TRIES} times: {failure}") from failure

    def close(self) -> None:
        """End the child."""
        self.child.close()
