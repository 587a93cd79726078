"""Whisper for one live answer.

With a closed question every phrase is scored as what was said (the model is made to write it, and its log probability
is taken), less what the model expects to hear in silence: it likes "thank you" better than "tracking". A phrase counts
more when it sounds like what the model writes freely. Digits and numbers are written with the tokens of digits and
numbers only. Open answers are written freely and checked before they are believed, for Whisper fills silence with
sentences that it saw in subtitles.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from audio.errors import RecognizerFailed
from audio.hearing.engine import EngineCapabilities, EngineSpec
from audio.hearing.engines.whisper_belief import believable, built_confidence, may_be_speech, text_confidence
from audio.hearing.engines.whisper_confidence import phrase_confidence
from audio.hearing.engines.whisper_evidence import Evidence, Weight, together, weigh, with_endings
from audio.hearing.engines.whisper_model import Heard, LoadedWhisper, Written
from audio.hearing.engines.whisper_tongues import by_tongue
from audio.hearing.engines.whisper_writing import (
    building_words,
    figures_of,
    for_reading,
    is_loop,
    without_loop,
    writings,
)
from audio.hearing.grammar.words import primary
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.matching import UNLIKE, nearest, sound_distance, sound_length
from audio.hearing.question import AnswerKind, Question
from audio.pcm import Pcm, silence
from audio.recognizers.base import ModelSpec

# Processor seconds for a second of sound: 0.13 for tiny.en, 0.21 for base (docs/speech_engines.md).
_COST = 0.2
_CLOSED_WINDOW_S = 7.0
_OPEN_WINDOW_S = 10.0
_WHOLE_WINDOW_S = 30.0
_SILENCE_S = 1.0
_MOST_SCORED, _LEAST_SCORED = 24, 6
_MOST_SOUNDS, _SOUNDS_EACH = 320, 8  # Scoring takes time by the length of the texts.
_WRITTEN_ANEW = 5
_ALTERNATIVES = 3
_SHORTEST_S = 0.1
_ENDINGS = 3
_PLAIN_WITHIN, _PLAIN_GAP = 0.1, 3.0  # The free text says the phrase itself: nothing more needs to be asked.
_MOST_EXPECTED = 8192
_MOST_PREPARED = 200
NOTHING_BELOW = 0.3
"""Confidence below which a closed answer is told as nothing; flows ask back from 0.45 on."""

SAME_SOUND = 0.01
"""Distance within which an open answer is a phrase written with other characters: 人共 is 人工."""

GLOBAL_WITHIN = 0.2
"""Distance in sound within which a free text is a phrase that holds everywhere, asked for digits."""


def make(spec: EngineSpec) -> WhisperEngine:
    """For `audio.hearing.worker`."""
    return WhisperEngine(spec.models[0])


class WhisperEngine:
    """See `UtteranceEngine`. One model, loaded when it is first needed or warmed up.

    Args:
        spec: a model of faster-whisper and the language it is to hear.
        threads: processors that one utterance may use.
    """

    name = "whisper"

    def __init__(self, spec: ModelSpec, threads: int = 1) -> None:
        self.capabilities = EngineCapabilities(
            languages=frozenset({primary(spec.language)}), streaming=False, closed=True, open=True, cost=_COST
        )
        self._spec = spec
        self._threads = threads
        self._loaded: LoadedWhisper | None = None
        self._expected: dict[tuple[str, str], float] = {}

    def warm_up(self, language: str) -> None:
        """Load the model and let it hear a second of silence."""
        if primary(language) not in self.capabilities.languages:
            raise RecognizerFailed(f"{self._spec.name} does not hear {language}.")
        self.understand(
            silence(_SILENCE_S), Question(language=language, phrases=("yes" if language == "en" else "是",))
        )

    def understand(self, sound: Pcm, question: Question) -> Hypothesis:
        """See `UtteranceEngine`."""
        began = time.perf_counter()
        if question.kind in (AnswerKind.PHRASES, AnswerKind.YES_NO):
            decided = self._phrase(self.evidence(sound, question), question)
        else:
            decided = self._text(sound, question)
        text, confidence, alternatives = decided
        return Hypothesis(
            text=text,
            confidence=confidence,
            engine=self.name,
            decode_ms=(time.perf_counter() - began) * 1000,
            alternatives=alternatives,
        )

    def prepare(self, question: Question) -> None:
        """Learn what silence expects of the question's phrases, which the first answer to it would wait for."""
        if question.kind in (AnswerKind.PHRASES, AnswerKind.YES_NO):
            self._model()
            for one in by_tongue(question):
                ways = [way for phrase in one.phrases[:_MOST_PREPARED] for way in writings(phrase, one.language)]
                self._expect(one.language, ways)

    def evidence(self, sound: Pcm, question: Question, also: Sequence[str] = ()) -> Evidence:
        """How likely each phrase is. Of many, those are scored that sound most like the free text, and `also`.

        "English" among Chinese phrases is heard as English: whoever chooses a language speaks it.
        """
        model = self._model()
        if sound.duration_s < _SHORTEST_S or not may_be_speech(sound):
            return Evidence(free=Written(text="", mean=0.0, total=0.0, no_speech=1.0), weights=())
        heard = model.hear(sound, _CLOSED_WINDOW_S)
        return together([self._evidence(heard, sound.duration_s, one, also) for one in by_tongue(question)])

    def _evidence(self, heard: Heard, length_s: float, question: Question, also: Sequence[str]) -> Evidence:
        """The evidence of phrases of one language."""
        model = self._model()
        free = model.write(heard, question.language, length_s)
        wrote = without_loop(free.text)
        phrases = self._shortlist(wrote, question, also)
        scored = self._scored(heard, question, length_s, [writings(one, question.language)[:1] for one in phrases])
        weights = [self._weight(one, scores, question, free) for one, scores in zip(phrases, scored, strict=True)]
        weights.sort(key=lambda weight: -weight.score)
        first = [weight.phrase for weight in weights[:_WRITTEN_ANEW]]
        scored = self._scored(heard, question, length_s, [writings(one, question.language) for one in first])
        weights[: len(first)] = [
            self._weight(one, scores, question, free) for one, scores in zip(first, scored, strict=True)
        ]
        weights.sort(key=lambda weight: -weight.score)
        evidence = Evidence(free=free, weights=tuple(weights))
        if not evidence.weights or (evidence.weights[0].distance < _PLAIN_WITHIN and evidence.gap > _PLAIN_GAP):
            return evidence
        first = [weight.writing for weight in evidence.weights[:_ENDINGS]]
        return with_endings(evidence, model.endings(heard, question.language, length_s, first))

    def _scored(
        self, heard: Heard, question: Question, length_s: float, ways: Sequence[Sequence[str]]
    ) -> list[list[tuple[str, float]]]:
        """The log probability of each way to write each phrase."""
        texts = [way for mine in ways for way in mine]
        self._expect(question.language, texts)
        scores = iter(self._model().score(heard, question.language, length_s, texts))
        return [[(way, next(scores)) for way in mine] for mine in ways]

    def _weight(self, phrase: str, scores: Sequence[tuple[str, float]], question: Question, free: Written) -> Weight:
        wrote = without_loop(free.text)
        return weigh(
            phrase,
            [way for way, _ in scores],
            [score for _, score in scores],
            [self._expected[question.language, way] for way, _ in scores],
            free=free,
            sounds=sound_length(phrase, question.language),
            distance=sound_distance(wrote, phrase, question.language) if wrote else UNLIKE,
        )

    def _shortlist(self, wrote: str, question: Question, also: Sequence[str]) -> tuple[str, ...]:
        """The phrases that sound most like the free text, as many as there is time to score, and `also`."""
        sayable = [phrase for phrase in dict.fromkeys(question.phrases) if writings(phrase, question.language)]
        near = [phrase for phrase, _ in nearest(wrote, sayable, question.language, _MOST_SCORED)]
        left = _MOST_SOUNDS
        kept: list[str] = []
        for phrase in near:
            left -= sound_length(phrase, question.language) + _SOUNDS_EACH
            if left > 0 or len(kept) < _LEAST_SCORED:
                kept.append(phrase)
        return tuple(dict.fromkeys((*kept, *(phrase for phrase in also if phrase in sayable))))

    def _phrase(
        self, evidence: Evidence, question: Question
    ) -> tuple[str, float | None, tuple[tuple[str, float], ...]]:
        if not evidence.weights:
            return "", None, ()
        confidence = phrase_confidence(evidence, question.language)
        first = evidence.weights[0]
        others = tuple(
            (weight.phrase, round(confidence * math.exp(weight.score - first.score), 4))
            for weight in evidence.weights[1 : 1 + _ALTERNATIVES]
        )
        if confidence < NOTHING_BELOW:
            return "", round(1 - confidence, 4), ((first.phrase, confidence), *others)
        return first.phrase, confidence, others

    def _text(self, sound: Pcm, question: Question) -> tuple[str, float | None, tuple[tuple[str, float], ...]]:
        """The text of an answer that is no phrase, or of the phrase that it is ("operator")."""
        model, length_s = self._model(), sound.duration_s
        if length_s < _SHORTEST_S or not may_be_speech(sound):
            return "", None, ()
        words = building_words(question.kind, question.language)
        heard = model.hear(sound, _OPEN_WINDOW_S)
        free = model.write(heard, question.language, length_s)
        if not words and is_loop(free.text):
            heard = model.hear(sound, _WHOLE_WINDOW_S)
            free = model.write(heard, question.language, length_s)
        if not words and not believable(free, length_s):
            return "", None, ()
        said = nearest(without_loop(free.text), question.phrases, question.language, 1)
        if said and said[0][1] < (GLOBAL_WITHIN if words else SAME_SOUND):
            return said[0][0], text_confidence(free), ()
        if not words:
            return self._told(free, text_confidence(free), question)
        allowed = model.tokens(question.language, words)
        built = model.write_among(heard, question.language, length_s, allowed)
        readings = [
            figures_of(for_reading(one.text, question.kind, question.language), question.language) for one in built
        ]
        return self._told(built[0], built_confidence(built, readings, free), question)

    def _told(
        self, written: Written, confidence: float, question: Question
    ) -> tuple[str, float | None, tuple[tuple[str, float], ...]]:
        text = for_reading(written.text, question.kind, question.language)
        return (text, confidence, ()) if confidence >= NOTHING_BELOW else ("", None, ((text, confidence),))

    def _expect(self, language: str, texts: Sequence[str]) -> None:
        """Learn how likely texts are to this model where nothing is said."""
        new = [text for text in dict.fromkeys(texts) if (language, text) not in self._expected]
        if not new:
            return
        if len(self._expected) + len(new) > _MOST_EXPECTED:
            self._expected.clear()
            new = list(dict.fromkeys(texts))
        found = self._model().score(self._silent, language, _SILENCE_S, new)
        self._expected |= {(language, text): score for text, score in zip(new, found, strict=True)}

    def _model(self) -> LoadedWhisper:
        if self._loaded is None:
            self._loaded = LoadedWhisper(self._spec, self._threads)
            self._silent: Heard = self._loaded.hear(silence(_SILENCE_S), _CLOSED_WINDOW_S)
        return self._loaded
