"""Vosk (Kaldi) on whole recordings.

It can end its process (facts: a bad grammar is a SIGSEGV, a wrong moment a SIGABRT), so outside tests it runs in a
child, see `process`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from audio.errors import RecognizerFailed
from audio.pcm import Pcm
from audio.recognizers.base import Capabilities, ModelSpec
from audio.resample import resample
from audio.speech_spans import speech_spans
from audio.transcript import Transcript, Word, spoken

_USUAL_RATE_HZ = 16_000
_CHUNK_S = 0.25


class VoskRecognizer:
    """One Vosk model in this process. Not for two threads at once."""

    capabilities = Capabilities(word_times=True, confidence=True, own_process=False)

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._model: Any = None
        self._rate_hz = _model_rate_hz(spec)

    def transcribe(self, sound: Pcm) -> Transcript:
        """See `Recognizer`. Only stretches of speech are decoded.

        One decoder serves all stretches of a recording, so that its graph cache is warm (0.05 of real time where a cold
        one takes 0.22); no decoder serves two recordings, so that nothing of one caller reaches another.
        """
        words: list[Word] = []
        decoder: Any = None
        decoded_s = 0.0  # The decoder's clock runs on from one stretch to the next.
        for start_s, end_s in speech_spans(sound):
            decoder = decoder or self._new_decoder()
            wide = resample(sound.part(start_s, end_s), self._rate_hz, self._spec.upsampling)
            words += [word.later(start_s - decoded_s) for word in _decode(decoder, wide)]
            decoded_s += wide.duration_s
        return spoken(words=words, language=self._spec.language, engine="vosk", model=self._spec.name)

    def close(self) -> None:
        """Drop the model."""
        self._model = None

    def _new_decoder(self) -> Any:
        import vosk

        self._model = self._model or _load(self._spec)
        decoder = vosk.KaldiRecognizer(self._model, self._rate_hz)
        decoder.SetWords(True)
        return decoder


def _decode(decoder: Any, speech: Pcm) -> list[Word]:
    """The words of one stretch of speech at the model's rate, by the decoder's clock."""
    step = round(_CHUNK_S * speech.rate_hz)
    results = []
    for start in range(0, len(speech.samples), step):
        if decoder.AcceptWaveform(speech.samples[start : start + step].tobytes()):
            results.append(decoder.Result())
    results.append(decoder.FinalResult())
    return [word for result in results for word in _words(result)]


def _load(spec: ModelSpec) -> Any:
    import vosk

    if not (spec.path / "am" / "final.mdl").is_file():
        raise RecognizerFailed(f"{spec.name} is not a Vosk model: it has no am/final.mdl. Install it again.")
    vosk.SetLogLevel(-1)
    try:
        return vosk.Model(str(spec.path))
    except Exception as error:
        raise RecognizerFailed(f"Vosk cannot load {spec.name}. Install it again.") from error


def _words(result: str) -> list[Word]:
    """Words of one result. Some vocabularies hold marks ("[unk]", "{만}", "%"); marks are not words."""
    words = []
    for word in json.loads(result).get("result", ()):
        text = "" if word["word"] == "[unk]" else word["word"].strip("[]{}<>")
        if any(letter.isalnum() for letter in text):
            words.append(Word(text=text, start_s=word["start"], end_s=word["end"], confidence=word["conf"]))
    return words


def _model_rate_hz(spec: ModelSpec) -> int:
    """The rate the model was trained at, from its mfcc.conf; giving it another one is an error for most models."""
    conf = spec.path / "conf" / "mfcc.conf"
    found = re.search(r"--sample-frequency=(\d+)", conf.read_text()) if conf.is_file() else None
    return int(found[1]) if found else _USUAL_RATE_HZ
