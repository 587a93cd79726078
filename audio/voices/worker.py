"""The child process in which pyttsx3 speaks: `python -m audio.voices.worker SOCKET`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from audio.child import serve
from audio.errors import NotAudio, VoiceFailed
from audio.loudness import trim
from audio.pcm import Pcm, join, silence
from audio.voices.codes import GROUP_PAUSE_S, clear_letters, groups
from audio.voices.espeak_languages import reads_latin_as_english, voice_for
from audio.voices.espeak_library import preload
from audio.voices.pyttsx3 import Speech
from audio.voices.sentences import sentences
from audio.wav import read_wav

# One rate for every language: espeak-ng takes over a changed rate late, sometimes sentences later. Its usual 200 is
# hard to follow on a telephone.
_WORDS_A_MINUTE = 180
_WARM_UPS = 3  # The first file of a process is often missing, and the first ones may be spoken at its usual rate.
_TRIES = 3
_END_OF_GROUP_S = 0.02


class _Speaker:
    """pyttsx3's one engine of this process."""

    def __init__(self, file: Path) -> None:
        preload()
        import pyttsx3

        self._file = file
        self._engine: Any = pyttsx3.init("espeak")
        # The shorter name wins: of two voices for Cantonese sit/yue reads characters, sit/yue-latn-jyutping does not.
        voices = sorted(self._engine.getProperty("voices"), key=lambda voice: len(voice.id), reverse=True)
        self._known = {voice.languages[0]: voice.id for voice in voices}
        self._engine.setProperty("rate", _WORDS_A_MINUTE)
        for _ in range(_WARM_UPS):
            self._piece("warm up", self._known["en-us"])

    def say(self, speech: Speech) -> Pcm:
        """All sentences of a text, one after the other, as espeak-ng makes them (22,050 Hz)."""
        voice = voice_for(speech.language, speech.voice_name, self._known)
        clear = clear_letters if reads_latin_as_english(speech.language) else str
        return join([sound for sentence in sentences(speech.text) for sound in self._sentence(sentence, voice, clear)])

    def _sentence(self, sentence: str, voice: str, clear: Callable[[str], str]) -> Iterator[Pcm]:
        """The sentence whole; the groups of a code in it with a pause after each."""
        *first, last = map(clear, groups(sentence))
        for group in first:
            sound = trim(self._piece(group, voice), keep_s=_END_OF_GROUP_S)
            yield sound
            yield silence(GROUP_PAUSE_S, sound.rate_hz)
        yield self._piece(last, voice)

    def _piece(self, text: str, voice: str) -> Pcm:
        """pyttsx3 may return before the file is there, or leave it empty; then it is asked again."""
        try:
            for _ in range(_TRIES):
                _empty(self._file)
                self._engine.setProperty("voice", voice)
                self._engine.save_to_file(text, str(self._file))
                self._engine.runAndWait()
                try:
                    return read_wav(self._file)
                except NotAudio:
                    continue
            raise VoiceFailed("espeak-ng wrote no sound.")
        finally:
            _empty(self._file)  # What was said to one caller is not left lying about.


def _empty(file: Path) -> None:
    if file.exists():
        os.truncate(file, 0)


def _file_in_memory(folder: Path) -> Path:
    """Where pyttsx3, which can only write files, puts a sentence: in memory where the system can do that."""
    if hasattr(os, "memfd_create"):
        return Path(f"/proc/self/fd/{os.memfd_create('sentence')}")
    return folder / "sentence.wav"


def _begin(_: None) -> Callable[[Speech], Pcm]:
    folder = tempfile.TemporaryDirectory(prefix="ringback-voice-")
    speaker = _Speaker(_file_in_memory(Path(folder.name)))

    def say(speech: Speech) -> Pcm:
        Path(folder.name).mkdir(exist_ok=True)  # Also keeps the folder alive as long as the speaker.
        return speaker.say(speech)

    return say


if __name__ == "__main__":
    serve(_begin)
