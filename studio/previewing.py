"""What putting a document in force would do: what differs, what is wrong, which tests fail, whom it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.diff import Diff, diff
from flows.documents import FlowDocument
from flows.errors import DocumentError
from flows.problems import Level, Problem
from flows.validation import lint
from flows.validation.speech_knowledge import NOTHING_KNOWN, SpeechKnowledge
from flows.versions import Flow, FlowVersion, flow_names, load_document, next_number
from ivr.rehearsal.testing import TestResult
from studio.dependent import Dependent
from studio.dependents import dependents
from studio.ears import heard_by_house
from studio.sentences import told
from studio.tests_of_flow import run_saved


@dataclass(frozen=True, kw_only=True)
class PublishPreview:
    """What publishing a document would do.

    Attributes:
        document: what was looked at.
        base_version_id: the version in force that it was compared with, None for none.
        difference: from the version in force; None when there is none.
        problems: the lint's findings, errors and warnings.
        tests: how the flow's saved tests went on this document.
        dependents: who uses the flow, what breaks first.
        next_number: the number the version would get.
    """

    document: FlowDocument
    base_version_id: int | None
    difference: Diff | None
    problems: tuple[Problem, ...]
    tests: tuple[TestResult, ...]
    dependents: tuple[Dependent, ...]
    next_number: int

    @property
    def blockers(self) -> tuple[str, ...]:
        """Why it is refused without a reason, a sentence each, in the reader's language."""
        return tuple(self._blockers())

    def _blockers(self) -> Iterator[str]:
        errors = sum(1 for problem in self.problems if problem.level is Level.ERROR)
        if errors == 1:
            yield told("The flow has an error.")
        elif errors:
            yield told("The flow has {count} errors.", count=errors)
        for result in self.tests:
            if not result.passed:
                yield told("The saved test “{name}” fails.", name=result.name)
        yield from breaking(self.dependents)


def breaking(found: tuple[Dependent, ...]) -> Iterator[str]:
    """A sentence for each dependent that a change breaks, with its name."""
    words = {
        "line": told("The number {title}:"),
        "flow": told("The flow {title}:"),
        "campaign": told("The campaign {title}:"),
    }
    for dependent in found:
        if dependent.breaks:
            yield f"{words[dependent.kind].replace('{title}', dependent.title)} {dependent.sentence}"


def preview(
    session: Session,
    document: FlowDocument,
    *,
    now: datetime,
    flow_values: Mapping[str, Any] | None = None,
    speech: SpeechKnowledge = NOTHING_KNOWN,
) -> PublishPreview:
    """Look at everything that publishing the document would do; nothing is changed.

    `flow_values` are the organisation's values that every call starts with, for the saved tests; `speech` is what the
    machine hears and says, for the lint.
    """
    flow = session.scalar(select(Flow).where(Flow.name == document.name))
    current = in_force(session, flow)
    before = readable(current)
    return PublishPreview(
        document=document,
        base_version_id=current.id if current else None,
        difference=diff(before, document) if before else None,
        problems=tuple(
            lint(
                document,
                known_flows=flow_names(session),
                now=now,
                speech=speech,
                house_ear=heard_by_house(session, document.name),
            )
        ),
        tests=tuple(run_saved(session, document, now, flow_values=flow_values)) if flow else (),
        dependents=dependents(session, document.name, before, document),
        next_number=next_number(session, flow.id) if flow else 1,
    )


def in_force(session: Session, flow: Flow | None) -> FlowVersion | None:
    """The version that new calls take, None before the first."""
    if flow is None or flow.published_version_id is None:
        return None
    return session.get(FlowVersion, flow.published_version_id)


def readable(version: FlowVersion | None) -> FlowDocument | None:
    """Its document, None when it cannot be read any more: then it holds nobody back."""
    try:
        return load_document(version) if version is not None else None
    except DocumentError:
        return None
