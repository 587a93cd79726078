"""The measurements of calls we make measure, and their section takes its place in the results."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy import URL, func, select

from bench import house, outbound, report
from bench.outbound_claim import ClaimCost, claim_curve
from bench.outbound_lists import Lists, lists
from bench.outbound_pace import Pace
from bench.pages import Page
from callbacks.attempt import Attempt
from callbacks.case import Case

PACE = Pace(
    set_per_second=50.0,
    dialers=2,
    seconds=20.0,
    creates=1_003,
    windows=[501, 499],
    most_in_a_second=51,
    doubles=0,
    most_live=150,
    dialer_cpu_ms=5.0,
    web_cpu_ms=4.0,
    carrier_cpu_ms=1.0,
)
COST = ClaimCost(cases=1_000, ticks=5, claimed=40, tick_p50_ms=9.0, tick_p95_ms=12.0, case_ms=1.5, case_cpu_ms=0.5)


def found(**changed: object) -> outbound.Outbound:
    values = {
        "measured_at": "2026-11-21 12:00 UTC",
        "load_before": "0.1",
        "quick": True,
        "pace": PACE,
        "curve": [COST],
        "lists": Lists(rows=10, imported=10, import_s=0.1, import_grew_mb=1.0, preflight_s=0.2, preflight_called=10),
        "attempts": 100,
        "pages": [Page(path="/campaigns/<id>", p50_ms=20, p95_ms=30)],
    }
    return outbound.Outbound(**{**values, **changed})


def test_the_section_says_what_was_set_and_what_the_carrier_counted():
    shown = "\n".join(outbound.section(found()))
    assert "| 50 calls/s set, two dialers" in shown
    assert "50.1, 49.9; at most 51 in any second" in shown
    assert "| 1,000 | 5 | 40 | 9.0 | 12.0 | 1.50 | 0.50 |" in shown
    assert found().nothing_doubled


def test_the_section_replaces_its_former_self_and_nothing_else(tmp_path: Path):
    (tmp_path / "results.md").write_text("# Speed\n\nfirst\n")
    (tmp_path / "results.json").write_text('{"machine": "m"}')
    for title in ("one", "two"):
        report.write_section("outbound", iter([title]), {"said": title}, tmp_path)
    assert (tmp_path / "results.md").read_text() == "# Speed\n\nfirst\n\n## Calls we make\n\ntwo\n"
    assert json.loads((tmp_path / "results.json").read_text()) == {"machine": "m", "outbound": {"said": "two"}}


def test_the_other_measurements_keep_the_section(tmp_path: Path):
    report.write_section("outbound", outbound.section(found()), asdict(found()), tmp_path)
    results = report.Results(measured_at="now", machine="m", load_before="0", quick=True)
    report.write(results, tmp_path)
    page = (tmp_path / "results.md").read_text()
    assert page.index("# Speed") < page.index("## Without I/O") < page.index("## Calls we make")
    assert json.loads((tmp_path / "results.json").read_text())["outbound"]["pace"]["creates"] == 1_003


@pytest.fixture
def opened(postgres_db_url: URL, tmp_path: Path):
    url = postgres_db_url.render_as_string(hide_password=False)
    with house.opened(house.environment(house.settings(tmp_path, port=18_500), url)) as found_house:
        yield found_house


def test_the_cost_of_a_claim_is_measured_in_tables_of_growing_size(opened):
    small, large = claim_curve(opened, (150, 400), ticks=2)
    assert (small.cases, large.cases) == (150, 400)
    assert small.claimed > 0
    assert large.claimed > 0
    with opened.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 400
        assert session.scalar(select(func.count()).select_from(Attempt)) >= small.claimed + large.claimed


def test_a_list_is_imported_whole_and_asked_about(opened, tmp_path: Path):
    measured = lists(opened, tmp_path / "lists", 60)
    assert (measured.rows, measured.imported, measured.preflight_called) == (60, 60, 60)
