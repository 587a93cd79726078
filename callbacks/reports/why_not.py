"""Why a case is not being called at this moment: there is an answer for every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseKind, CaseState

DIALLING = (CampaignState.RUNNING, CampaignState.DRAINING)

IS_OPEN = text("cases.state = 'open'")
"""Written out: neither database proves from a bound value that a partial index fits."""


class Why(StrEnum):
    """What keeps a case from being dialled."""

    CALLING = "calling"
    """It is being called."""
    CLOSED = "closed"
    """It is over; its reason says why."""
    MERGED = "merged"
    """It rides along with another case of the same person."""
    NOT_RUNNING = "not_running"
    """Its campaign does not dial."""
    RULE = "rule"
    """The gate said no, for now."""
    WISHED = "wished"
    """The person asked for another time."""
    RETRY = "retry"
    """It waits between two tries."""
    NOT_YET = "not_yet"
    """It may not be called before a given moment."""
    IN_TURN = "in_turn"
    """It is due and waits for its place in the pace."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why, with what a sentence about it needs.

    `rule` and `inputs` are the gate's for RULE; `until` is the moment of the next look, None when there is none;
    `close_reason` is that of a closed case; `other_id` the case that a merged one rides with.
    """

    why: Why
    rule: str = ""
    inputs: Mapping[str, Any] | None = None
    until: datetime | None = None
    close_reason: str = ""
    other_id: int | None = None


_FIXED = {CaseState.CALLING: Why.CALLING, CaseState.MERGED: Why.MERGED, CaseState.CLOSED: Why.CLOSED}


def why_not(case: Case, campaign: Campaign, now: datetime) -> Reason:
    """Why this case is not dialled now. A case that is being dialled says that."""
    if (fixed := _FIXED.get(case.state)) is not None:
        denied = fixed == Why.CLOSED and bool(case.rule)
        return Reason(
            why=fixed,
            close_reason=str(case.reason),
            other_id=case.merged_into_id,
            rule=case.rule if denied else "",
            inputs=case.rule_inputs if denied else None,
        )
    if campaign.state not in DIALLING:
        return Reason(why=Why.NOT_RUNNING)
    until = case.due_at if case.due_at > now else None
    if until is None:
        return Reason(why=Why.IN_TURN, rule=case.rule, inputs=case.rule_inputs)
    if case.wish_at is not None and case.wish_at >= now:
        return Reason(why=Why.WISHED, until=until)
    if case.rule:
        return Reason(why=Why.RULE, rule=case.rule, inputs=case.rule_inputs, until=until)
    return Reason(why=Why.RETRY if case.tries else Why.NOT_YET, until=until)


@dataclass(frozen=True, kw_only=True)
class RuleCount:
    """Cases that wait because of one rule ("" when none denied them), and when the first of them is looked at again."""

    rule: str
    cases: int
    next_at: datetime | None


def waiting_by_rule(session: Session, campaign_id: int) -> list[RuleCount]:
    """The open cases of a campaign by the gate's last denial, the most frequent first, by ix_cases_open_rule alone."""
    rows = session.execute(
        select(Case.rule, func.count(), func.min(Case.due_at))
        .where(Case.campaign_id == campaign_id, IS_OPEN, Case.kind == CaseKind.NORMAL)
        .group_by(Case.rule)
    )
    found = [RuleCount(rule=rule, cases=n, next_at=next_at) for rule, n, next_at in rows]
    return sorted(found, key=lambda row: -row.cases)
