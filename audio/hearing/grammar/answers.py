"""From a question to its grammar, and from recognised words back to the answer as it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType

from audio.hearing.grammar import chinese, english, korean
from audio.hearing.grammar.rules import InOrder, Maybe, OneOf, Rule
from audio.hearing.grammar.words import RUNS_ON, normal, primary, spoken_words
from audio.hearing.question import AnswerKind, Question

BOOKS: Mapping[str, ModuleType] = {"en": english, "zh": chinese, "ko": korean}
"""Languages with number words of their own; in any other one only phrases can be expected."""

_ONE_OF_PHRASES = frozenset({AnswerKind.PHRASES, AnswerKind.YES_NO})
_PHRASE_WEIGHT = 0.3
"""Of the phrases at a question that wants a number, against the number."""


def answer_rule(question: Question, *, small_words: bool = True) -> Rule | None:
    """Everything that may be said, each word as `spoken_words` gives it, in small letters.

    Args:
        question: a closed one.
        small_words: also "uh" before a phrase and "please" after it.

    Returns:
        None when nothing can be expected: an open question, or no phrase that can be said.
    """
    phrases = _phrases(question, small_words=small_words)
    kind_rule = kind_of_answer(question)
    if kind_rule is None or phrases is None:
        return kind_rule or phrases
    return OneOf((kind_rule, phrases), (1.0, _PHRASE_WEIGHT))


def kind_of_answer(question: Question) -> Rule | None:
    """The rule of digits, numbers, dates … in the question's language; None for phrases and open questions."""
    book = BOOKS.get(primary(question.language))
    return None if book is None else book.RULES.get(question.kind)


def readings(question: Question) -> dict[tuple[str, ...], str]:
    """The words of each phrase, in small letters, and the phrase as the question writes it; the first of equals."""
    found: dict[tuple[str, ...], str] = {}
    for phrase in question.phrases:
        if words := phrase_words(phrase, question.language):
            found.setdefault(words, phrase)
    return found


def phrase_words(phrase: str, language: str) -> tuple[str, ...]:
    """The words of a phrase as a grammar has them: small letters; Chinese is one word."""
    if primary(language) in RUNS_ON:
        return tuple(filter(None, (normal(phrase, language),)))
    return tuple(word.lower() for word in spoken_words(phrase, language))


def answer_text(question: Question, words: Sequence[str]) -> str:
    """What recognised words mean as an answer: a phrase as written, else the words of a number, a date, a code.

    Small words around a phrase are passed over. "" when they are neither.
    """
    known = readings(question)
    plain = tuple(word.lower() for word in words)
    bare = without_small_words(plain, question.language)
    if (phrase := known.get(plain) or known.get(bare)) is not None:
        return phrase
    if question.kind in _ONE_OF_PHRASES or kind_of_answer(question) is None:
        return ""
    return ("" if primary(question.language) in RUNS_ON else " ").join(plain)


def without_small_words(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The words without "uh" before and "please" after them."""
    book = BOOKS.get(primary(language))
    if book is None:
        return words
    start = 1 if words and words[0] in book.LEADS else 0
    end = len(words) - 1 if len(words) > start and words[-1] in book.TAILS else len(words)
    return words[start:end]


def _phrases(question: Question, *, small_words: bool) -> Rule | None:
    ways: tuple[Rule, ...] = tuple(InOrder(words) for words in readings(question))
    if not ways:
        return None
    book = BOOKS.get(primary(question.language))
    if not small_words or book is None:
        return OneOf(ways)
    return InOrder((Maybe(OneOf(book.LEADS)), OneOf(ways), Maybe(OneOf(book.TAILS))))
