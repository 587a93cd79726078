"""The words a Vosk recogniser is held to for a question, and what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from audio.hearing.engines.vosk_answers import Answers
from audio.hearing.grammar.answers import kind_of_answer, readings
from audio.hearing.grammar.rules import words_of
from audio.hearing.grammar.vosk_words import pieces, vosk_words
from audio.hearing.question import Question


@dataclass(frozen=True, kw_only=True)
class VoskGrammar:
    """Words for the recogniser, None to hear everything, and what they mean."""

    words: tuple[str, ...] | None
    answers: Answers


def grammar_for(question: Question, knows: Callable[[str], bool]) -> VoskGrammar:
    """The grammar of a question; without words when the model knows none that answers."""
    spoken = {" ".join(words): phrase for words, phrase in readings(question).items()}
    if not question.is_closed:
        return VoskGrammar(words=None, answers=Answers(question=question, spoken=spoken, words=None))
    rule = kind_of_answer(question)
    wanted = [*(word for words in readings(question) for word in words), *(words_of(rule) if rule is not None else ())]
    answering = frozenset(piece for word in wanted for piece in pieces(word, knows))
    return VoskGrammar(
        words=(*_sentences(question, knows), *vosk_words(question, knows)),
        answers=Answers(question=question, spoken=spoken, words=answering),
    )


def _sentences(question: Question, knows: Callable[[str], bool]) -> list[str]:
    """Phrases of several words, whole: Vosk counts which word follows which."""
    phrases = [[pieces(word, knows) for word in words] for words in readings(question)]
    spoken = [[piece for each in phrase for piece in each] for phrase in phrases if all(phrase)]
    return [" ".join(phrase) for phrase in spoken if len(phrase) > 1]
