"""The results as a page for people (results.md) and as data (results.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.endurance import EndToEnd, Memory
from bench.engine_time import CompileTime, EngineTime
from bench.pages import Pages
from bench.speed import Row, ServerTime

Lines = Iterator[str]


@dataclass(kw_only=True)
class DatabaseResults:
    """Everything measured on one database; what was not measured is None."""

    database: str
    rows: list[Row] = field(default_factory=list)
    server_times: list[ServerTime] = field(default_factory=list)
    end_to_end: EndToEnd | None = None
    memory: Memory | None = None
    pages: Pages | None = None


@dataclass(kw_only=True)
class Results:
    """One run of the benchmark."""

    measured_at: str
    machine: str
    load_before: str
    quick: bool
    took_s: float = 0.0
    engine: EngineTime | None = None
    compiled: CompileTime | None = None
    databases: list[DatabaseResults] = field(default_factory=list)


SECTIONS = {"outbound": "## Calls we make", "studio": "## The flow studio"}
"""Sections that are measured by themselves: key in results.json and title in results.md, in the page's order."""


def write(results: Results, folder: Path) -> None:
    """Write both files into `folder`; the sections measured by themselves stay."""
    parts = _parts(folder)
    data = _data(folder)
    _write_page(folder, {**parts, "": page(results)})
    _write_data(folder, {**asdict(results), **{key: data[key] for key in SECTIONS if key in data}})


def write_section(key: str, lines: Lines, data: dict[str, Any], folder: Path) -> None:
    """Put a section in place of the one that is there, and its data beside the rest."""
    _write_page(folder, {**_parts(folder), key: "\n".join([SECTIONS[key], "", *lines])})
    _write_data(folder, {**_data(folder), key: data})


def _parts(folder: Path) -> dict[str, str]:
    """results.md in parts: "" what comes first, then each section that is there."""
    path = folder / "results.md"
    keys = {title: key for key, title in SECTIONS.items()}
    parts: dict[str, list[str]] = {"": []}
    here = ""
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        here = keys.get(line, here)
        parts.setdefault(here, []).append(line)
    return {key: "\n".join(lines) for key, lines in parts.items()}


