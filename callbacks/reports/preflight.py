"""Before a launch: how many will be called when, who will not be and why, until when, and what it may cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind, CaseState
from callbacks.errors import Blocker
from callbacks.gate.decision import Decision
from callbacks.gate.loading import CASE_COLUMNS, load_facts
from callbacks.gate.policy import GatePolicy
from callbacks.lifecycle import checks
from callbacks.reports.counts import case_counts
from callbacks.reports.estimates import Estimate, estimate
from callbacks.reports.forecast import Candidate, Pace, Plan, forecast
from callbacks.reports.tally import hour_of

BATCH = 5000
SAMPLES = 5
COLUMNS = ("case_id", "reference", "name", "number", "will_call", "first_call_at", "rule", "reason", "waits_for")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One case of a group; `decision` is the gate's, as JSON for `callbacks.gate.decision.sentence`."""

    case_id: int
    name: str
    number: str
    reference: str
    decision: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Cases with the same answer of the gate: how many, and a few of them."""

    rule: str
    cases: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """A forecast of first calls, with the launch at `start`.

    Attributes:
        cases: cases that wait for a call of their own. `merged` more are told in the same calls.
        will_call: those of them that will be called. `when` has them by hour (UTC), in order.
        skipped: those that will never be called, by the gate's rule, most first.
        held: those that will be called, but must wait first, by the rule that holds them back at the launch.
        first_at, end_at: minute of the first and of the last first call; None when nobody is called. Further tries
            come after that, as the retry matrix says.
        estimate: what one case takes, and where that is known from.
        minutes: billed minutes over all tries; `cost` is what they cost at the campaign's price, 0.0 without one.
        missing: cases that lack a variable their flow says, by variable. `blockers`: all that holds up the launch.
    """

    start: datetime
    cases: int
    merged: int
    will_call: int
    when: Mapping[datetime, int]
    skipped: tuple[Group, ...]
    held: tuple[Group, ...]
    first_at: datetime | None
    end_at: datetime | None
    estimate: Estimate
    minutes: float
    cost: float
    missing: Mapping[str, int]
    blockers: tuple[Blocker, ...]

    @property
    def will_not_call(self) -> int:
        """Cases that will never be called."""
        return self.cases - self.will_call


def preflight(
    session: Session,
    campaign: Campaign,
    now: datetime,
    *,
    policy: GatePolicy,
    account_calls_per_second: float = float("inf"),
    account_max_live: float = float("inf"),
) -> Preflight:
    """Ask the gate about every waiting case as if the campaign ran from `now` on, and walk its time forward.

    Args:
        session: read from; nothing is written.
        campaign: its hours, tries and pace are taken as they stand.
        now: the moment of the launch; the campaign's own start counts when it lies later.
        policy: the organisation's own rules.
        account_calls_per_second, account_max_live: limits of the telephone account, shared with nobody.
    """
    expected = estimate(session, campaign)
    pace = _pace(campaign, expected, account_calls_per_second, account_max_live)
    rows, plans = _plans(session, campaign, now, policy, pace)
    called = [plan.at for plan in plans if plan.at is not None]
    never, waited = _denials(plans)
    blockers = tuple(checks(session, campaign, now))
    minutes = len(called) * expected.billed_minutes
    return Preflight(
        start=now,
        cases=len(rows),
        merged=_merged(session, campaign),
        will_call=len(called),
        when=_by_hour(called),
        skipped=_groups(never, rows),
        held=_groups(waited, rows),
        first_at=min(called, default=None),
        end_at=max(called, default=None),
        estimate=expected,
        minutes=minutes,
        cost=minutes * campaign.cost_per_minute,
        missing=_missing(blockers),
        blockers=blockers,
    )


def plan_rows(
    session: Session,
    campaign: Campaign,
    now: datetime,
    *,
    policy: GatePolicy,
    say: Callable[[Mapping[str, Any]], str] | None = None,
) -> Iterator[dict[str, Any]]:
    """Every waiting case with its plan, as rows of COLUMNS in the order of calling, those never called last.

    `say` turns a decision's JSON into a sentence; without it the rule's name stands there.
    """
    expected = estimate(session, campaign)
    rows, plans = _plans(session, campaign, now, policy, _pace(campaign, expected))
    last = max((plan.at for plan in plans if plan.at is not None), default=now)
    for plan in sorted(plans, key=lambda plan: (plan.at is None, plan.at or last, plan.case_id)):
        row, denial = rows[plan.case_id], plan.last if plan.at is None else plan.first
        sentence = "" if denial.allowed else say(denial.to_json()) if say else denial.rule
        yield {
            "case_id": plan.case_id,
            "reference": row.reference,
            "name": row.name,
            "number": row.number,
            "will_call": plan.at is not None,
            "first_call_at": plan.at,
            "rule": denial.rule if plan.at is None else "",
            "reason": sentence if plan.at is None else "",
            "waits_for": sentence if plan.at is not None else "",
        }


def _pace(
    campaign: Campaign,
    expected: Estimate,
    account_calls_per_second: float = float("inf"),
    account_max_live: float = float("inf"),
) -> Pace:
    """Calls that can begin per second: the pace that was set, unless the lines are taken for longer."""
    pacing = campaign.pacing
    lines = min(pacing.max_live, account_max_live)
    speed = min(pacing.calls_per_second, account_calls_per_second, lines / expected.line_s)
    return Pace(calls_per_second=speed, ramp_min=pacing.ramp_min)


def _plans(
    session: Session, campaign: Campaign, now: datetime, policy: GatePolicy, pace: Pace
) -> tuple[dict[int, Any], list[Plan]]:
    """The waiting cases by id, as rows of a few columns, and their plans."""
    rows: dict[int, Any] = {}
    candidates: list[Candidate] = []
    for batch in _batches(session, campaign):
        facts = load_facts(session, [(row, campaign) for row in batch], now, policy=policy, launched=True)
        for row, fact in zip(batch, facts, strict=True):
            rows[row.id] = row
            candidates.append(Candidate(case_id=row.id, priority=row.priority, due_at=row.due_at, facts=fact))
    return rows, forecast(candidates, now, pace)


def _batches(session: Session, campaign: Campaign) -> Iterator[Sequence[Any]]:
    last = 0
    while True:
        found = session.execute(
            select(*CASE_COLUMNS, Case.priority, Case.due_at, Case.name)
            .where(
                Case.campaign_id == campaign.id,
                Case.kind == CaseKind.NORMAL,
                Case.state == CaseState.OPEN,
                Case.id > last,
            )
            .order_by(Case.id)
            .limit(BATCH)
        ).all()
        if not found:
            return
        yield found
        last = found[-1].id


def _merged(session: Session, campaign: Campaign) -> int:
    return case_counts(session, campaign.id).of(state=CaseState.MERGED)


def _by_hour(moments: Sequence[datetime]) -> dict[datetime, int]:
    found: dict[datetime, int] = {}
    for moment in moments:
        hour = hour_of(moment)
        found[hour] = found.get(hour, 0) + 1
    return dict(sorted(found.items()))


def _groups(decisions: Mapping[int, Decision], rows: Mapping[int, Any]) -> tuple[Group, ...]:
    by_rule: dict[str, list[int]] = {}
    for case_id, decision in decisions.items():
        by_rule.setdefault(decision.rule, []).append(case_id)
    groups = [
        Group(
            rule=rule,
            cases=len(ids),
            samples=tuple(_sample(rows[case_id], decisions[case_id]) for case_id in sorted(ids)[:SAMPLES]),
        )
        for rule, ids in by_rule.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.cases, group.rule)))


def _sample(row: Any, decision: Decision) -> Sample:
    return Sample(
        case_id=row.id, name=row.name, number=row.number, reference=row.reference, decision=decision.to_json()
    )


def _denials(plans: Sequence[Plan]) -> tuple[dict[int, Decision], dict[int, Decision]]:
    """By case: the denials that are final, and those that only make it wait."""
    never = {plan.case_id: plan.last for plan in plans if plan.at is None}
    return never, {plan.case_id: plan.first for plan in plans if plan.at is not None and not plan.first.allowed}


def _missing(blockers: Sequence[Blocker]) -> dict[str, int]:
    lacking = (blocker.details for blocker in blockers if blocker.code == "missing_variable")
    return {str(details.get("variable", "")): int(details.get("count", 0)) for details in lacking}
