"""May we call this person, and how often did we: opt-outs, consents, calls of the last days, open cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind
from callbacks.consents import Consent
from callbacks.opt_outs import OptOut
from console.do_not_call import evidence_of
from tickets.people import Person

SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
MOST_CASES = 20


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Calls that rang at any of the person's numbers, over all campaigns."""

    day: int
    week: int
    month: int


def of_person(s: Session, person: Person, now: datetime) -> dict[str, Any]:
    """What the person's page shows about calls we make."""
    numbers = [n.number for n in person.numbers]
    opt_outs = list(s.scalars(select(OptOut).where(OptOut.number.in_(numbers)).order_by(OptOut.created_at.desc())))
    consents = s.scalars(select(Consent).where(Consent.number.in_(numbers)).order_by(Consent.given_at.desc()).limit(20))
    cases = (
        select(Case, Campaign.name)
        .join(Campaign, Case.campaign_id == Campaign.id)
        .where(Case.number.in_(numbers), Case.kind == CaseKind.NORMAL)
        .order_by(Case.id.desc())
        .limit(MOST_CASES)
    )
    return {
        "opt_outs": opt_outs,
        "opt_out_evidence": evidence_of(s, opt_outs),
        "consents": list(consents),
        "reached": _reached(s, numbers, now),
        "cases": s.execute(cases).tuples().all(),
    }


def _reached(s: Session, numbers: list[str], now: datetime) -> Reached:
    columns = [func.count().filter(Attempt.rang_at > now - span) for span in SPANS.values()]
    since = now - SPANS["month"] - timedelta(days=1)
    counted = select(*columns).where(
        Attempt.number.in_(numbers), Attempt.dialled_at > since, Attempt.kind == CaseKind.NORMAL
    )
    found = list(s.execute(counted).one())
    return Reached(day=found[0], week=found[1], month=found[2])
