"""How likely it is that the best phrase is the one that was said."""

from __future__ import annotations

import math
from collections.abc import Mapping

from audio.hearing.engines.whisper_evidence import Evidence
from audio.hearing.grammar.words import primary

_MOST_GAP, _ALONE_GAP = 8.0, 3.0
_LEAST_FIT = -4.0

# Logistic curves over lead, fit and distance, fitted on half of the recordings in all noises with menus of 3 to 60
# phrases, a third of them without the phrase that was said (docs/speech_engines.md).
_CURVES: Mapping[str, tuple[float, float, float, float]] = {"en": (0.14, 0.54, 1.43, -4.79)}
_OTHERS = (-1.14, 0.71, 0.61, -1.75)


def phrase_confidence(evidence: Evidence, language: str) -> float:
    """0.0 to 1.0 for the first phrase of the evidence, which must have one."""
    constant, *weights = _CURVES.get(primary(language), _OTHERS)
    value = constant + sum(weight * feature for weight, feature in zip(weights, features(evidence), strict=True))
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, value)))), 4)


def features(evidence: Evidence) -> tuple[float, float, float]:
    """What the curve looks at: the lead over the second, and fit and distance of the first."""
    first = evidence.weights[0]
    gap = evidence.gap if len(evidence.weights) > 1 else _ALONE_GAP
    return min(_MOST_GAP, gap), max(_LEAST_FIT, min(1.0, first.fit)), first.distance
