"""An attempt's end is counted and told once, in the transaction that ends it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.attempt import Attempt
from callbacks.case import Case
from callbacks.reports.tally import count_attempt
from work.happenings import tell


def attempt_ended(session: Session, attempt: Attempt, case: Case, *, heard: bool, replied: bool, now: datetime) -> None:
    """Count the attempt, and tell other programs of it."""
    count_attempt(session, attempt, heard=heard, replied=replied)
    payload = {
        "attempt": attempt.id,
        "case": case.id,
        "campaign": attempt.campaign_id,
        "kind": attempt.kind,
        "purpose": attempt.purpose,
        "reference": attempt.reference,
        "number": attempt.number,
        "n": attempt.n,
        "carrier_outcome": str(attempt.carrier_outcome),
        "business_outcome": str(attempt.business_outcome),
        "outcome": attempt.outcome_word,
        "answered_by": attempt.answered_by,
        "duration_s": attempt.duration_s,
        "dialled_at": attempt.dialled_at.isoformat() if attempt.dialled_at else None,
        "ended_at": attempt.ended_at.isoformat() if attempt.ended_at else None,
        "call": attempt.call_id,
    }
    tell(session, "attempt.ended", payload, now=now, reference=attempt.reference)
