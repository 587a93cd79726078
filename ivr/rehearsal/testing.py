"""Saved tests, run against a document: what passes, what fails and where, and what they reach."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.documents import FlowDocument
from ivr.rehearsal.coverage import Coverage, coverage_of
from ivr.rehearsal.errors import ScenarioError
from ivr.rehearsal.exchange import Rehearsal
from ivr.rehearsal.flows_in_memory import Others, no_others
from ivr.rehearsal.playing import rehearse
from ivr.rehearsal.scenario import Scenario
from ivr.rehearsal.sentences import Failure, Tell, in_english, sentence
from tickets.categories import Category

PATIENCE_S = 30.0
"""All tests of one run together; those that are left then fail with a sentence."""

NamedTest = tuple[int, str, Scenario]
"""Id (0 when it is not saved), name and scenario."""


@dataclass(frozen=True, kw_only=True)
class TestResult:
    """How one test went. `rehearsal` is None when it did not run."""

    __test__ = False

    id: int
    name: str
    failures: tuple[Failure, ...] = ()
    rehearsal: Rehearsal | None = None
    ms: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether everything went as expected."""
        return not self.failures

    def to_json(self, tell: Tell = in_english) -> dict[str, Any]:
        """The result as the editor takes it."""
        return {
            "id": self.id,
            "name": self.name,
            "passed": self.passed,
            "failures": [{"step": f.step, "message": f.sentence.told(tell)} for f in self.failures],
            "ms": round(self.ms, 1),
        }


@dataclass(frozen=True, kw_only=True)
class TestRun:
    """How all tests went, and what they reach together."""

    __test__ = False

    results: tuple[TestResult, ...]
    coverage: Coverage
    ms: float

    @property
    def failed(self) -> tuple[TestResult, ...]:
        """The tests that did not pass."""
        return tuple(result for result in self.results if not result.passed)

    def to_json(self, tell: Tell = in_english) -> dict[str, Any]:
        """The run as the editor takes it."""
        return {
            "results": [result.to_json(tell) for result in self.results],
            "coverage": self.coverage.to_json(),
            "ms": round(self.ms, 1),
        }


def run_tests(
    document: FlowDocument,
    tests: Sequence[NamedTest],
    *,
    others: Others = no_others,
    now: datetime,
    flow_values: Mapping[str, Any] | None = None,
    categories: Sequence[Category] | None = None,
) -> TestRun:
    """Run tests one after the other, each as a call of its own."""
    began = time.perf_counter()
    results: list[TestResult] = []
    for number, name, scenario in tests:
        if time.perf_counter() - began > PATIENCE_S:
            late = sentence("The tests before it took longer than {seconds:.0f} s.", seconds=PATIENCE_S)
            results.append(TestResult(id=number, name=name, failures=(Failure(step=-1, message=late),)))
            continue
        try:
            played = rehearse(
                document,
                scenario,
                others=others,
                now=now,
                flow_values=flow_values,
                categories=categories,
                to_the_end=True,
            )
        except ScenarioError as error:
            results.append(TestResult(id=number, name=name, failures=(Failure(step=-1, message=error.sentence),)))
            continue
        results.append(TestResult(id=number, name=name, failures=played.failures, rehearsal=played, ms=played.ms))
    played_all = [result.rehearsal for result in results if result.rehearsal is not None]
    ms = (time.perf_counter() - began) * 1000
    return TestRun(results=tuple(results), coverage=coverage_of(document, played_all), ms=ms)
