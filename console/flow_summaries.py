"""What the list of flows says of each: what is in force, what is being drawn, who uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.words import local_title
from flows.documents import from_json
from flows.errors import DocumentError
from flows.problems import Level
from flows.saved_tests import FlowTest
from flows.validation import lint
from flows.versions import Draft, Flow, FlowVersion, flow_names
from ivr.calls import Call
from ivr.lines import Line

STATES = ("draft", "published", "unpublished")
"""What one may filter by: being changed, in force, never published."""


@dataclass(frozen=True, kw_only=True)
class DraftState:
    """A flow's draft: who saved it when, and what the lint says. `same` when it differs in nothing from what is in
    force; `revision` counts its saves.
    """

    at: datetime
    by: str
    revision: int
    errors: int
    warnings: int
    same: bool = False


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A flow in the list."""

    flow: Flow
    version: FlowVersion | None
    draft: DraftState | None
    lines: tuple[Line, ...]
    calls_in_week: int
    tests: int

    @property
    def languages(self) -> list[str]:
        """What it speaks, by the version in force."""
        return list(self.version.document.get("languages", [])) if self.version else []

    @property
    def ear(self) -> str:
        """Who listens, "carrier" or "house", by the version in force."""
        return str(self.version.document.get("ear") or "carrier") if self.version else "carrier"

    @property
    def state(self) -> tuple[str, ...]:
        """The filters it belongs to."""
        published = "published" if self.version else "unpublished"
        return (published, "draft") if self.draft else (published,)


def summaries(s: Session, moment: datetime, *, words: str = "", state: str = "") -> list[Summary]:
    """Every flow by name, or those whose name or title has the words, and that are in the state."""
    rows = s.execute(
        select(Flow, FlowVersion, Draft)
        .outerjoin(FlowVersion, Flow.published_version_id == FlowVersion.id)
        .outerjoin(Draft, Draft.flow_id == Flow.id)
        .order_by(Flow.name)
    ).all()
    since = moment - timedelta(days=7)
    counted = select(Call.flow_name, func.count()).where(Call.started_at >= since).group_by(Call.flow_name)
    counts = dict(s.execute(counted).tuples().all())
    tested = select(FlowTest.flow_id, func.count()).group_by(FlowTest.flow_id)
    tests = dict(s.execute(tested).tuples().all())
    lines, known = lines_by_flow(s), flow_names(s)
    found = [
        Summary(
            flow=flow,
            version=version,
            draft=draft_state(draft, version, known, moment) if draft else None,
            lines=tuple(lines.get(flow.id, ())),
            calls_in_week=counts.get(flow.name, 0),
            tests=tests.get(flow.id, 0),
        )
        for flow, version, draft in rows
        if _has(flow, words)
    ]
    return [summary for summary in found if not state or state in summary.state]


def _has(flow: Flow, words: str) -> bool:
    text = " ".join((flow.name, local_title(flow.title), *map(str, (flow.title or {}).values()))).casefold()
    return all(word in text for word in words.casefold().split())


def lines_by_flow(s: Session) -> dict[int, list[Line]]:
    """The numbers of each flow by its id, those that it answers outside their hours too."""
    found: dict[int, list[Line]] = {}
    for line in s.scalars(select(Line).order_by(Line.number)):
        for flow_id in dict.fromkeys((line.flow_id, line.closed_flow_id)):
            if flow_id is not None:
                found.setdefault(flow_id, []).append(line)
    return found


def draft_state(draft: Draft, version: FlowVersion | None, known: Any, moment: datetime) -> DraftState:
    """What there is to say of a draft, half-made or not."""
    levels = _levels(draft, known, moment)
    return DraftState(
        at=draft.updated_at,
        by=draft.updated_by,
        revision=draft.revision,
        errors=levels.count(Level.ERROR),
        warnings=levels.count(Level.WARNING),
        same=version is not None and draft.document == version.document,
    )


def _levels(draft: Draft, known: Any, moment: datetime) -> Sequence[Level]:
    try:
        document = from_json(dict(draft.document))
    except DocumentError as error:
        return [problem.level for problem in error.problems]
    return [problem.level for problem in lint(document, known_flows=known, now=moment)]
