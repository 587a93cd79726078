"""`python -m bench`: measure everything in one run and write bench/results.md and bench/results.json."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import engine_time, outbound, report, studio
from bench.figures import busy, machine
from bench.report import Results
from bench.server import Cores
from bench.speed import Plan
from bench.whole import NAMES, Size, measure, tell

HERE = Path(__file__).resolve().parent

FULL = Size(
    plan=Plan(repetitions=3, seconds=1.2, paced_s=8.0),
    calls=1_000,
    memory_calls=10_000,
    tickets=10_000,
    page_times=20,
    engine_calls=400,
)
QUICK = Size(
    plan=Plan(repetitions=1, seconds=0.3, paced_s=1.0),
    calls=100,
    memory_calls=200,
    tickets=1_000,
    page_times=5,
    engine_calls=40,
    speak=False,
)


def main() -> int:
    """Measure, print, write; 1 when something was lost on the way."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--quick", action="store_true", help="under a minute, rough figures")
    parser.add_argument("--databases", default=",".join(NAMES), help="sqlite, postgresql or both with a comma")
    parser.add_argument("--only", choices=("calls", "outbound", "studio"), help="measure one part")
    parser.add_argument("--out", type=Path, default=HERE, help="folder of results.md and results.json")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    cores = Cores.of_this_process()
    lost = False
    if options.only in (None, "calls"):
        lost = _calls_that_come_in(options, cores)
    if options.only in (None, "studio"):
        studio.measure_and_write(options.out, quick=options.quick)
    if options.only in (None, "outbound"):
        lost = not outbound.measure_and_write(options.out, quick=options.quick) or lost
    return 1 if lost else 0


def _calls_that_come_in(options: argparse.Namespace, cores: Cores) -> bool:
    """Measure and write; True when something was lost on the way."""
    results = Results(
        measured_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        machine=machine(),
        load_before=busy(),
        quick=options.quick,
    )
    os.sched_setaffinity(0, {cores.callers})
    began = time.perf_counter()
    size = QUICK if options.quick else FULL
    tell("the engine, without I/O")
    results.engine, results.compiled = engine_time.engine_time(size.engine_calls), engine_time.compile_time()
    with tempfile.TemporaryDirectory(prefix="ringback-bench-") as folder:
        for kind in options.databases.split(","):
            results.databases.append(measure(kind, Path(folder), cores, size))
    os.sched_setaffinity(0, {cores.server, cores.callers})
    results.took_s = time.perf_counter() - began
    report.write(results, options.out)
    print(report.page(results))
    return any(found.end_to_end and not found.end_to_end.nothing_lost for found in results.databases)


if __name__ == "__main__":
    sys.exit(main())
