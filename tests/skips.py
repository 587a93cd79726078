"""A pytest plugin: in CI every skip must be an expected one, listed with its reason in expected_skips.txt."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

EXPECTED = Path(__file__).parent / "expected_skips.txt"


def expected_patterns() -> list[re.Pattern[str]]:
    """The reasons that are expected, as regular expressions, one a line; lines beginning with # explain."""
    lines = EXPECTED.read_text(encoding="utf-8").splitlines()
    return [re.compile(line) for line in lines if line.strip() and not line.startswith("#")]


def unexpected(reasons: list[str]) -> list[str]:
    """The reasons that nobody expects."""
    patterns = expected_patterns()
    return sorted({reason for reason in reasons if not any(pattern.search(reason) for pattern in patterns)})


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run for skips that are not expected; only where CI is set, and only in the main process."""
    if not os.environ.get("CI") or hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    places = [report.longrepr for report in skipped if isinstance(report.longrepr, tuple)]
    reasons = [str(reason).removeprefix("Skipped: ") for _file, _line, reason in places]
    if found := unexpected(reasons):
        reporter.write_line("Unexpected skips: " + "; ".join(found), red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
