"""Fifty calls a second over two dialers, counted by the simulated carrier."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from bench.figures import family_cpu_s
from bench.outbound_desk import add_due_cases, launch, new_campaign, now_utc, publish_flow
from simulator.ledger_counts import count, read
from soak.desk import opened
from soak.house import Houseful
from soak.plan import Plan
from soak.processes import Member, wait_ready

WINDOW_S = 10.0
PEOPLE = Path(__file__).parent / "outbound_people.yaml"


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What was set and what the carrier counted. `windows` are calls per ten seconds, whole windows only."""

    set_per_second: float
    dialers: int
    seconds: float
    creates: int
    windows: list[int]
    most_in_a_second: int
    doubles: int
    most_live: int
    dialer_cpu_ms: float
    web_cpu_ms: float
    carrier_cpu_ms: float

    @property
    def per_second(self) -> list[float]:
        """Calls a second in each window."""
        return [calls / WINDOW_S for calls in self.windows]


def sustained(url: str, folder: Path, *, per_second: float, seconds: float, dialers: int = 2) -> Pace:
    """Dial people who are busy or do not answer, for so long."""
    plan = Plan(calls_per_second=per_second, max_live=2_000, dialers=dialers, workers=0)
    houseful = Houseful(plan, folder, url, people=PEOPLE)
    needed = int(per_second * (seconds + 2 * WINDOW_S))
    with opened(houseful) as desk:
        now = now_utc()
        with desk.house.db.write() as session:
            version = publish_flow(session, now)
            campaign = new_campaign(session, version, now, calls_per_second=per_second, max_live=2_000)
            add_due_cases(session, campaign, needed, now)
        members = houseful.everybody
        try:
            for member in members:
                member.start()
            for member in members:
                wait_ready(member)
            with desk.house.db.write() as session:
                launch(session, session.merge(campaign), now_utc())
            before = {member.name: _cpu_s(member) for member in members}
            time.sleep(seconds + 1)
            used = {member.name: _cpu_s(member) - before[member.name] for member in members}
        finally:
            for member in reversed(members):
                member.stop()
    return _pace(houseful, used, per_second, seconds, dialers)


def _pace(houseful: Houseful, used: dict[str, float], per_second: float, seconds: float, dialers: int) -> Pace:
    counts = count(read(houseful.ledger), window_s=WINDOW_S)
    whole = counts.windows[: int(seconds / WINDOW_S)]
    calls = max(sum(whole), 1)

    def cpu_ms(kind: str) -> float:
        return 1000 * sum(cpu_s for name, cpu_s in used.items() if name.startswith(kind)) / calls

    return Pace(
        set_per_second=per_second,
        dialers=dialers,
        seconds=seconds,
        creates=counts.creates,
        windows=whole,
        most_in_a_second=counts.most_in_a_second,
        doubles=counts.doubles,
        most_live=counts.most_live,
        dialer_cpu_ms=cpu_ms("dialer"),
        web_cpu_ms=cpu_ms("web"),
        carrier_cpu_ms=cpu_ms("carrier"),
    )


def _cpu_s(member: Member) -> float:
    return family_cpu_s(member.pid)
