"""A question whose phrases are in two languages, as the choice of a language is."""

from __future__ import annotations

import re
from dataclasses import replace

from audio.hearing.grammar.words import primary
from audio.hearing.question import Question

_ENGLISH = "en"
_LATIN = re.compile(r"[A-Za-z][A-Za-z' -]+")
# Where words in Latin letters are foreign words.
_OTHER_SCRIPTS = frozenset({"zh", "yue", "ja", "ko"})


def by_tongue(question: Question) -> tuple[Question, ...]:
    """The question once for each language of its phrases, its own first; itself where all are in one."""
    if primary(question.language) not in _OTHER_SCRIPTS:
        return (question,)
    foreign = tuple(phrase for phrase in question.phrases if _LATIN.fullmatch(phrase))
    if not foreign:
        return (question,)
    own = tuple(phrase for phrase in question.phrases if phrase not in foreign)
    return (replace(question, phrases=own), replace(question, phrases=foreign, language=_ENGLISH))
