"""Nobody waits in silence: what a caller hears while the house is slow. The clock is the caller's own sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ivr.sentences import say
from telephony.verbs import Play, Prompt

TONE = Play(url="tone:waiting")
"""Two soft notes: we are at it."""

SENTENCE_EVERY = 3
"""Of the fillers after the first, every third is a sentence, the others are the tone."""


class Speaking(Protocol):
    """What plays prompts."""

    @property
    def is_speaking(self) -> bool:
        """Whether something is heard."""


class Waiting(Protocol):
    """A conversation in which the caller may have to wait (`ivr.streams.talking`)."""

    @property
    def is_slow(self) -> bool:
        """Whether the caller waits for us."""

    @property
    def player(self) -> Speaking:
        """What plays prompts."""


class Company:
    """Keeps a caller company while the caller waits: with the turn's own filler, then with tones and sentences.

    Args:
        after_s: silence of ours until the first filler.
        again_s: silence of ours between fillers.
    """

    def __init__(self, talking: Waiting, after_s: float, again_s: float) -> None:
        self._talking = talking
        self._after_ms, self._again_ms = after_s * 1000, again_s * 1000
        self._language = ""  # Until the first turn nobody knows how to speak to the caller.
        self._filler: Sequence[Prompt] = ()
        self._said = 0
        self._quiet_ms = 0.0

    def turn(self, language: str, filler: Sequence[Prompt]) -> None:
        """What is said first in the turn that begins; `filler` may be empty."""
        self._language, self._filler = language, filler

    def passed(self, ms: float) -> Sequence[Prompt]:
        """So much more of the caller's sound has come; what is to be said now, mostly nothing."""
        if not self._talking.is_slow or not self._language:
            self._said, self._quiet_ms = 0, 0.0
            return ()
        self._quiet_ms = 0.0 if self._talking.player.is_speaking else self._quiet_ms + ms
        if self._quiet_ms < (self._again_ms if self._said else self._after_ms):
            return ()
        self._said += 1
        self._quiet_ms = 0.0
        if self._said == 1 and self._filler:
            return self._filler
        return (TONE,) if self._said % SENTENCE_EVERY != 1 else (say("still_there", self._language),)