def _write_page(folder: Path, parts: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    texts = [parts.get(key, "").strip() for key in ("", *SECTIONS)]
    (folder / "results.md").write_text("\n\n".join(text for text in texts if text) + "\n", encoding="utf-8")


def _data(folder: Path) -> dict[str, Any]:
    path = folder / "results.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _write_data(folder: Path, data: dict[str, Any]) -> None:
    (folder / "results.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def page(results: Results) -> str:
    """The page."""
    lines = [*_head(results), *_reached(results)]
    for found in results.databases:
        lines += [f"## {found.database}", ""]
        for part in (_table(found.rows), _server(found.server_times), _whole(found), _memory(found), _pages(found)):
            lines += [*part, ""]
    return "\n".join([*lines, *_engine(results)]).replace("\n\n\n", "\n\n").rstrip() + "\n"


def _head(results: Results) -> Lines:
    yield "# Speed"
    yield ""
    length = "a quick try: short runs, rough figures" if results.quick else "a full run"
    yield f"Measured {results.measured_at} in {results.took_s:.0f} s, {length}. What it means: [README](README.md)."
    yield f"Machine: {results.machine}. Load before the run (other work on the machine): {results.load_before}."
    yield ""


def _reached(results: Results) -> Lines:
    yield "| goal | reached |"
    yield "|---|---|"
    for found in results.databases:
        turns = [row for row in found.rows if row.work.startswith("c ")]
        shares = ", ".join(f"{row.share_of_stored:.2f} at {row.at_once}" for row in turns)
        by_cpu = ", ".join(f"{row.cpu_share_of_stored:.2f}" for row in turns)
        yield f"| c ≥ 0.6 b, {found.database} | {shares}; by CPU time {by_cpu} |"
        for time in found.server_times:
            yield f"| p95 server time ≤ 50 ms, {found.database}, {time.load} | {time.p95_ms:.1f} ms |"
        if found.end_to_end is not None:
            said = "nothing lost" if found.end_to_end.nothing_lost else "**LOST OR DOUBLED, see below**"
            yield f"| {found.end_to_end.calls:,} calls end to end, {found.database} | {said} |"
        if found.memory is not None:
            yield f"| flat memory, {found.database} | {found.memory.kb_per_1000_calls:+.0f} kB per 1,000 calls |"
        if found.pages is not None:
            slowest = max(found.pages.pages, key=lambda shown: shown.p95_ms)
            said = f"slowest p95 {slowest.p95_ms:.0f} ms ({slowest.path})"
            yield f"| pages ≤ 200 ms at {found.pages.tickets:,} tickets, {found.database} | {said} |"
    if results.compiled is not None:
        yield f"| compile {results.compiled.nodes} nodes < 200 ms | {results.compiled.total_ms:.0f} ms |"
    if results.engine is not None:
        yield f"| engine < 1 ms a turn | {results.engine.engine_p50_us / 1000:.2f} ms |"
    yield ""


def _table(rows: list[Row]) -> Lines:
    yield "| work | at once | turns/s | CPU ms/turn | p50 ms | p95 ms | p99 ms | of a | of b | of b by CPU |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for row in rows:
        yield (
            f"| {row.work} | {row.at_once} | {row.per_second:.0f} | {row.cpu_ms:.2f} | {row.p50_ms:.1f} | "
            f"{row.p95_ms:.1f} | {row.p99_ms:.1f} | {row.share_of_bare:.2f} | {row.share_of_stored:.2f} | "
            f"{row.cpu_share_of_stored:.2f} |" + (f" **{row.bad} bad answers**" if row.bad else "")
        )


def _server(times: list[ServerTime]) -> Lines:
    if not times:
        return
    yield "| server time of our turn (`turns.ms`) | turns | p50 ms | p95 ms | p99 ms |"
    yield "|---|---:|---:|---:|---:|"
    for time in times:
        yield f"| {time.load} | {time.turns} | {time.p50_ms:.1f} | {time.p95_ms:.1f} | {time.p99_ms:.1f} |"


def _whole(found: DatabaseResults) -> Lines:
    run = found.end_to_end
    if run is None:
        return
    yield f"{run.calls:,} calls end to end, 50 at once: {run.elapsed_s:.1f} s, {run.turns_per_second:.0f} turns/s."
    yield ""
    yield "| rows | expected | found |"
    yield "|---|---:|---:|"
    for count in run.counts:
        mark = "" if count.expected == count.found else " **wrong**"
        yield f"| {count.what} | {count.expected} | {count.found}{mark} |"
    for answer in run.bad:
        yield f"\nBad answer: {answer}"


def _memory(found: DatabaseResults) -> Lines:
    if found.memory is None:
        return
    yield "| calls | " + " | ".join(f"{calls:,}" for calls, _ in found.memory.samples) + " |"
    yield "|---|" + "---:|" * len(found.memory.samples)
    yield "| MB, web process | " + " | ".join(f"{mb:.1f}" for _, mb in found.memory.samples) + " |"


def _pages(found: DatabaseResults) -> Lines:
    if found.pages is None:
        return
    yield f"| page, at {found.pages.tickets:,} tickets and {found.pages.calls:,} calls | p50 ms | p95 ms |"
    yield "|---|---:|---:|"
    for shown in found.pages.pages:
        yield f"| `{shown.path}` | {shown.p50_ms:.0f} | {shown.p95_ms:.0f} |"


def _engine(results: Results) -> Lines:
    yield "## Without I/O"
    yield ""
    engine, compiled = results.engine, results.compiled
    if engine is not None:
        yield (
            f"Engine, {engine.turns} turns of the demo flow: p50 {engine.engine_p50_us:.0f} µs, "
            f"p95 {engine.engine_p95_us:.0f} µs; session from and to JSON {engine.session_us:.0f} µs; "
            f"document as TwiML {engine.document_us:.0f} µs."
        )
    if compiled is not None:
        yield (
            f"A flow of {compiled.nodes} nodes: {compiled.read_ms:.0f} ms to read, "
            f"{compiled.machine_ms:.0f} ms to build its machine."
        )
