"""The measurements of the flow studio take their place in the results, each beside its floor."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

from bench import report, studio
from bench.studio_editor import Editor

FOUND = studio.Studio(
    measured_at="2026-11-22 04:00 UTC",
    load_before="0.1",
    quick=False,
    nodes=500,
    read_ms=20.0,
    lint_ms=50.0,
    check_ms=90.0,
    calls=500,
    turns=3_100,
    rows_s=0.5,
    replay_s=2.0,
    heat_ms=80.0,
    editor=Editor(nodes=500, open_ms=900.0, page_ms=150.0, frames_per_second=57.0, bare_frames_per_second=60.0),
)


def test_every_goal_stands_beside_its_floor() -> None:
    shown = "\n".join(studio.section(FOUND))
    assert (
        "| a flow of 500 nodes opens in Chromium < 2 s | 0.90 s | 0.15 s, a plain page of the console | 6.0 |" in shown
    )
    assert "≥ 50 frames/s, by the browser's trace | 57 | 60, a bare box on an empty page | 0.95 |" in shown
    assert "| replay of 500 calls (3,100 turns) < 10 s | 2.00 s | 0.50 s, reading them | 4.0 |" in shown


def test_without_a_browser_the_rest_is_told() -> None:
    shown = "\n".join(studio.section(replace(FOUND, editor=None)))
    assert "Chromium" not in shown
    assert "lint of 500 nodes" in shown


def test_the_section_stands_beside_the_other_ones(tmp_path: Path) -> None:
    (tmp_path / "results.md").write_text("# Speed\n\nfirst\n\n## Calls we make\n\nsecond\n")
    report.write_section("studio", studio.section(FOUND), asdict(FOUND), tmp_path)
    page = (tmp_path / "results.md").read_text()
    assert page.index("first") < page.index("second") < page.index("## The flow studio")
