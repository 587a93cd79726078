"""A recogniser that answers from a script: real in everything but the hearing."""

from __future__ import annotations

from collections.abc import Mapping

from audio.loudness import peak_dbfs
from audio.pcm import Pcm
from audio.recognizers.base import Capabilities
from audio.transcript import Transcript, Word, spoken
from audio.wav import wav_bytes

_SILENT_DBFS = -60.0


class ScriptedRecognizer:
    """Says the sentence it was given for a sound, or its usual sentence; nothing for silence.

    Args:
        language: BCP-47.
        usually: the sentence for every sound that is not in `sentences`.
        sentences: sentence by the sound's WAV bytes.
    """

    capabilities = Capabilities(word_times=True, confidence=True, own_process=False)

    def __init__(self, language: str, usually: str = "", sentences: Mapping[bytes, str] | None = None) -> None:
        self.language = language
        self.usually = usually
        self.sentences = dict(sentences or {})

    def transcribe(self, sound: Pcm) -> Transcript:
        """The sentence's words, spread evenly over the sound."""
        sentence = self.sentences.get(wav_bytes(sound), self.usually)
        pieces = sentence.split() if peak_dbfs(sound) > _SILENT_DBFS else []
        each_s = sound.duration_s / max(1, len(pieces))
        words = [
            Word(text=piece, start_s=n * each_s, end_s=(n + 1) * each_s, confidence=1.0)
            for n, piece in enumerate(pieces)
        ]
        return spoken(words=words, language=self.language, engine="scripted", model="script")

    def close(self) -> None:
        """Holds nothing."""
