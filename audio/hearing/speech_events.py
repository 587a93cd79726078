"""What voice activity detection tells about a caller's sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class SpeechBegan:
    """Somebody speaks. `sound` is what was heard from a moment before (mu-law), to be given to the ear first."""

    at_ms: int
    sound: bytes


@dataclass(frozen=True, kw_only=True)
class SpeechPaused:
    """A short silence after speech: it may be the end."""

    at_ms: int


@dataclass(frozen=True, kw_only=True)
class SpeechResumed:
    """It was not the end."""

    at_ms: int


@dataclass(frozen=True, kw_only=True)
class SpeechEnded:
    """Silence as long as the question's patience, or speech as long as it may be. `speech_ms` is what was spoken."""

    at_ms: int
    speech_ms: int


SpeechEvent = SpeechBegan | SpeechPaused | SpeechResumed | SpeechEnded


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a silence ends an utterance, and how long one may be.

    Attributes:
        end_ms: silence that ends it: short for yes or no, long for numbers and open speech.
        pause_ms: silence after which it may be the end (a decision is prepared); less than `end_ms`.
        longest_ms: an utterance is cut here.
    """

    end_ms: int = 600
    pause_ms: int = 250
    longest_ms: int = 30_000


class Activity(Protocol):
    """Follows one caller's sound. `audio.hearing.activity` makes them; the clock is the sound itself."""

    patience: Patience
    """May be set at any time; counts from the next sound on."""

    @property
    def is_speaking(self) -> bool:
        """Whether an utterance is under way (between began and ended)."""

    @property
    def spoken_ms(self) -> int:
        """Speech of the utterance under way, pauses left out."""

    def feed(self, payload: bytes) -> list[SpeechEvent]:
        """Take the next sound, mu-law of any length; what happened in it, in order."""

    def reset(self) -> None:
        """Forget the utterance under way, not the level of noise."""
