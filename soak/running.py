"""One soak from the first process to the verdict."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import postgres
from soak.desk import Desk, Standing, opened
from soak.havoc import Havoc
from soak.house import Houseful
from soak.plan import Plan
from soak.processes import wait_ready
from soak.verdict import Verdict, judge, orphans

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a soak found."""

    verdict: Verdict
    kills: dict[str, int]
    unknown_calls: int

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong, including calls that no attempt knows."""
        return self.verdict.ok and self.unknown_calls == 0


def soak(plan: Plan, folder: Path, tell: Tell) -> Outcome:
    """Run it on a PostgreSQL server of its own. Raises MemberFailedError when the house does not start."""
    folder.mkdir(parents=True, exist_ok=True)
    with postgres.server() as server, postgres.database(server) as url:
        houseful = Houseful(plan, folder, url)
        with opened(houseful) as desk:
            tell("preparing")
            desk.prepare(plan)
            havoc = Havoc(house=houseful, chance=random.Random(plan.seed))
            try:
                _live(houseful, desk, havoc, plan, tell)
            finally:
                for member in reversed(houseful.everybody):
                    member.stop()
            verdict = judge(houseful.ledger, desk, plan)
            unknown = orphans(houseful.ledger, desk)
            return Outcome(verdict=verdict, kills=havoc.kills, unknown_calls=unknown)


def _live(houseful: Houseful, desk: Desk, havoc: Havoc, plan: Plan, tell: Tell) -> None:
    for member in houseful.everybody:
        member.start()
    for member in houseful.everybody:
        wait_ready(member)
    houseful.make_trouble()

    def progress(left_s: float) -> None:
        desk.ring_on()
        tell(f"{left_s:4.0f} s of killing left · {sum(havoc.kills.values())} killed · {_said(desk.standing())}")

    havoc.rage(plan.kill_for_s, progress)
    havoc.end()
    _come_to_rest(desk, plan, tell)


def _come_to_rest(desk: Desk, plan: Plan, tell: Tell) -> None:
    """Wait until nothing is to be done, in vain when something is lost or left open."""
    deadline = time.monotonic() + plan.settle_s
    standing = desk.standing()
    while not standing.is_quiet and time.monotonic() < deadline:
        desk.ring_on()
        tell(f"coming to rest, {deadline - time.monotonic():.0f} s at most · {_said(standing)}")
        time.sleep(1)
        standing = desk.standing()


def _said(standing: Standing) -> str:
    closed = sum(standing.closed.values())
    return f"{closed:,} of {standing.cases:,} cases closed · {standing.live_attempts} attempts live"
