"""pocketsphinx on whole utterances: closed questions only, at little cost.

Its scores say which of the expected phrases fits best. Whether any of them was said, the difference to a free loop of
phones over the same sound says.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audio.catalogue import primary
from audio.errors import RecognizerFailed
from audio.hearing.engine import EngineCapabilities, EngineSpec
from audio.hearing.engines.pocketsphinx_decoder import AcousticModel, SphinxDecoder, Way
from audio.hearing.engines.pocketsphinx_mandarin import word_sounds
from audio.hearing.engines.pocketsphinx_sound import prepared
from audio.hearing.grammar.answers import answer_rule, answer_text, phrase_words
from audio.hearing.grammar.rules import Rule
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.pronouncing import Phones, word_phones
from audio.hearing.question import AnswerKind, Question
from audio.pcm import Pcm, silence
from audio.recognizers.base import ModelSpec

# Processor seconds for a second of sound (docs/speech_engines.md).
_COST = 0.06
_PACKAGED = "en-us"
_ONE_OF_PHRASES = frozenset({AnswerKind.PHRASES, AnswerKind.YES_NO})
_SHORTEST_S = 0.1


@dataclass(frozen=True, kw_only=True)
class _Calibration:
    """Confidence as a logistic function, fitted to the tuning half of the recordings with speech that is no answer.

    Attributes:
        bias: at no margin and words of 0.6 s.
        margin: for each thousandth by which the words fit better than any phones, a frame.
        length: for each e-fold of time: short words fit anything.
    """

    bias: float
    margin: float
    length: float


_CALIBRATIONS: Mapping[str, _Calibration] = {
    "en": _Calibration(bias=2.15, margin=1.84, length=2.17),
    "zh": _Calibration(bias=0.66, margin=1.52, length=2.92),
}
_USUAL_WORDS_S = 0.6


def make(spec: EngineSpec) -> PocketsphinxEngine:
    """For `audio.hearing.worker`."""
    return PocketsphinxEngine(spec.models[0])


class PocketsphinxEngine:
    """See `UtteranceEngine`. One model, one language."""

    name = "pocketsphinx"

    def __init__(self, spec: ModelSpec) -> None:
        self._language = primary(spec.language)
        self._spec = spec
        self._decoder: SphinxDecoder | None = None
        self.capabilities = EngineCapabilities(
            languages=frozenset({self._language}), streaming=False, closed=True, open=False, cost=_COST
        )

    def warm_up(self, language: str) -> None:
        """Load the model and hear something."""
        if primary(language) != self._language:
            raise RecognizerFailed(f"{self._spec.name} does not hear {language}.")
        self._loaded()
        self.understand(silence(0.5), Question(language=language, kind=AnswerKind.DIGITS))

    def understand(self, sound: Pcm, question: Question) -> Hypothesis:
        """The decision on one utterance. "" for an open question, too little sound, and what fits no answer."""
        began = time.perf_counter()
        samples = self._samples(sound, question)
        found = self._best(samples, question, leaving_out=frozenset()) if samples else None
        text = "" if found is None else answer_text(question, [word.text for word in found.words])
        return Hypothesis(
            text=text,
            confidence=round(self.trust(found), 4) if found and text else None,
            engine=self.name,
            decode_ms=(time.perf_counter() - began) * 1000,
            words=found.words if found else (),
        )

    def candidates(self, sound: Pcm, question: Question, n: int) -> list[tuple[str, float]]:
        """The `n` best answers with how well each fits the whole utterance, best first.

        The score is the mean logarithm of likelihood a frame against the best sound of each frame: 0 at best, about
        0.005 apart for words that sound unlike each other. Only phrases have seconds; a number has its best way alone.
        """
        found: list[tuple[str, float]] = []
        out: set[str] = set()
        samples = self._samples(sound, question)
        while samples and len(found) < n:
            way = self._best(samples, question, leaving_out=frozenset(out))
            text = "" if way is None else answer_text(question, [word.text for word in way.words])
            if way is None or not text:
                break
            found.append((text, -way.whole_cost))
            out.add(text)
            if question.kind not in _ONE_OF_PHRASES:
                break
        return found

    def trust(self, way: Way) -> float:
        """The probability that the words were said, 0..1."""
        fitted = _CALIBRATIONS.get(self._language, _CALIBRATIONS["en"])
        spoken_s = sum(word.end_s - word.start_s for word in way.words)
        length = math.log(max(spoken_s, _SHORTEST_S) / _USUAL_WORDS_S)
        odds = fitted.bias + fitted.margin * way.margin * 1000 + fitted.length * length
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))

    def _samples(self, sound: Pcm, question: Question) -> bytes:
        """The sound for the model; nothing where no answer can be found."""
        return prepared(sound, self._rate_hz) if question.is_closed and sound.duration_s >= _SHORTEST_S else b""

    def _best(self, samples: bytes, question: Question, *, leaving_out: frozenset[str]) -> Way | None:
        decoder = self._loaded()
        rule = self._rule(decoder, question, leaving_out)
        return None if rule is None else decoder.best(samples, rule)

    def _rule(self, decoder: SphinxDecoder, question: Question, leaving_out: frozenset[str]) -> Rule | None:
        """The question's grammar without phrases that cannot be said or are left out."""
        phrases = tuple(
            phrase
            for phrase in question.phrases
            if phrase not in leaving_out
            and all(decoder.knows(word) for word in phrase_words(phrase, question.language))
        )
        asked = Question(language=question.language, kind=question.kind, phrases=phrases)
        return answer_rule(asked, small_words=False)

    @property
    def _rate_hz(self) -> int:
        return 16_000 if self._folder.name == _PACKAGED else 8_000

    @property
    def _folder(self) -> Path:
        """Where the acoustic model lies: `hmm` in a configured folder, `en-us` in the package's."""
        inner = (self._spec.path / name for name in ("hmm", _PACKAGED))
        return next((folder for folder in inner if folder.is_dir()), self._spec.path)

    def _loaded(self) -> SphinxDecoder:
        if self._decoder is None:
            sounds = word_sounds if self._language == "zh" else _english_sounds
            model = AcousticModel(folder=self._folder, rate_hz=self._rate_hz, sounds=sounds)
            self._decoder = SphinxDecoder(model)
        return self._decoder


def _english_sounds(word: str) -> tuple[Phones, ...]:
    return word_phones(word, "en")
