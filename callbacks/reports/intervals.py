"""How sure a counted rate is: Wilson's interval for one rate, Newcombe's for the difference of two.

Sources: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212. R. G. Newcombe, "Interval estimation for the difference
between independent proportions", Statistics in Medicine 17 (1998) 873-890, method 10 (score intervals, no continuity
correction). Sample size: J. L. Fleiss, Statistical Methods for Rates and Proportions, 2nd ed. 1981, formula 3.14.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
POWER = 0.8


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A value with the bounds within which the true one lies with a given confidence."""

    value: float
    low: float
    high: float


def z_of(confidence: float) -> float:
    """The two-sided standard normal quantile: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(hits: int, total: int, *, confidence: float = CONFIDENCE) -> Interval:
    """The rate of `hits` in `total`, 0 to 1. Nothing counted is nothing known: value 0, bounds 0 and 1."""
    if total <= 0:
        return Interval(value=0.0, low=0.0, high=1.0)
    z, rate = z_of(confidence), hits / total
    middle = rate + z * z / (2 * total)
    half = z * sqrt(rate * (1 - rate) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    # At 0 and at 1 the bound is exact; rounding must not push it past the rate.
    low = 0.0 if hits == 0 else (middle - half) / scale
    high = 1.0 if hits == total else (middle + half) / scale
    return Interval(value=rate, low=max(0.0, low), high=min(1.0, high))


def difference(
    hits_a: int, total_a: int, hits_b: int, total_b: int, *, confidence: float = CONFIDENCE
) -> Interval | None:
    """Rate B minus rate A, -1 to 1; None when either has nothing counted."""
    if total_a <= 0 or total_b <= 0:
        return None
    a, b = wilson(hits_a, total_a, confidence=confidence), wilson(hits_b, total_b, confidence=confidence)
    seen = b.value - a.value
    down = sqrt((b.value - b.low) ** 2 + (a.high - a.value) ** 2)
    up = sqrt((b.high - b.value) ** 2 + (a.value - a.low) ** 2)
    return Interval(value=seen, low=max(-1.0, seen - down), high=min(1.0, seen + up))


def needed(rate: float, other: float, *, confidence: float = CONFIDENCE, power: float = POWER) -> int:
    """How many of each kind must be counted to tell these two rates apart.

    Raises:
        ValueError: the rates are the same; no number of counts would do.
    """
    if rate == other:
        raise ValueError("Two rates that are the same cannot be told apart.")
    z_a, z_b = z_of(confidence), NormalDist().inv_cdf(power)
    mean = (rate + other) / 2
    spread = z_a * sqrt(2 * mean * (1 - mean)) + z_b * sqrt(rate * (1 - rate) + other * (1 - other))
    return ceil(spread * spread / (rate - other) ** 2)
