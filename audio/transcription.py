"""From a recording on disk to its transcript: what the background worker calls."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from audio.catalogue import SpeechFolders, choose
from audio.errors import ModelMissing
from audio.pcm import Pcm
from audio.recognizers.base import ModelSpec
from audio.recognizers.process import ProcessRecognizer, Progress
from audio.transcript import Transcript, unavailable
from audio.wav import LONGEST_S, read_wav

_MOST_MODELS = 2


class Transcriber:
    """Hears recordings in whatever languages are installed. Safe from many threads.

    Args:
        folders: where models are kept.
        most_models: models held in memory at once (Vosk Korean takes 560 MB, Whisper base 480 MB).
    """

    def __init__(self, folders: SpeechFolders, most_models: int = _MOST_MODELS) -> None:
        self._folders = folders
        self._most_models = most_models
        self._warm: OrderedDict[ModelSpec, ProcessRecognizer] = OrderedDict()
        self._lock = threading.Lock()

    def transcribe_file(self, path: Path, language: str, progress: Progress | None = None) -> Transcript:
        """The transcript of a WAV file.

        Args:
            path: the recording.
            language: of the call, BCP-47.
            progress: told the share that is done, 0..1.

        Returns:
            Status `transcribed`, `no_speech`, or `unavailable` with the sentence that says what to install.

        Raises:
            NotAudio: the file is not a recording, is empty, or lasts over an hour.
            RecognizerFailed: the engine stopped or hung, twice. Worth another try later.
        """
        return self.transcribe(read_wav(path, longest_s=LONGEST_S), language, progress)

    def transcribe(self, sound: Pcm, language: str, progress: Progress | None = None) -> Transcript:
        """The transcript of a sound; see `transcribe_file`."""
        try:
            spec = choose(language, self._folders)
        except ModelMissing as missing:
            return unavailable(language, str(missing))
        return self._recognizer(spec).transcribe(sound, progress)

    def close(self) -> None:
        """End every engine's process."""
        with self._lock:
            while self._warm:
                self._warm.popitem()[1].close()

    def _recognizer(self, spec: ModelSpec) -> ProcessRecognizer:
        with self._lock:
            recognizer = self._warm.pop(spec, None) or ProcessRecognizer(spec)
            self._warm[spec] = recognizer
            beyond = [self._warm.popitem(last=False)[1] for _ in range(len(self._warm) - self._most_models)]
        for old in beyond:
            old.close()  # Waits for a recording it is in the middle of.
        return recognizer
