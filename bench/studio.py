"""The flow studio, measured: the check of a large flow, replay, heat, and the editor in a browser."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bench import house as bench_house
from bench.engine_time import large_flow
from bench.figures import busy, percentile
from bench.report import write_section
from bench.server import Cores, free_port, serving
from bench.studio_editor import Editor
from bench.studio_editor import measure as measure_editor
from bench.whole import tell
from demo import history
from flows.documents import from_json
from flows.drafts import save_draft
from flows.validation import lint
from flows.versions import latest, load_document
from house import House
from ivr.calls import Call
from studio.checking import Surroundings, check
from studio.heats import heat_for
from studio.past_calls import past_calls
from studio.replays import replay_flow
from tests import find_browser

LARGE = "large"
DAYS = 60


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured."""

    nodes: int
    calls: int
    times: int
    seconds: float


FULL = Size(nodes=500, calls=500, times=7, seconds=5.0)
QUICK = Size(nodes=100, calls=60, times=2, seconds=1.0)


@dataclass(frozen=True, kw_only=True)
class Studio:
    """Everything that was measured; times are medians.

    Attributes:
        lint_ms: the lint of a document of `nodes` nodes; read_ms, the floor: reading it from plain data.
        check_ms: the whole answer to the editor as somebody types, without HTTP.
        replay_s: so many real `calls` through a draft; rows_s, the floor: reading them from the database alone.
        heat_ms: the heat of all those calls.
        editor: the browser's part, None when there is no Chromium.
    """

    measured_at: str
    load_before: str
    quick: bool
    nodes: int
    read_ms: float
    lint_ms: float
    check_ms: float
    calls: int
    turns: int
    rows_s: float
    replay_s: float
    heat_ms: float
    editor: Editor | None


def measure_and_write(folder: Path, *, quick: bool) -> None:
    """Measure, print and put the section into results.md."""
    found = measure(QUICK if quick else FULL, quick=quick)
    write_section("studio", section(found), asdict(found), folder)
    print("\n".join(section(found)))


def measure(size: Size, *, quick: bool) -> Studio:
    """A desk of its own on SQLite, with a large flow and past calls of the real engine."""
    load = busy()
    data = {**large_flow(size.nodes), "title": {"en": "Large"}}
    document = from_json(data)
    tell(f"the check of {size.nodes} nodes")
    around = Surroundings(flows={}, now=datetime.now(UTC), values={}, language="en", localize=lambda problem: problem)
    with tempfile.TemporaryDirectory(prefix="ringback-bench-") as name:
        environ = bench_house.environment(
            bench_house.settings(Path(name), port=free_port()), f"sqlite:///{name}/studio.db"
        )
        bench_house.prepare(environ, speak=False)
        with bench_house.opened(environ) as house:
            tell(f"replay of {size.calls} calls")
            calls, turns, rows_s, replay_s, heat_ms = _past(house, data, size)
        tell("the editor in Chromium")
        editor = _editor(environ, Path(name), size)
    return Studio(
        measured_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        load_before=load,
        quick=quick,
        nodes=size.nodes,
        read_ms=_median_ms(lambda: from_json(data), size.times),
        lint_ms=_median_ms(lambda: lint(document), size.times),
        check_ms=_median_ms(lambda: check(data, around, node="n0"), size.times),
        calls=calls,
        turns=turns,
        rows_s=rows_s,
        replay_s=replay_s,
        heat_ms=heat_ms,
        editor=editor,
    )


def _median_ms(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return percentile(taken, 0.5)


def _past(house: House, large: dict[str, object], size: Size) -> tuple[int, int, float, float, float]:
    """Calls, their turns, seconds to read them, seconds to replay them, milliseconds of heat."""
    now = datetime.now(UTC)
    with house.db.write() as session:
        history.load(session, now, calls=size.calls + size.calls // 5, seed=size.calls)
        save_draft(session, LARGE, large, by="bench", now=now, revision=0)
    with house.db.read() as session:
        version = latest(session, history.FLOW)
        document = load_document(version)
        since = session.scalar(select(func.min(Call.started_at))) or now
        began = time.perf_counter()
        read = past_calls(session, version, since=since, until=now, limit=size.calls)
        rows_s = time.perf_counter() - began
        began = time.perf_counter()
        replayed = replay_flow(session, history.FLOW, document, now=now, days=DAYS, limit=size.calls)
        replay_s = time.perf_counter() - began
        began = time.perf_counter()
        heat_for(session, history.FLOW, now=now, days=DAYS)
        heat_ms = (time.perf_counter() - began) * 1000
    turns = sum(len(call.turns) for call in read.calls)
    if replayed["different"]:
        raise RuntimeError("Calls replayed on their own version end elsewhere; the measurement is worth nothing.")
    return replayed["calls"], turns, rows_s, replay_s, heat_ms


def _editor(environ: dict[str, str], folder: Path, size: Size) -> Editor | None:
    chromium = find_browser.find()
    if chromium is None:
        return None
    cores = Cores.of_this_process()
    with serving(
        "app:create_app()", environment=environ, port=free_port(), core=cores.server, log=folder / "web"
    ) as web:
        return measure_editor(
            web.url, LARGE, nodes=size.nodes, chromium=chromium, times=size.times, seconds=size.seconds
        )


def section(found: Studio) -> Iterator[str]:
    """The section of results.md."""
    length = "a quick try" if found.quick else "a full run"
    yield f"SQLite, measured {found.measured_at}, {length}; load before the run {found.load_before}."
    yield ""
    yield "| goal | reached | floor of the same run | ratio |"
    yield "|---|---:|---:|---:|"
    editor = found.editor
    if editor is not None:
        yield (
            f"| a flow of {editor.nodes} nodes opens in Chromium < 2 s | {editor.open_ms / 1000:.2f} s | "
            f"{editor.page_ms / 1000:.2f} s, a plain page of the console | {editor.open_ms / editor.page_ms:.1f} |"
        )
        frames = editor.frames_per_second / editor.bare_frames_per_second if editor.bare_frames_per_second else 0.0
        yield (
            f"| dragging a node of it ≥ 50 frames/s, by the browser's trace | {editor.frames_per_second:.0f} | "
            f"{editor.bare_frames_per_second:.0f}, a bare box on an empty page | {frames:.2f} |"
        )
    yield (
        f"| lint of {found.nodes} nodes < 300 ms | {found.lint_ms:.0f} ms | {found.read_ms:.0f} ms, reading it | "
        f"{found.lint_ms / found.read_ms:.1f} |"
    )
    yield (
        f"| the check as one types, {found.nodes} nodes | {found.check_ms:.0f} ms | {found.read_ms:.0f} ms | "
        f"{found.check_ms / found.read_ms:.1f} |"
    )
    yield (
        f"| replay of {found.calls} calls ({found.turns:,} turns) < 10 s | {found.replay_s:.2f} s | "
        f"{found.rows_s:.2f} s, reading them | {found.replay_s / found.rows_s:.1f} |"
    )
    yield f"| heat of {found.calls:,} calls and more | {found.heat_ms:.0f} ms | | |"
    yield ""
