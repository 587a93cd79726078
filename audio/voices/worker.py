"""The child process in which pyttsx3 speaks: `python -m audio.voices.worker SOCKET`."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from audio.child import serve
from audio.errors import NotAudio, VoiceFailed
from audio.pcm import Pcm, join
from audio.voices.espeak_languages import voice_for
from audio.voices.espeak_library import preload
from audio.voices.pyttsx3 import Speech
from audio.wav import read_wav

# One rate for every language: espeak-ng takes over a changed rate late, sometimes sentences later. Its usual 200 is
# hard to follow on a telephone.
_WORDS_A_MINUTE = 180
_WARM_UPS = 3  # The first file of a process is often missing, and the first ones may be spoken at its usual rate.
_LONGEST_SENTENCE = 300
_TRIES = 3
# A sentence ends at Chinese marks, at Western ones before a space, and at line ends.
_SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+|\n+")


def sentences(text: str) -> list[str]:
    """Pieces that espeak-ng speaks reliably: very long texts sometimes come back as an empty file."""
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        rest = sentence.strip()
        while len(rest) > _LONGEST_SENTENCE:
            cut = max(rest.rfind(mark, 1, _LONGEST_SENTENCE) for mark in " ,，、") + 1 or _LONGEST_SENTENCE
            pieces.append(rest[:cut])
            rest = rest[cut:]
        pieces.append(rest)
    return [piece for piece in pieces if any(letter.isalnum() for letter in piece)]


class _Speaker:
    """pyttsx3's one engine of this process."""

    def __init__(self, folder: Path) -> None:
        preload()
        import pyttsx3

        self._folder = folder
        self._engine: Any = pyttsx3.init("espeak")
        self._known = {voice.languages[0]: voice.id for voice in self._engine.getProperty("voices")}
        self._engine.setProperty("rate", _WORDS_A_MINUTE)
        for _ in range(_WARM_UPS):
            self._sentence("warm up", self._known["en-us"])

    def say(self, speech: Speech) -> Pcm:
        """All sentences of a text, one after the other, as espeak-ng makes them (22,050 Hz)."""
        voice = voice_for(speech.language, speech.voice_name, self._known)
        return join([self._sentence(piece, voice) for piece in sentences(speech.text)])

    def _sentence(self, text: str, voice: str) -> Pcm:
        """pyttsx3 may return before the file is there, or leave it empty; then it is asked again."""
        path = self._folder / "sentence.wav"
        for _ in range(_TRIES):
            path.unlink(missing_ok=True)
            self._engine.setProperty("voice", voice)
            self._engine.save_to_file(text, str(path))
            self._engine.runAndWait()
            try:
                return read_wav(path)
            except NotAudio:
                continue
        raise VoiceFailed("espeak-ng wrote no sound.")


def _begin(_: None) -> Callable[[Speech], Pcm]:
    folder = tempfile.TemporaryDirectory(prefix="ringback-voice-")
    speaker = _Speaker(Path(folder.name))

    def say(speech: Speech) -> Pcm:
        Path(folder.name).mkdir(exist_ok=True)  # Also keeps the folder alive as long as the speaker.
        return speaker.say(speech)

    return say


if __name__ == "__main__":
    serve(_begin)
