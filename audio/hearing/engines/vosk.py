"""Vosk (Kaldi) while the caller speaks."""

from __future__ import annotations

import json

from audio.catalogue import primary
from audio.errors import RecognizerFailed
from audio.hearing.engine import EngineCapabilities, EngineSpec
from audio.hearing.engines.vosk_answers import Answers, decided, so_far
from audio.hearing.engines.vosk_grammar import grammar_for
from audio.hearing.engines.vosk_recognisers import PooledRecogniser, VoskModel
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import AnswerKind, Question
from audio.hearing.upsampler import Upsampler
from audio.pcm import Pcm, Samples, silence
from audio.recognizers.base import ModelSpec
from audio.transcript import Word

# Processor seconds for a second of a call that is heard with a grammar, at 40 calls at once (docs/speech_engines.md).
_COST = 0.04
_UNKNOWN = "[unk]"


def make(spec: EngineSpec) -> VoskEngine:
    """For `audio.hearing.worker`."""
    return VoskEngine(spec.models[0])


class VoskEngine:
    """See `StreamingEngine`. One model; recognisers are pooled."""

    name = "vosk"

    def __init__(self, spec: ModelSpec) -> None:
        self.capabilities = EngineCapabilities(
            languages=frozenset({primary(spec.language)}), streaming=True, closed=True, open=True, cost=_COST
        )
        self._spec = spec
        self._model: VoskModel | None = None

    def warm_up(self, language: str) -> None:
        """Load the model and let a free recogniser hear something."""
        if primary(language) not in self.capabilities.languages:
            raise RecognizerFailed(f"{self._spec.name} does not hear {language}.")
        self._model = self._model or VoskModel(self._spec)
        decoding = self.begin(Question(language=language, kind=AnswerKind.OPEN))
        decoding.hear(silence(0.5))
        decoding.finish()

    def begin(self, question: Question) -> VoskDecoding:
        """See `StreamingEngine`. Raises RecognizerFailed when the model knows no word of a closed question."""
        if self._model is None:
            raise RecognizerFailed(f"{self._spec.name} is not loaded.")
        grammar = grammar_for(question, self._model.knows)
        return VoskDecoding(self._model, self._model.borrow(grammar.words), self._spec, grammar.answers)


class VoskDecoding:
    """See `Decoding`."""

    def __init__(
        self,
        model: VoskModel,
        recogniser: PooledRecogniser,
        spec: ModelSpec,
        answers: Answers,
    ) -> None:
        self._model = model
        self._recogniser = recogniser
        self._answers = answers
        self._upsampler = Upsampler(model.rate_hz, spec.upsampling)
        self._heard_before_s = recogniser.heard_s
        self._words: list[Word] = []
        self._partial = ""

    def hear(self, sound: Pcm) -> str | None:
        """See `Decoding`. Vosk closes a sentence by itself at a long pause; the utterance goes on all the same."""
        if self._accept(self._upsampler.more(sound)):
            self._words += self._read(self._recogniser.kaldi.Result())
            open_words = ""
        else:
            open_words = json.loads(self._recogniser.kaldi.PartialResult()).get("partial", "")
        said = [word.text for word in self._words] + open_words.split()
        partial = so_far(self._answers, said)
        if partial == self._partial:
            return None
        self._partial = partial
        return partial

    def finish(self) -> Hypothesis:
        """See `Decoding`."""
        self._accept(self._upsampler.rest())
        self._words += self._read(self._recogniser.kaldi.FinalResult())
        self._model.give_back(self._recogniser)
        return decided(self._answers, self._words)

    def _accept(self, samples: Samples) -> bool:
        """Whether Vosk closed a sentence."""
        if not len(samples):
            return False
        self._recogniser.heard_s += len(samples) / self._model.rate_hz
        return bool(self._recogniser.kaldi.AcceptWaveform(samples.tobytes()))

    def _read(self, result: str) -> list[Word]:
        """The words of a result, by the utterance's clock. Some vocabularies hold marks ("[unk]", "%") and words
        in brackets ("[4]")."""
        return [
            Word(
                text=word["word"].strip("[]{}<>"),
                start_s=round(word["start"] - self._heard_before_s, 3),
                end_s=round(word["end"] - self._heard_before_s, 3),
                confidence=word["conf"],
            )
            for word in json.loads(result).get("result", ())
            if word["word"] != _UNKNOWN and any(letter.isalnum() for letter in word["word"])
        ]
