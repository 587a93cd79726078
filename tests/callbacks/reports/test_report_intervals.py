"""Rates and differences against published figures, and what is said of an A/B test."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.case import CaseState, CloseReason
from callbacks.reports.counts import CaseCounts, case_counts
from callbacks.reports.intervals import difference, needed, wilson
from callbacks.reports.variants import Verdict, compare
from storage.database import Database
from tests.callbacks.reports.report_stage import campaign_of, case_of


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_that_of_newcombes_table(hits: int, total: int, low: float, high: float) -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    found = wilson(hits, total)
    assert found.low == pytest.approx(low, abs=0.00006)
    assert found.high == pytest.approx(high, abs=0.00006)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_difference_is_that_of_newcombes_table(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10: first minus second.
    found = difference(*second, *first)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(low, abs=0.00006), pytest.approx(high, abs=0.00006))


def test_the_number_needed_is_that_of_the_books() -> None:
    # 0.3 against 0.4 at 5 % and a power of 80 %, without the correction for continuity.
    assert needed(0.3, 0.4) == 356
    with pytest.raises(ValueError, match="cannot be told apart"):
        needed(0.4, 0.4)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_bounds_hold_the_value_and_stay_possible(a: int, b: int, c: int, d: int) -> None:
    hits, total = min(a, b), max(a, b)
    found = wilson(hits, total)
    assert 0 <= found.low <= (found.value if total else 1) <= found.high <= 1
    other = difference(hits, total, min(c, d), max(c, d))
    if other is not None:
        assert -1 <= other.low <= other.value <= other.high <= 1


def counts(a: tuple[int, int], b: tuple[int, int]) -> CaseCounts:
    """Goals and decided cases of both flows."""
    cells = {}
    for variant, (goals, decided) in (("a", a), ("b", b)):
        cells["closed", "goal_met", variant] = goals
        cells["closed", "tries_used", variant] = decided - goals
    return CaseCounts(cells=cells)


def test_few_cases_are_too_few_however_far_apart_they_lie() -> None:
    found = compare(counts((2, 10), (9, 10)))
    assert found.verdict == Verdict.TOO_EARLY
    assert found.more == 90


def test_a_clear_difference_names_the_better_flow() -> None:
    assert compare(counts((90, 300), (150, 300))).verdict == Verdict.B_BETTER
    assert compare(counts((150, 300), (90, 300))).verdict == Verdict.A_BETTER


def test_a_small_difference_asks_for_as_many_cases_as_it_takes() -> None:
    found = compare(counts((100, 400), (120, 400)))
    assert found.verdict == Verdict.TOO_EARLY
    assert found.more == needed(0.25, 0.30) - 400


def test_many_like_cases_show_that_the_flows_are_alike() -> None:
    assert compare(counts((2500, 10_000), (2510, 10_000))).verdict == Verdict.ALIKE


def test_nothing_counted_is_nothing_said() -> None:
    found = compare(CaseCounts(cells={}))
    assert found.difference is None
    assert found.verdict == Verdict.TOO_EARLY


def test_cases_that_were_taken_away_say_nothing_of_a_flow(db: Database) -> None:
    with db.write() as s:
        campaign = campaign_of(s)
        for reason in CloseReason:
            case_of(s, campaign, state=CaseState.CLOSED, reason=reason, variant="b")
        case_of(s, campaign, variant="b")
        case_of(s, campaign, state=CaseState.STAGED)
    with db.read() as s:
        found = case_counts(s, campaign.id)
    assert found.decided("b") == (1, 7)
    assert found.decided("a") == (0, 0)
    assert (found.total, found.closed, found.waiting) == (len(CloseReason), len(CloseReason) - 1, 1)
