"""`python -m soak`: kill processes for some minutes and count what was doubled, lost or left open."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from soak.plan import QUICK, Plan
from soak.running import soak
from soak.verdict import page


def main() -> int:
    """Soak; 1 when anybody was called twice, forgotten, or an attempt was left open."""
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--minutes", type=float, help=f"how long processes are killed (default {Plan().minutes:g})")
    parser.add_argument("--cases", type=int, help=f"people to call (default {Plan().cases})")
    parser.add_argument("--kill-every", type=float, metavar="SECONDS", help="mean time between two kills")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed kills in the same order")
    parser.add_argument("--quick", action="store_true", help="about a minute and a half, few kills")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave logs and ledger there")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    given = {"minutes": options.minutes, "cases": options.cases, "kill_every_s": options.kill_every}
    plan = replace(
        QUICK if options.quick else Plan(),
        seed=options.seed,
        **{name: value for name, value in given.items() if value is not None},
    )
    print(f"Seed {plan.seed}: {plan.cases:,} cases, {plan.minutes:g} minutes, a kill every {plan.kill_every_s:g} s.")
    with tempfile.TemporaryDirectory(prefix="ringback-soak-") as temporary:
        outcome = soak(plan, options.keep or Path(temporary), _tell)
    print("\n" + "\n".join(page(outcome.verdict, kills=outcome.kills, unknown_calls=outcome.unknown_calls)))
    return 0 if outcome.ok else 1


def _tell(what: str) -> None:
    """One line that is written over on a terminal, and one below the other in a file."""
    end = "" if sys.stderr.isatty() else "\n"
    start = "\r\033[K" if sys.stderr.isatty() else ""
    print(f"{start}{what}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
