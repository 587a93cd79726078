"""A due case becomes a claimed attempt, if the gate lets it; a denial is written to the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind, CaseState
from callbacks.cases import close
from callbacks.dialing.deps import DialDeps
from callbacks.dialing.inserting import insert_unless_there
from callbacks.gate.decision import Decision
from callbacks.gate.loading import load_facts
from callbacks.gate.may_dial import may_dial
from callbacks.launch_checks import flow_versions

BUSY_AGAIN = timedelta(seconds=30)
"""A case whose number or matter is being called for another case is looked at again after so long."""

LEAST_WAIT = timedelta(seconds=1)

NO_NUMBER = "caller_number"
"""Rule of a denial that is the dialer's own: the campaign has no number to call from."""

NO_FLOW = "flow"
"""The same, when no published flow is there to call with."""

CALLEE_BUSY = "callee_busy"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A slot for a case."""

    case: Case
    campaign: Campaign
    slot_at: datetime


class Batch:
    """The claims of one tick: no number and no matter twice, since the gate cannot see what is not stored yet."""

    def __init__(self, session: Session, deps: DialDeps, now: datetime) -> None:
        self._session = session
        self._deps = deps
        self._now = now
        self._numbers: set[str] = set()
        self._references: set[str] = set()

    def allowed(self, cases: Sequence[Case], campaigns: dict[int, Campaign]) -> list[Case]:
        """The cases that may be dialled now; the others are denied."""
        pairs = [(case, campaigns[case.campaign_id]) for case in cases]
        if not pairs:
            return []
        facts = load_facts(self._session, pairs, self._now, policy=self._deps.policy)
        return [
            case
            for (case, campaign), known in zip(pairs, facts, strict=True)
            if self._passes(case, campaign, may_dial(known, self._now))
        ]

    def _passes(self, case: Case, campaign: Campaign, decision: Decision) -> bool:
        if not decision.allowed:
            deny(self._session, case, decision, self._now)
            return False
        lacking = "" if campaign.caller_numbers else NO_NUMBER
        lacking = lacking or ("" if flow_version(self._session, case, campaign) is not None else NO_FLOW)
        if lacking:
            put_off(case, lacking, self._now + timedelta(minutes=5))
            return False
        if case.number in self._numbers or (case.reference and case.reference in self._references):
            put_off(case, CALLEE_BUSY, self._now + BUSY_AGAIN)
            return False
        self._numbers.add(case.number)
        if case.reference:
            self._references.add(case.reference)
        return True

    def claim(self, grants: Sequence[Grant]) -> list[int]:
        """Store the attempts; their ids. A case whose number has a live attempt after all is put off."""
        if not grants:
            return []
        tried = self._tried([grant.case.id for grant in grants])
        rows = [self._values(grant, tried.get(grant.case.id, 0) + 1) for grant in grants]
        made = insert_unless_there(self._session, Attempt, (Attempt.id, Attempt.case_id), rows)
        claimed: dict[int, int] = {row.case_id: row.id for row in made}
        for grant, row in zip(grants, rows, strict=True):
            case = grant.case
            if case.id not in claimed:
                put_off(case, CALLEE_BUSY, self._now + BUSY_AGAIN)
                continue
            case.state, case.caller_number = CaseState.CALLING, row["caller_number"]
            case.rule, case.rule_inputs = "", {}
        return [claimed[grant.case.id] for grant in grants if grant.case.id in claimed]

    def _tried(self, case_ids: list[int]) -> dict[int, int]:
        query = select(Attempt.case_id, func.max(Attempt.n)).where(Attempt.case_id.in_(case_ids))
        return {row[0]: row[1] for row in self._session.execute(query.group_by(Attempt.case_id))}

    def _values(self, grant: Grant, n: int) -> dict[str, Any]:
        case, campaign = grant.case, grant.campaign
        return {
            "case_id": case.id,
            "campaign_id": campaign.id,
            "n": n,
            "kind": str(case.kind),
            "purpose": str(case.purpose),
            "number": case.number,
            "caller_number": caller_number(case, campaign),
            "reference": case.reference,
            "variant": case.variant,
            "state": AttemptState.CLAIMED.value,
            "decision": {},
            "claimed_at": self._now,
            "claimed_by": self._deps.name[:80],
            "lease_until": grant.slot_at + timedelta(seconds=self._deps.lease_s),
            "slot_at": grant.slot_at,
            "flow_version_id": flow_version(self._session, case, campaign),
            "demo": case.demo,
        }


def caller_number(case: Case, campaign: Campaign) -> str:
    """The number a case is called from: the same over all its tries, as long as the campaign has it."""
    pool = campaign.caller_numbers
    return case.caller_number if case.caller_number in pool else pool[case.id % len(pool)]


def flow_version(session: Session, case: Case, campaign: Campaign) -> int | None:
    """The version of the flow that a case's variant gets; a test call gets what is published now."""
    if case.kind == CaseKind.TEST:
        first, second = flow_versions(session, campaign)
        chosen = second if case.variant == "b" else first
        return None if chosen is None else chosen.id
    if case.variant == "b" and campaign.flow_b_version_id is not None:
        return campaign.flow_b_version_id
    return campaign.flow_version_id


def deny(session: Session, case: Case, decision: Decision, now: datetime) -> None:
    """Write a denial to its case: it waits for the next moment the gate named, or it is closed."""
    case.rule, case.rule_inputs = decision.rule, decision.to_json()
    if decision.final is not None:
        close(session, case, decision.final, now=now)
        return
    case.state = CaseState.OPEN
    case.due_at = max(decision.next_at or now, now + LEAST_WAIT)


def put_off(case: Case, rule: str, until: datetime) -> None:
    """A denial of the dialer's own."""
    case.rule, case.rule_inputs = rule, {"rule": rule, "next_at": until.isoformat()}
    case.state, case.due_at = CaseState.OPEN, until
