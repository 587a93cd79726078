"""The words that a Vosk recogniser is held to at a question.

A Vosk grammar is a list of words that may follow each other freely. Words that the model does not know would be
dropped without a word said, so they are left out here and can be told.
"""

from __future__ import annotations

from collections.abc import Callable

from audio.hearing.grammar.answers import BOOKS, kind_of_answer
from audio.hearing.grammar.rules import words_of
from audio.hearing.grammar.words import primary, spoken_words
from audio.hearing.question import Question

UNKNOWN = "[unk]"


def vosk_words(question: Question, knows: Callable[[str], bool]) -> list[str]:
    """Words of the question's phrases, numbers and dates, then common words that answer nothing.

    Args:
        question: a closed one.
        knows: whether the model has a word.

    Returns:
        Only words the model knows, each once, the answer's first; [] when it knows none of the answer's.
    """
    wanted = [piece for word in _wanted(question) for piece in pieces(word, knows)]
    if not wanted:
        return []
    extra = [word for word in (*fillers(question.language), UNKNOWN) if knows(word)]
    return list(dict.fromkeys([*wanted, *extra]))


def fillers(language: str) -> tuple[str, ...]:
    """Common words of a language, so that other speech has somewhere to go; () for a language without a list."""
    book = BOOKS.get(primary(language))
    return () if book is None else tuple(dict.fromkeys([*book.FILLERS.split(), *book.LEADS, *book.TAILS]))


def unknown_to(question: Question, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """Words of the question's phrases that the model does not know, not even in pieces."""
    words = (word.lower() for phrase in question.phrases for word in spoken_words(phrase, question.language))
    return tuple(dict.fromkeys(word for word in words if not pieces(word, knows)))


def pieces(word: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """The word, or the fewest known words it is made of (클릭합니다 is 클릭 합니다); () when there are none.

    Only scripts of syllables are taken apart: pieces of an English word do not sound like the word.
    """
    if knows(word):
        return (word,)
    if word.isascii() or len(word) < 2:
        return ()
    for cut in range(len(word) - 1, 0, -1):
        if knows(word[:cut]) and (rest := pieces(word[cut:], knows)):
            return (word[:cut], *rest)
    return ()


def _wanted(question: Question) -> list[str]:
    chinese = primary(question.language) == "zh"
    words = [
        word.lower()
        for phrase in question.phrases
        for word in (("".join(spoken_words(phrase, "zh")),) if chinese else spoken_words(phrase, question.language))
    ]
    rule = kind_of_answer(question)
    return list(dict.fromkeys([*words, *(words_of(rule) if rule is not None else ())]))
