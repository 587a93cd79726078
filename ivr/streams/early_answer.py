"""Whether the words heard so far leave only one answer, before the caller has been silent for long."""

from __future__ import annotations

from collections.abc import Iterable

from flows.understanding.normal import normal

STABLE_MS = 300
"""Partial words change several times a second while somebody speaks; this long unchanged, they are said."""

STABLE_IN_A_PAUSE_MS = 120
"""In a pause nothing new is said; the ear only catches up."""


class EarlyAnswer:
    """The partial words of one utterance against the phrases that are expected."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = frozenset(normal(phrase) for phrase in phrases) - {""}
        self._words = ""
        self._since_ms = 0.0

    def begin(self) -> None:
        """A new utterance."""
        self._words = ""

    def words(self, words: str, now_ms: float) -> None:
        """The words so far, at a time of the received sound."""
        plain = normal(words)
        if plain != self._words:
            self._words, self._since_ms = plain, now_ms

    def is_sure(self, now_ms: float, *, is_paused: bool) -> bool:
        """Whether the words stand still, are one of the phrases, and no other phrase begins with them."""
        stable_ms = STABLE_IN_A_PAUSE_MS if is_paused else STABLE_MS
        if not self._words or now_ms - self._since_ms < stable_ms or self._words not in self._phrases:
            return False
        return not any(phrase != self._words and phrase.startswith(self._words) for phrase in self._phrases)
