"""Ears for live calls as the one who listens to a call wants them; `audio.hearing.house_ears` makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from audio.errors import AudioError
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import Question


class NoEarError(AudioError):
    """Nobody can listen now: no model hears the language, or all are busy. The call goes on by keys or the carrier."""


class EarFailedError(AudioError):
    """The recogniser stopped or hung while it listened, and again when it was asked anew."""


class Ear(Protocol):
    """Listens to one utterance after another of one call, for one question at a time. For one task of the event loop.

    The sound of an utterance is kept (30 s at most) until it is decided, so that a recogniser that dies is replaced
    and hears it again without the caller noticing more than a delay.
    """

    def ask(self, question: Question) -> None:
        """The question that the next utterance answers. What was heard of an unfinished one is dropped."""

    def hear(self, payload: bytes) -> None:
        """Sound of the utterance under way, mu-law 8 kHz, any length; returns at once."""

    def paused(self) -> None:
        """The caller may have finished: an engine that needs whole utterances may begin. More sound takes it back."""

    async def finish(self) -> Hypothesis:
        """The decision on the utterance; the ear is ready for the next one. Raises EarFailedError."""

    def drop(self) -> None:
        """Forget the utterance (a key was pressed). The ear is ready for the next one."""

    def close(self) -> None:
        """Give the ear back. It is not used again."""


class Ears(Protocol):
    """All ears of one process."""

    def room(self, language: str) -> int:
        """How many more calls in this language could be listened to now; 0 when there is no model or no more room."""

    async def open(self, language: str, on_partial: Callable[[str], None] | None = None) -> Ear:
        """An ear for a call. `on_partial` is told the words so far. Raises NoEarError at once rather than wait."""

    async def close(self) -> None:
        """End all processes."""
