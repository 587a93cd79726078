"""What a list of cases is filtered by, and what the page of one case shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from callbacks.answers import AnswerRecord
from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind, CaseState
from callbacks.reports.why_not import IS_OPEN, why_not
from console.campaign_live_values import shared
from console.campaign_terms import SOURCE, term
from console.campaign_why import decision_sentence, why_sentence
from console.naming import Names
from flows.errors import FlowError
from flows.versions import FlowVersion, load_document

SIZE = 50
NO_RULE = "-"
"""Stands in addresses for cases that no rule held back."""


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """What is asked of a list of cases; "" for anything."""

    state: str = ""
    reason: str = ""
    rule: str = ""
    outcome: str = ""
    variant: str = ""
    text: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> CaseFilter:
        """The filter in an address."""
        return cls(
            **{name: args.get(name, "").strip()[:100] for name in cls.__dataclass_fields__ if name != "text"},
            text=args.get("q", "").strip()[:100],
        )

    @property
    def is_set(self) -> bool:
        """Anything is asked."""
        return any((self.state, self.reason, self.rule, self.outcome, self.variant, self.text))


def cases_of(s: Session, campaign: Campaign, wanted: CaseFilter, after: int | None) -> list[Case]:
    """A page of cases and one more, newest first, from below the id `after` on."""
    query = select(Case).where(Case.campaign_id == campaign.id, Case.kind == CaseKind.NORMAL, *_conditions(wanted))
    if wanted.state != CaseState.STAGED:
        query = query.where(Case.state != CaseState.STAGED)
    if after is not None:
        query = query.where(Case.id < after)
    return list(s.scalars(query.order_by(Case.id.desc()).limit(SIZE + 1)))


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[Any] = []
    if wanted.state == CaseState.OPEN:
        found.append(IS_OPEN)
    elif wanted.state:
        found.append(Case.state == wanted.state)
    for column, value in ((Case.reason, wanted.reason), (Case.outcome, wanted.outcome), (Case.variant, wanted.variant)):
        if value:
            found.append(column == value)
    if wanted.rule:
        found.append(Case.rule == ("" if wanted.rule == NO_RULE else wanted.rule))
    if wanted.text:
        found.append(_matches(wanted.text))
    return found


def _matches(text: str) -> ColumnElement[bool]:
    either = [Case.reference == text, Case.name.contains(text, autoescape=True)]
    # Numbers are typed with and without their country code, so the end decides.
    digits = "".join(c for c in text if c.isdigit()).lstrip("0")
    if len(digits) >= 4 and not any(c.isalpha() for c in text):
        either.append(Case.number.endswith(digits))
    return or_(*either)


def choices(s: Session, campaign: Campaign) -> dict[str, Any]:
    """What the filters offer: states, and the reasons, rules and outcomes that occur."""
    rules = s.scalars(select(Case.rule).where(Case.campaign_id == campaign.id, IS_OPEN).group_by(Case.rule))
    recent = (
        select(Case.outcome)
        .where(Case.campaign_id == campaign.id, Case.kind == CaseKind.NORMAL)
        .order_by(Case.id.desc())
        .limit(2000)
        .subquery()
    )
    outcomes = s.scalars(select(recent.c.outcome).where(recent.c.outcome != "").distinct())
    reasons = s.scalars(
        select(Case.reason).where(Case.campaign_id == campaign.id, Case.state == CaseState.CLOSED).group_by(Case.reason)
    )
    return {
        "states": [(x, term("case", x).label) for x in ("open", "calling", "merged", "closed")],
        "reasons": [(x, term("close_reason", x).label) for x in reasons if x],
        "rules": [(x or NO_RULE, term("rule", x).label) for x in rules],
        "outcomes": [(x, term("outcome", x).label) for x in sorted(outcomes)],
    }


def row_values(campaign: Campaign, cases: list[Case], moment: datetime) -> dict[str, Any]:
    """The rows of a list with their sentences."""
    whys = {case.id: why_not(case, campaign, moment) for case in cases}
    return {"cases": cases, "whys": whys, "sentences": {key: why_sentence(reason) for key, reason in whys.items()}}


def case_values(s: Session, campaign: Campaign, case: Case, moment: datetime) -> dict[str, Any]:
    """Everything about one case."""
    attempts = list(s.scalars(select(Attempt).where(Attempt.case_id == case.id).order_by(Attempt.n.desc())))
    reason = why_not(case, campaign, moment)
    answers = list(s.scalars(select(AnswerRecord).where(AnswerRecord.case_id == case.id).order_by(AnswerRecord.id)))
    riders = s.scalars(select(Case).where(Case.merged_into_id == case.id).order_by(Case.id).limit(100))
    return shared(campaign) | {
        "case": case,
        "why": reason,
        "why_sentence": why_sentence(reason),
        "attempts": attempts,
        "decisions": {attempt.id: decision_sentence(attempt.decision or {}) for attempt in attempts},
        "answers": answers,
        "names": _names(s, answers),
        "riders": list(riders),
        "lead": s.get(Case, case.merged_into_id) if case.merged_into_id else None,
        "rang": sum(1 for attempt in attempts if attempt.rang_at or attempt.answered_at),
        "may_cancel": case.state in (CaseState.OPEN, CaseState.CALLING, CaseState.MERGED) and not case.reason,
        "may_postpone": case.state == CaseState.OPEN,
        "is_ended": {attempt.id: attempt.state == AttemptState.ENDED for attempt in attempts},
        "sources": SOURCE,
        "problem": "",
        "draft": {},
    }


def _names(s: Session, answers: list[AnswerRecord]) -> dict[int, Names]:
    wanted = {answer.flow_version_id for answer in answers if answer.flow_version_id}
    found: dict[int, Names] = {}
    for version in s.scalars(select(FlowVersion).where(FlowVersion.id.in_(wanted))):
        try:
            found[version.id] = Names(document=load_document(version))
        except FlowError:
            found[version.id] = Names()
    return {answer.id: found.get(answer.flow_version_id or 0, Names()) for answer in answers}


def count_of(s: Session, campaign: Campaign, wanted: CaseFilter, most: int = 10_000) -> int:
    """How many cases fit, counted up to `most`."""
    query = select(Case.id).where(Case.campaign_id == campaign.id, Case.kind == CaseKind.NORMAL, *_conditions(wanted))
    return s.scalar(select(func.count()).select_from(query.limit(most).subquery())) or 0
