"""What is downloaded of a campaign: its cases, its attempts with the gate's decisions, and people's answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.answers import AnswerRecord
from callbacks.attempt import Attempt
from callbacks.case import Case, CaseKind, CaseState
from flows.snapshots import is_snapshot
from flows.versions import Flow, FlowVersion

BATCH = 1000
VARIABLE_SAMPLE = 2000
"""Names of variables are gathered from so many cases at each end of a campaign: rows of a list have the same ones."""


class Subject(StrEnum):
    """What the rows of a file are."""

    CASES = "cases"
    ATTEMPTS = "attempts"
    ANSWERS = "answers"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Columns, and the rows, which are read from the database as they are taken."""

    columns: Sequence[str]
    rows: Iterator[Mapping[str, Any]]


CASE_COLUMNS = (
    "id", "key", "reference", "name", "number", "language", "purpose", "state", "reason", "outcome", "note",
    "tries", "variant", "caller_number", "flagged", "rule", "due_at", "wish_at", "not_before", "not_after",
    "merged_into_id", "source", "created_at", "closed_at",
)  # fmt: skip
ATTEMPT_COLUMNS = (
    "id", "case_id", "n", "reference", "number", "caller_number", "variant", "state", "carrier_outcome",
    "business_outcome", "outcome_word", "answered_by", "sip_code", "duration_s", "error", "claimed_at", "slot_at",
    "dialled_at", "rang_at", "answered_at", "ended_at", "call_id", "sid", "flow_version",
)  # fmt: skip
DECISION_COLUMNS = ("decision_rule", "decision_law", "decision_law_version", "decision_at", "decision_inputs")
ANSWER_COLUMNS = (
    "id", "case_id", "reference", "number", "node", "question", "answer", "heard", "mode", "confidence",
    "audio_offset_ms", "language", "at", "call_id", "flow_version",
)  # fmt: skip


def table(session: Session, campaign_id: int, subject: Subject, *, time_zone: str = "UTC") -> Table:
    """The rows of a campaign, oldest first, times as ISO 8601 in `time_zone`. Test calls are left out."""
    zone = ZoneInfo(time_zone)
    made: dict[Subject, Callable[[Session, int, ZoneInfo], Table]] = {
        Subject.CASES: _cases,
        Subject.ATTEMPTS: _attempts,
        Subject.ANSWERS: _answers,
    }
    return made[subject](session, campaign_id, zone)


def _cases(session: Session, campaign_id: int, zone: ZoneInfo) -> Table:
    names = [f"var:{name}" for name in _variable_names(session, campaign_id)]

    def rows() -> Iterator[dict[str, Any]]:
        where = (Case.campaign_id == campaign_id, Case.kind == CaseKind.NORMAL, Case.state != CaseState.STAGED)
        for case in _by_id(session, Case, *where):
            values = {name: _local(getattr(case, name), zone) for name in CASE_COLUMNS}
            yield values | {name: (case.variables or {}).get(name[4:]) for name in names}

    return Table(columns=(*CASE_COLUMNS, *names), rows=rows())


def _variable_names(session: Session, campaign_id: int) -> list[str]:
    found: dict[str, None] = {}
    for order in (Case.id, Case.id.desc()):
        query = select(Case.variables).where(Case.campaign_id == campaign_id, Case.kind == CaseKind.NORMAL)
        for variables in session.scalars(query.order_by(order).limit(VARIABLE_SAMPLE)):
            found |= dict.fromkeys(variables or {})
    return list(found)


def _attempts(session: Session, campaign_id: int, zone: ZoneInfo) -> Table:
    versions = _versions(session)

    def rows() -> Iterator[dict[str, Any]]:
        where = (Attempt.campaign_id == campaign_id, Attempt.kind == CaseKind.NORMAL)
        for attempt in _by_id(session, Attempt, *where):
            attempt_values = {name: _local(getattr(attempt, name, None), zone) for name in ATTEMPT_COLUMNS}
            decision = attempt.decision or {}
            decided = {
                f"decision_{name}": decision.get(name) for name in ("rule", "law", "law_version", "at", "inputs")
            }
            yield attempt_values | decided | {"flow_version": versions.get(attempt.flow_version_id or 0, "")}

    return Table(columns=(*ATTEMPT_COLUMNS, *DECISION_COLUMNS), rows=rows())


def _answers(session: Session, campaign_id: int, zone: ZoneInfo) -> Table:
    versions = _versions(session)

    def rows() -> Iterator[dict[str, Any]]:
        tests = select(Case.id).where(Case.campaign_id == campaign_id, Case.kind == CaseKind.TEST)
        where = (AnswerRecord.campaign_id == campaign_id, AnswerRecord.case_id.not_in(tests))
        for answer in _by_id(session, AnswerRecord, *where):
            values = {name: _local(getattr(answer, name, None), zone) for name in ANSWER_COLUMNS}
            yield values | {"flow_version": versions.get(answer.flow_version_id or 0, "")}

    return Table(columns=ANSWER_COLUMNS, rows=rows())


def _by_id(session: Session, model: Any, *where: Any) -> Iterator[Any]:
    """Rows in order of their id, some at a time: no cursor stays open while a slow reader takes them.

    The session forgets what was taken, so it must be one for this alone.
    """
    last = 0
    while True:
        found = list(session.scalars(select(model).where(*where, model.id > last).order_by(model.id).limit(BATCH)))
        yield from found
        if len(found) < BATCH:
            return
        last = found[-1].id
        session.expunge_all()


def _versions(session: Session) -> dict[int, str]:
    """Versions as "name 3", by id; a draft as a test number ran it as "name draft"."""
    rows = session.execute(
        select(FlowVersion.id, Flow.name, FlowVersion.number).join(Flow, Flow.id == FlowVersion.flow_id)
    )
    return {id_: f"{name} {'draft' if is_snapshot(number) else number}" for id_, name, number in rows}


def _local(value: Any, zone: ZoneInfo) -> Any:
    return value.astimezone(zone) if isinstance(value, datetime) else value


def sizes(session: Session, campaign_id: int) -> dict[Subject, int]:
    """How many rows each file will have; counted from indexes alone, so that it is quick for a million attempts."""
    tests = list(session.scalars(select(Case.id).where(Case.campaign_id == campaign_id, Case.kind == CaseKind.TEST)))
    owned: tuple[tuple[Subject, Any, Any], ...] = (
        (Subject.CASES, Case, Case.id),
        (Subject.ATTEMPTS, Attempt, Attempt.case_id),
        (Subject.ANSWERS, AnswerRecord, AnswerRecord.case_id),
    )
    found: dict[Subject, int] = {}
    for subject, model, case_id in owned:
        everything = session.scalar(select(func.count()).where(model.campaign_id == campaign_id)) or 0
        found[subject] = everything - (session.scalar(select(func.count()).where(case_id.in_(tests))) or 0)
    return found
