"""What Whisper has to say about each phrase that may have been said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from audio.hearing.engines.whisper_model import Written

EXPECTED_SHARE = 0.75
"""How much of a text's likelihood in silence is taken off. Chosen on all English recordings, not on one half: of clean
phrases in menus of 60, 0 takes 95 of 100, 0.5 to 0.9 take 99, and 1 takes off too much for long ones (92)."""

DISTANCE_COST = 6.0
"""What a text that sounds like nothing that was written freely loses, in log probability. Chosen on all recordings; 4
to 8 differ little."""


@dataclass(frozen=True, kw_only=True)
class Weight:
    """One phrase.

    Attributes:
        phrase: as in the question.
        score: log probability of its best writing, less what silence expects, less its distance; larger is better.
        fit: log probability of its best writing less that of the free text, for each of its sounds; about 0 when it
            is what was said, -2 and less when it is something else.
        distance: in sound from the free text, 0.0 to 1.0.
        writing: the best writing.
        ending: log probability that what was said ends with it; part of the score; 0.0 where that was not asked.
    """

    phrase: str
    score: float
    fit: float
    distance: float
    writing: str = ""
    ending: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All of one utterance. `weights` has the likeliest phrase first and is empty when no phrase can be said."""

    free: Written
    weights: tuple[Weight, ...]

    @property
    def gap(self) -> float:
        """How much better the first is than the second; infinite with one phrase."""
        if len(self.weights) < 2:
            return math.inf
        return self.weights[0].score - self.weights[1].score


def weigh(
    phrase: str,
    writings: Sequence[str],
    scores: Sequence[float],
    expected: Sequence[float],
    *,
    free: Written,
    sounds: int,
    distance: float,
) -> Weight:
    """The weight of a phrase from the log probabilities of its writings, heard and in silence."""
    gains = [score - EXPECTED_SHARE * silent for score, silent in zip(scores, expected, strict=True)]
    return Weight(
        phrase=phrase,
        score=_sum(gains) - DISTANCE_COST * distance,
        fit=(max(scores) - free.total) / max(1, sounds),
        distance=distance,
        writing=max(zip(gains, writings, strict=True))[1],
    )


def together(parts: Sequence[Evidence]) -> Evidence:
    """One evidence of phrases in several languages; the free text is that of the likeliest phrase's language."""
    weighed = [part for part in parts if part.weights] or list(parts[:1])
    first = max(weighed, key=lambda part: part.weights[0].score if part.weights else -math.inf)
    every = [weight for part in weighed for weight in part.weights]
    return Evidence(free=first.free, weights=tuple(sorted(every, key=lambda weight: -weight.score)))


def with_endings(evidence: Evidence, endings: Sequence[float]) -> Evidence:
    """The evidence with what is known of the first phrases' endings."""
    ended = [
        replace(weight, score=weight.score + ending, ending=ending)
        for weight, ending in zip(evidence.weights, endings, strict=False)
    ]
    weights = (*ended, *evidence.weights[len(ended) :])
    return replace(evidence, weights=tuple(sorted(weights, key=lambda weight: -weight.score)))


def _sum(logs: Sequence[float]) -> float:
    """Log of the sum of probabilities."""
    most = max(logs)
    return most + math.log(sum(math.exp(log - most) for log in logs))
