"""`python -m simulator ledger FILE`: what the carrier counted."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from simulator.errors import SimulatorError
from simulator.ledger_counts import LedgerCounts, count, read

SHOWN = 10


def run_ledger(options: argparse.Namespace) -> int:
    """Print the counts; 1 when a number was called twice at once, too soon, or too often."""
    path = Path(options.file)
    path = path / "ledger.jsonl" if path.is_dir() else path
    if not path.is_file():
        raise SimulatorError(f"There is no ledger {path}; a carrier keeps it in its --data-dir.")
    counts = count(read(path), too_soon_s=options.too_soon, tries=options.tries, window_s=options.window)
    if options.json:
        sys.stdout.write(json.dumps(asdict(counts) | {"doubles": counts.doubles}, default=str) + "\n")
    else:
        sys.stdout.write("\n".join(page(counts, window_s=options.window)) + "\n")
    return 1 if counts.doubles else 0


def page(counts: LedgerCounts, *, window_s: float) -> Iterator[str]:
    """The counts, one a line."""
    often = ", ".join(f"{n}×: {numbers:,}" for n, numbers in sorted(counts.per_number.items()))
    yield f"carriers started            {counts.carriers:,}"
    yield f"calls created               {counts.creates:,}   (incoming calls: {counts.incoming:,})"
    yield f"phones rang                 {counts.rings:,}"
    yield f"answered                    {counts.answers:,}"
    yield f"ended                       {counts.ends:,}   ({_statuses(counts)})"
    yield f"cut off by a carrier's end  {counts.written_off:,}"
    yield f"still live                  {counts.still_live:,}"
    yield f"numbers by calls            {often or 'none'}"
    yield f"most creates in any second  {counts.most_in_a_second:,}"
    yield f"most calls live at once     {counts.most_live:,}"
    if counts.windows:
        yield f"creates per {window_s:g} s           {' '.join(map(str, counts.windows[:60]))}"
    if counts.torn_lines:
        yield f"torn lines                  {counts.torn_lines:,}"
    yield f"called while still live     {len(counts.at_once):,}"
    yield f"called again too soon       {len(counts.too_soon):,}"
    yield f"rang more often than asked  {len(counts.over_tries):,}"
    for double in [*counts.at_once, *counts.too_soon][:SHOWN]:
        when = "while it was live" if double.gap_s is None else f"{double.gap_s:.1f} s after it had ended"
        yield f"  {double.sid} rang whom {double.earlier_sid} had called, {when}"


def _statuses(counts: LedgerCounts) -> str:
    return ", ".join(f"{status} {number:,}" for status, number in sorted(counts.by_status.items()))
