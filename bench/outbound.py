"""Calls we make, measured on PostgreSQL: the pace, the cost of a claim, lists, and a campaign's pages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import house as bench_house
from bench.figures import busy
from bench.outbound_claim import ClaimCost, claim_curve
from bench.outbound_desk import migrated
from bench.outbound_lists import Lists, lists
from bench.outbound_pace import Pace, sustained
from bench.outbound_pages import pages
from bench.pages import Page
from bench.report import write_section
from bench.server import free_port
from bench.whole import tell


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured."""

    per_second: float
    seconds: float
    curve: tuple[int, ...]
    ticks: int
    rows: int
    attempts: int
    page_times: int


FULL = Size(
    per_second=50,
    seconds=60,
    curve=(1_000, 10_000, 100_000, 1_000_000),
    ticks=15,
    rows=100_000,
    attempts=1_000_000,
    page_times=20,
)
QUICK = Size(per_second=20, seconds=20, curve=(1_000, 5_000), ticks=5, rows=2_000, attempts=5_000, page_times=3)


@dataclass(frozen=True, kw_only=True)
class Outbound:
    """Everything that was measured."""

    measured_at: str
    load_before: str
    quick: bool
    pace: Pace
    curve: list[ClaimCost]
    lists: Lists
    attempts: int
    pages: list[Page]

    @property
    def nothing_doubled(self) -> bool:
        """Whether the carrier saw no call twice."""
        return self.pace.doubles == 0


def measure_and_write(folder: Path, *, quick: bool) -> bool:
    """Measure, print and put the section into results.md; False when the carrier saw a call twice."""
    found = measure(QUICK if quick else FULL, quick=quick)
    write_section("outbound", section(found), asdict(found), folder)
    print("\n".join(section(found)))
    return found.nothing_doubled


def measure(size: Size, *, quick: bool) -> Outbound:
    """Each measurement on a database of its own."""
    load = busy()
    with tempfile.TemporaryDirectory(prefix="ringback-bench-") as name:
        folder = Path(name)
        tell(f"{size.per_second:g} calls a second for {size.seconds:g} s")
        with migrated() as url:
            pace = sustained(url, _made(folder / "pace"), per_second=size.per_second, seconds=size.seconds)
        tell(f"claims in up to {size.curve[-1]:,} cases")
        with migrated() as url, bench_house.opened(_environment(folder / "claim", url)) as house:
            curve = claim_curve(house, size.curve, ticks=size.ticks)
        tell(f"a list of {size.rows:,} rows")
        with migrated() as url, bench_house.opened(_environment(folder / "lists", url)) as house:
            measured_lists = lists(house, folder / "lists", size.rows)
        tell(f"pages at {size.attempts:,} attempts")
        with migrated() as url:
            environ = _environment(folder / "pages", url)
            with bench_house.opened(environ) as house:
                measured_pages = pages(house, environ, attempts=size.attempts, times=size.page_times)
    return Outbound(
        measured_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        load_before=load,
        quick=quick,
        pace=pace,
        curve=curve,
        lists=measured_lists,
        attempts=size.attempts,
        pages=measured_pages,
    )


def section(found: Outbound) -> Iterator[str]:
    """The section of results.md."""
    length = "a quick try" if found.quick else "a full run"
    yield f"PostgreSQL, measured {found.measured_at}, {length}; load before the run {found.load_before}."
    yield ""
    yield "| goal | reached |"
    yield "|---|---|"
    pace = found.pace
    windows = ", ".join(f"{value:.1f}" for value in pace.per_second) or "no whole window"
    yield (
        f"| {pace.set_per_second:g} calls/s set, two dialers, by the carrier, each 10 s window "
        f"within 2 % | {windows}; at most {pace.most_in_a_second} in any second |"
    )
    yield f"| nobody called twice | {pace.doubles} of {pace.creates:,} calls |"
    listed = found.lists
    yield f"| import of {listed.rows:,} rows < 60 s | {listed.import_s:.1f} s, {listed.import_grew_mb:+.0f} MB |"
    yield f"| preflight of {listed.rows:,} cases < 10 s | {listed.preflight_s:.1f} s |"
    slowest = max(found.pages, key=lambda page: page.p95_ms)
    said = f"slowest p95 {slowest.p95_ms:.0f} ms ({slowest.path})"
    yield f"| campaign pages ≤ 200 ms at {found.attempts:,} attempts | {said} |"
    yield ""
    yield (
        f"CPU a call at that pace: dialers {pace.dialer_cpu_ms:.1f} ms, web {pace.web_cpu_ms:.1f} ms, "
        f"carrier {pace.carrier_cpu_ms:.1f} ms. At most {pace.most_live} calls were live."
    )
    yield ""
    yield "| cases in the table | ticks | claimed | tick p50 ms | tick p95 ms | ms a case | of it CPU here |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    for cost in found.curve:
        yield (
            f"| {cost.cases:,} | {cost.ticks} | {cost.claimed} | {cost.tick_p50_ms:.1f} | {cost.tick_p95_ms:.1f} | "
            f"{cost.case_ms:.2f} | {cost.case_cpu_ms:.2f} |"
        )
    yield ""
    yield f"| page, at {found.attempts:,} attempts | p50 ms | p95 ms |"
    yield "|---|---:|---:|"
    for page in found.pages:
        yield f"| `{page.path}` | {page.p50_ms:.0f} | {page.p95_ms:.0f} |"


def _environment(folder: Path, url: str) -> dict[str, str]:
    return bench_house.environment(bench_house.settings(_made(folder), port=free_port()), url)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
