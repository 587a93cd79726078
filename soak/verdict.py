"""What came of it, by the carrier's book and by our own rows: nobody called twice, nobody forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator.ledger_command import page as ledger_page
from simulator.ledger_counts import OUTBOUND, LedgerCounts, count, read
from soak.desk import Desk, Standing
from soak.plan import TOO_SOON_S, Plan

SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Everything that was counted; `faults` are sentences, none of which there should be."""

    counts: LedgerCounts
    standing: Standing
    faults: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was doubled, lost or left open."""
        return not self.faults


def judge(ledger: Path, desk: Desk, plan: Plan) -> Verdict:
    """Read the carrier's book and our rows."""
    counts = count(read(ledger), too_soon_s=TOO_SOON_S, tries=plan.tries)
    standing = desk.standing()
    faults = [*_doubles(counts), *_lost(ledger, desk, standing, plan), *_open(desk)]
    return Verdict(counts=counts, standing=standing, faults=tuple(faults))


def _doubles(counts: LedgerCounts) -> Iterator[str]:
    for what, found in (("while it was live", counts.at_once), ("too soon after its end", counts.too_soon)):
        if found:
            yield f"{len(found)} calls to a number {what}: {', '.join(d.sid for d in found[:SHOWN])}"
    if counts.over_tries:
        yield f"{len(counts.over_tries)} numbers rang more often than their tries allow."


def _lost(ledger: Path, desk: Desk, standing: Standing, plan: Plan) -> Iterator[str]:
    if standing.cases < plan.cases:
        yield f"{plan.cases - standing.cases} cases are gone."
    if standing.overdue or standing.calling:
        yield f"{standing.overdue} cases are due and not called, {standing.calling} wait for a call that is over."
    called = {row["to"] for row in read(ledger) if row.get("event") == "create" and row["direction"] == OUTBOUND}
    answered_back = {row["from"] for row in read(ledger) if row.get("direction") == "inbound"}
    if never := desk.told_numbers() - called - answered_back:
        yield f"{len(never)} cases were closed as called, but the carrier never saw a call to them."


def _open(desk: Desk) -> Iterator[str]:
    if left := desk.left_open():
        yield f"{len(left)} attempts were left open: {'; '.join(left[:SHOWN])}"


def orphans(ledger: Path, desk: Desk) -> int:
    """Calls of the carrier that no attempt of ours knows as its own."""
    created = {row["sid"] for row in read(ledger) if row.get("event") == "create" and row["direction"] == OUTBOUND}
    return len(created - desk.sids())


def page(verdict: Verdict, *, kills: dict[str, int], unknown_calls: int) -> Iterator[str]:
    """The whole result, for people."""
    killed = ", ".join(f"{name} {number}" for name, number in sorted(kills.items())) or "nobody"
    yield f"Killed (kill -9): {sum(kills.values())} processes ({killed})."
    yield ""
    yield "The carrier counted:"
    for line in ledger_page(verdict.counts, window_s=10.0):
        yield f"  {line}"
    yield ""
    standing = verdict.standing
    closed = ", ".join(f"{reason} {number:,}" for reason, number in sorted(standing.closed.items()))
    yield f"Our rows: {standing.cases:,} cases, {standing.attempts:,} attempts; closed: {closed or 'none'};"
    yield f"  waiting {standing.waiting:,}, due and not called {standing.overdue:,}, calling {standing.calling:,},"
    yield f"  attempts left open {standing.live_attempts:,}, calls that no attempt knows {unknown_calls:,}."
    yield ""
    if verdict.ok:
        yield "Double calls 0, lost cases 0, attempts left open 0."
    for fault in verdict.faults:
        yield f"WRONG: {fault}"
