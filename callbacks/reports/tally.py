"""An ended attempt is counted once, in the transaction that ends it; the pages read the counts, never the attempts."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt, AttemptState, BusinessOutcome, CarrierOutcome
from callbacks.case import CaseKind
from callbacks.tallies import Tally
from storage.database import connection_of

SHORT_S = 6
"""Answered calls that end within this many seconds are short: a sign of a number that people take for spam."""

COUNTED = ("attempts", "rang", "answered", "heard", "replied", "short", "talk_s")


def count_attempt(session: Session, attempt: Attempt, *, heard: bool, replied: bool) -> None:
    """Add an ended attempt to its campaign's counts: one statement, nothing is read.

    Args:
        session: the transaction that ends the attempt; the caller sees to it that this happens once per attempt.
        attempt: ENDED, with its outcomes filled in. Test calls, and dials that never left the house, count nowhere.
        heard: the opening was heard to its end.
        replied: the person answered a question.
    """
    if attempt.kind == CaseKind.TEST or attempt.state != AttemptState.ENDED:
        return
    session.flush()
    values = _key(attempt, replied=replied) | _counts(attempt, heard=heard, replied=replied)
    connection_of(session).execute(_statement(session.get_bind().dialect.name), values)


def kind_of_answer(answered_by: str, *, replied: bool) -> str:
    """The provider's word for who answered as human, machine, fax, unknown or "". Whoever replies is a human."""
    if replied:
        return "human"
    return "machine" if answered_by.startswith("machine") else answered_by[:16]


def _key(attempt: Attempt, *, replied: bool) -> dict[str, Any]:
    answered = attempt.carrier_outcome == CarrierOutcome.ANSWERED
    kind = kind_of_answer(attempt.answered_by, replied=replied) if answered else ""
    if attempt.business_outcome == BusinessOutcome.MACHINE and not replied:
        kind = "machine"
    return {
        "campaign_id": attempt.campaign_id,
        "hour": hour_of(attempt.dialled_at or attempt.slot_at),
        "variant": attempt.variant,
        "caller_number": attempt.caller_number,
        "carrier_outcome": str(attempt.carrier_outcome),
        "business_outcome": str(attempt.business_outcome),
        "answered_by": kind,
    }


def _counts(attempt: Attempt, *, heard: bool, replied: bool) -> dict[str, int]:
    answered = attempt.carrier_outcome == CarrierOutcome.ANSWERED
    seconds = (attempt.duration_s or 0) if answered else 0
    return {
        "attempts": 1,
        "rang": int(answered or attempt.rang_at is not None),
        "answered": int(answered),
        "heard": int(answered and heard),
        "replied": int(answered and replied),
        "short": int(answered and seconds <= SHORT_S),
        "talk_s": seconds,
    }


def hour_of(moment: datetime) -> datetime:
    """The hour a moment lies in."""
    return moment.replace(minute=0, second=0, microsecond=0)


@cache
def _statement(dialect: str) -> Any:
    table = Tally.__table__
    if not isinstance(table, Table):
        raise TypeError("The tallies are no table.")
    made: Any = (sqlite_insert if dialect == "sqlite" else postgresql_insert)(table)
    more = {name: table.c[name] + made.excluded[name] for name in COUNTED}
    return made.on_conflict_do_update(index_elements=list(table.primary_key), set_=more)
