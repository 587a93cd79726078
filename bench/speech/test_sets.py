"""A closed set of answers and people who say them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from audio.hearing.question import Question
from audio.pcm import Pcm
from bench.speech.noise import on_the_line


class Half(StrEnum):
    """Recordings to tune on, and recordings whose figures are reported."""

    TUNING = "tuning"
    HELD_OUT = "held_out"

    @property
    def other(self) -> Half:
        """The other one."""
        return Half.HELD_OUT if self is Half.TUNING else Half.TUNING


class Condition(StrEnum):
    """The line."""

    CLEAN = "clean"
    SNR_20 = "20 dB"
    SNR_10 = "10 dB"

    @property
    def snr_db(self) -> float | None:
        """Speech over noise; None without noise."""
        return {Condition.CLEAN: None, Condition.SNR_20: 20.0, Condition.SNR_10: 10.0}[self]


@dataclass(frozen=True, kw_only=True, eq=False)
class Said:
    """One utterance: `text` as the right answer is written; `sound` at 8000 Hz, clean; `name` seeds its noise."""

    name: str
    text: str
    sound: Pcm


@dataclass(frozen=True, kw_only=True, eq=False)
class TestSet:
    """One question and answers to it.

    Attributes:
        name: "English phrases".
        question: with all phrases of the menu, also those that nobody says here.
        said: utterances; none of them is an answer when `outside`, and the right decision is nothing at all.
        babble: other recordings, for the noise.
        synthesized: by a voice, not by a person.
        transcript: the question is open and errors are counted in words or characters.
    """

    __test__ = False  # It is no test of pytest.

    name: str
    question: Question
    said: tuple[Said, ...]
    babble: tuple[Pcm, ...]
    outside: bool = False
    synthesized: bool = False
    transcript: bool = False

    def sound(self, said: Said, condition: Condition) -> Pcm:
        """The utterance as it comes off the line."""
        return on_the_line(said.sound, snr_db=condition.snr_db, babble=self.babble, seed=said.name)


def spread(said: Sequence[Said], limit: int | None) -> tuple[Said, ...]:
    """At most `limit` of them, evenly over all; all for None."""
    if limit is None or len(said) <= limit:
        return tuple(said)
    return tuple(said[round(at * (len(said) - 1) / (limit - 1))] for at in range(limit)) if limit > 1 else (said[0],)
