"""Answers on calls about a case, kept as records of consent: what was asked as it was spoken, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from callbacks.answers import AnswerRecord
from callbacks.call_backs import case_of_call
from callbacks.case import Case, CaseKind
from flows.events import Understood
from ivr.scope import CallScope
from ivr.turns import TurnRow
from storage.insert import insert_row
from work.happenings import tell


def understood(scope: CallScope, event: Understood) -> None:
    """Keep the answer with its question, and tell it; calls about no case have none, and neither have test calls."""
    known = case_of_call(scope.db, scope)
    case = scope.db.get(Case, known[0]) if known is not None else None
    if case is None or case.kind == CaseKind.TEST:
        return
    values = {
        "node": event.node,
        "question": question_before(scope, event),
        "answer": event.value,
        "heard": event.heard,
        "mode": event.mode,
        "confidence": event.confidence,
        "audio_offset_ms": audio_offset_ms(scope),
        "language": scope.talk.language,
    }
    insert_row(
        scope.db,
        AnswerRecord,
        campaign_id=case.campaign_id,
        case_id=case.id,
        call_id=scope.call.id,
        number=case.number,
        reference=case.reference,
        flow_version_id=scope.talk.frames[-1].version if scope.talk.frames else scope.call.flow_version_id,
        at=scope.now,
        **values,
    )
    payload = {
        **values,
        "case_id": case.id,
        "campaign_id": case.campaign_id,
        "number": case.number,
        "reference": case.reference,
        "purpose": str(case.purpose),
        "at": scope.now.isoformat(),
    }
    tell(scope.db, "consent.given", payload, now=scope.now, reference=case.reference)


def audio_offset_ms(scope: CallScope) -> int | None:
    """Milliseconds from the moment the call was answered to now; None when nobody knows when that was."""
    answered_at: datetime | None = scope.columns.get("answered_at", scope.call.answered_at)
    if answered_at is None:
        return None
    return max(0, round((scope.now - answered_at).total_seconds() * 1000))


def question_before(scope: CallScope, event: Understood) -> str:
    """What the caller was asked, as it was spoken.

    A value that was read back was asked for in the turn before, so that question comes first.
    """
    wanted = 2 if event.confirmed else 1
    turns = scope.db.scalars(
        select(TurnRow.said)
        .where(TurnRow.call_id == scope.call.id, TurnRow.number <= scope.call.turn)
        .order_by(TurnRow.number.desc())
        .limit(wanted)
    ).all()
    return " ".join(text for said in reversed(turns) if (text := _asked(said)))


def _asked(said: Sequence[Mapping[str, Any]]) -> str:
    return " ".join(str(line["text"]) for line in said if line.get("kind") == "ask" and line.get("text"))
