"""What Vosk's words mean as the answer to a question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import AnswerKind, Question
from audio.transcript import Word, join_words, mean_confidence, tidy

_ENGINE = "vosk"
_ONE_OF_PHRASES = frozenset({AnswerKind.PHRASES, AnswerKind.YES_NO})
_HALF = 0.5
# Of an utterance that is mostly filler words, a phrase in it is doubted in proportion, down to this.
_LEAST_TRUST = 0.5
# Of words that were held to a menu Vosk is surer than it should be: what was right scores 1.0 as a rule, what was
# something else 0.4 to 0.85. Its square brings that below the bands of a flow.
_MODESTY = 2
# Less than this is told as nothing; flows ask back from 0.45 on.
_NOTHING_BELOW = 0.3


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a question takes for an answer.

    Attributes:
        question: the question.
        spoken: each way to say a phrase, in words, and the phrase as it is written.
        words: those that can be part of an answer; None for all. What else is heard only fills.
    """

    question: Question
    spoken: Mapping[str, str]
    words: frozenset[str] | None

    @property
    def is_one_of_phrases(self) -> bool:
        """Whether whatever is no phrase is to be refused."""
        return self.question.kind in _ONE_OF_PHRASES

    def has(self, word: str) -> bool:
        """Whether a word can be part of an answer."""
        return self.words is None or word in self.words

    def as_written(self, said: str) -> str:
        """The phrase that was said word for word, else what was said."""
        exact = {key(spoken): phrase for spoken, phrase in self.spoken.items()} if self.question.is_closed else {}
        return exact.get(key(said), tidy(said))


def decided(answers: Answers, words: Sequence[Word]) -> Hypothesis:
    """The decision on an utterance."""
    answering = [word for word in words if answers.has(word.text)]
    confidence = mean_confidence(answering)
    said = join_words((word.text for word in answering), answers.question.language)
    if not answers.is_one_of_phrases:
        return Hypothesis(text=answers.as_written(said), confidence=confidence, engine=_ENGINE, words=tuple(words))
    phrase, share = matching_phrase(answers.spoken, said)
    trust = share * (_LEAST_TRUST + (1 - _LEAST_TRUST) * _spoken_share(answering, words))
    trusted = round((confidence or 0.0) ** _MODESTY * trust, 4)
    if not phrase or trusted < _NOTHING_BELOW:
        return Hypothesis(text="", engine=_ENGINE, words=tuple(words))
    return Hypothesis(text=phrase, confidence=trusted, engine=_ENGINE, words=tuple(words))


def so_far(answers: Answers, words: Sequence[str]) -> str:
    """The words up to now; the phrase as it is written once they are exactly one."""
    said = join_words((word for word in words if answers.has(word)), answers.question.language)
    return answers.as_written(said)


def matching_phrase(spoken: Mapping[str, str], said: str) -> tuple[str, float]:
    """The phrase that was said and how much of it and of the utterance agree, 0..1; "" when it is none of them.

    Vosk puts words of different phrases together: the longest phrase that was said whole is meant. A part stands for
    a phrase when it is at least half of it and no part of another.
    """
    heard = key(said)
    if not heard:
        return "", 0.0
    ways = {key(way): phrase for way, phrase in spoken.items() if key(way)}
    whole = max((way for way in ways if way in heard), key=len, default="")
    if whole:
        return ways[whole], max(_HALF, len(whole) / len(heard))
    parts = [way for way in ways if heard in way]
    if parts and len({ways[way] for way in parts}) == 1:
        share = len(heard) / min(len(way) for way in parts)
        return (ways[parts[0]], share) if share >= _HALF else ("", 0.0)
    return "", 0.0


def key(text: str) -> str:
    """Letters and digits alone: what counts when writing is compared with hearing."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _spoken_share(answering: Sequence[Word], words: Sequence[Word]) -> float:
    """How much of what was said answers, by time."""
    total_s = sum(word.end_s - word.start_s for word in words)
    return sum(word.end_s - word.start_s for word in answering) / total_s if total_s else 1.0
