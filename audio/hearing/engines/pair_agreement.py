"""How far two engines say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from audio.hearing.engines.whisper_evidence import Evidence

LIST_BONUS = 2.0
"""What the first of the other engine's list gains in log probability; the last gains nothing. Tuned on half of the
recordings: more lets the weaker engine win in noise."""

AGREED = 0.85
"""How sure a text of figures is that both engines read, before their own confidence counts. Set by hand."""

DISAGREED_KEEPS = 0.9
"""What is left of the second engine's confidence in figures that the first one reads differently: not much is taken,
for the first one misreads strings of digits often."""


def with_list(evidence: Evidence, listed: Sequence[tuple[str, float]]) -> Evidence:
    """The evidence with what the other engine's list adds to its phrases, best first.

    Args:
        listed: phrases and scores, best first; only their order and spacing count, so that any scale will do.
    """
    bonus = _bonuses(listed)
    weights = [replace(weight, score=weight.score + bonus.get(weight.phrase, 0.0)) for weight in evidence.weights]
    return replace(evidence, weights=tuple(sorted(weights, key=lambda weight: -weight.score)))


def _bonuses(listed: Sequence[tuple[str, float]]) -> dict[str, float]:
    if not listed:
        return {}
    best, worst = listed[0][1], listed[-1][1]
    if best <= worst:
        return {listed[0][0]: LIST_BONUS}
    return {phrase: LIST_BONUS * (score - worst) / (best - worst) for phrase, score in listed}
