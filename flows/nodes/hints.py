"""What a recogniser is told to expect at a question."""

from __future__ import annotations

from functools import lru_cache

from flows.nodes.global_words import REFUSALS, SPOKEN
from flows.phrases import words

MAX_HINTS = 500
MAX_HINT_LENGTH = 100


@lru_cache(maxsize=2048)
def expected_phrases(own: tuple[str, ...], language: str, *, outbound: bool = False) -> tuple[str, ...]:
    """A question's own phrases and the global words, as many and as long as a recogniser takes."""
    refusals = REFUSALS if outbound else REFUSALS[:1]
    meanings = (*SPOKEN, *(meaning for meaning, _ in refusals))
    every = (*own, *(way for meaning in meanings for way in words(meaning, language)))
    return tuple(dict.fromkeys(p for p in every if 0 < len(p) <= MAX_HINT_LENGTH))[:MAX_HINTS]
