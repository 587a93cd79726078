"""CI does not overlook a test that did not run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _run(folder: Path, reason: str, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_one.py").write_text(f"import pytest\n\ndef test_it():\n    pytest.skip({reason!r})\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.skips", "-p", "no:cacheprovider", str(folder)]
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}
    for name in [n for n in environment if n.startswith("PYTEST_")]:
        del environment[name]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("reason", "ci", "code"),
    [("corpus not present", "true", 0), ("it was too much work", "true", 1), ("it was too much work", "", 0)],
)
def test_an_unexpected_skip_fails_in_ci_only(tmp_path: Path, reason: str, ci: str, code: int) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    run = _run(tmp_path, reason, ci)
    assert run.returncode == code, run.stdout + run.stderr
    assert ("Unexpected skips: it was too much work" in run.stdout) == bool(code)
