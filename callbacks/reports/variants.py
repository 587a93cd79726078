"""Which of two flows does better, and whether that can be said yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from callbacks.reports.counts import CaseCounts
from callbacks.reports.intervals import Interval, difference, needed, wilson

WORTH_KNOWING = 0.03
"""A difference of goal rates below three points changes nobody's choice of flow."""

LEAST = 100
"""Decided cases each flow needs before one is called better: people look at the page often, and luck evens out late."""


class Verdict(StrEnum):
    """What the counts say."""

    TOO_EARLY = "too_early"
    A_BETTER = "a_better"
    B_BETTER = "b_better"
    ALIKE = "alike"
    """Enough was counted to see a difference worth knowing, and there is none."""


@dataclass(frozen=True, kw_only=True)
class VariantRow:
    """One flow: cases that came to an end of their own, and those whose goal was met."""

    variant: str
    decided: int
    goals: int
    rate: Interval


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two flows side by side.

    `difference` is the goal rate of B minus that of A with its 95 % interval, None while either has no decided case.
    `more` is about how many further decided cases the flow with fewer of them needs; 0 once the verdict stands.
    """

    a: VariantRow
    b: VariantRow
    difference: Interval | None
    verdict: Verdict
    more: int


def compare(counts: CaseCounts) -> Comparison:
    """Compare the two flows by the cases they decided. A case counts once, however often it was called."""
    a, b = _row("a", counts), _row("b", counts)
    seen = difference(a.goals, a.decided, b.goals, b.decided)
    wanted = max(LEAST, _wanted(a, b))
    least = min(a.decided, b.decided)
    if seen is not None and least >= LEAST and not seen.low <= 0 <= seen.high:
        verdict = Verdict.B_BETTER if seen.value > 0 else Verdict.A_BETTER
    elif least >= wanted:
        verdict = Verdict.ALIKE
    else:
        verdict = Verdict.TOO_EARLY
    more = wanted - least if verdict == Verdict.TOO_EARLY else 0
    return Comparison(a=a, b=b, difference=seen, verdict=verdict, more=more)


def _row(variant: str, counts: CaseCounts) -> VariantRow:
    goals, decided = counts.decided(variant)
    return VariantRow(variant=variant, decided=decided, goals=goals, rate=wilson(goals, decided))


def _wanted(a: VariantRow, b: VariantRow) -> int:
    """Cases per flow to see the present difference, or one of three points when it is smaller than that."""
    if not a.decided or not b.decided:
        return LEAST
    low, high = sorted((a.rate.value, b.rate.value))
    if high - low < WORTH_KNOWING:
        middle = min(max((low + high) / 2, WORTH_KNOWING / 2), 1 - WORTH_KNOWING / 2)
        low, high = middle - WORTH_KNOWING / 2, middle + WORTH_KNOWING / 2
    return needed(low, high)
