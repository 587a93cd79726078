"""pocketsphinx and Whisper on one utterance.

They err in different places: pocketsphinx knows only how the phrases sound, Whisper mostly what people write. For
phrases the first one's list adds to the other's scores; for digits, codes and dates the texts are compared. Where both
say the same, one may be surer than either is.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from audio.hearing.engine import EngineCapabilities, EngineSpec
from audio.hearing.engines.pair_agreement import AGREED, DISAGREED_KEEPS, with_list
from audio.hearing.engines.pair_confidence import pair_confidence
from audio.hearing.engines.pocketsphinx import PocketsphinxEngine
from audio.hearing.engines.whisper import NOTHING_BELOW, WhisperEngine
from audio.hearing.engines.whisper_writing import figures_of
from audio.hearing.grammar.words import normal, primary
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import AnswerKind, Question
from audio.pcm import Pcm

_LISTED = 4
_ALTERNATIVES = 3
_CLOSED = frozenset({AnswerKind.PHRASES, AnswerKind.YES_NO})
# In English Whisper alone understood 58 and 53 of 60 phrases at 20 and 10 dB, with the list 26 and 23 of 30.
_CLOSED_ALONE = frozenset({"en"})
_BUILT = frozenset({AnswerKind.DIGITS, AnswerKind.CODE, AnswerKind.NUMBER})


class ListingEngine(Protocol):
    """An engine that tells its best answers with scores (`PocketsphinxEngine`)."""

    name: str
    capabilities: EngineCapabilities

    def warm_up(self, language: str) -> None:
        """See `UtteranceEngine`."""

    def understand(self, sound: Pcm, question: Question) -> Hypothesis:
        """See `UtteranceEngine`."""

    def candidates(self, sound: Pcm, question: Question, n: int) -> list[tuple[str, float]]:
        """The `n` best answers, best first, with scores that may be compared within one utterance."""


def make(spec: EngineSpec) -> PairEngine:
    """For `audio.hearing.worker`: models in the order of the name."""
    return PairEngine(PocketsphinxEngine(spec.models[0]), WhisperEngine(spec.models[1]))


class PairEngine:
    """See `UtteranceEngine`. Open questions, and English phrases, are the second engine's alone."""

    def __init__(self, lister: ListingEngine, writer: WhisperEngine) -> None:
        self.name = f"{lister.name}+{writer.name}"
        self._lister = lister
        self._writer = writer
        self.capabilities = replace(
            writer.capabilities, cost=round(lister.capabilities.cost * 2 + writer.capabilities.cost, 3)
        )

    def warm_up(self, language: str) -> None:
        """Load both."""
        self._lister.warm_up(language)
        self._writer.warm_up(language)

    def prepare(self, question: Question) -> None:
        """See `WhisperEngine.prepare`."""
        self._writer.prepare(question)

    def understand(self, sound: Pcm, question: Question) -> Hypothesis:
        """See `UtteranceEngine`."""
        began = time.perf_counter()
        by_both = True
        if question.kind in _CLOSED and primary(question.language) not in _CLOSED_ALONE:
            found = self._phrase(sound, question)
        elif question.kind in _BUILT:
            found = self._built(sound, question)
        else:
            by_both, found = False, self._writer.understand(sound, question)
        engine = self.name if by_both else self._writer.name
        return replace(found, engine=engine, decode_ms=(time.perf_counter() - began) * 1000)

    def _phrase(self, sound: Pcm, question: Question) -> Hypothesis:
        listed = self._lister.candidates(sound, question, _LISTED)
        evidence = self._writer.evidence(sound, question, [phrase for phrase, _ in listed])
        if not evidence.weights:
            return Hypothesis(text="")
        evidence = with_list(evidence, listed)
        first = evidence.weights[0]
        confidence = pair_confidence(evidence, listed, question.language)
        others = tuple((one.phrase, 0.0) for one in evidence.weights[1 : 1 + _ALTERNATIVES])
        if confidence < NOTHING_BELOW:
            return Hypothesis(
                text="", confidence=round(1 - confidence, 4), alternatives=((first.phrase, confidence), *others)
            )
        return Hypothesis(text=first.phrase, confidence=confidence, alternatives=others)

    def _built(self, sound: Pcm, question: Question) -> Hypothesis:
        """A text of figures: surer when both engines read the same ones."""
        written = self._writer.understand(sound, question)
        if not written.text or _is_phrase(written.text, question):
            return written
        listed = self._lister.candidates(sound, question, 1)
        mine = figures_of(written.text, question.language)
        theirs = figures_of(listed[0][0], question.language) if listed else ""
        if not mine or not theirs:
            return written
        confidence = written.confidence or 0.0
        if mine == theirs:
            return replace(written, confidence=round(1 - (1 - confidence) * (1 - AGREED), 4))
        other: Sequence[tuple[str, float]] = ((listed[0][0], 0.0),)
        return replace(written, confidence=round(confidence * DISAGREED_KEEPS, 4), alternatives=tuple(other))


def _is_phrase(text: str, question: Question) -> bool:
    return any(normal(text, question.language) == normal(one, question.language) for one in question.phrases)
