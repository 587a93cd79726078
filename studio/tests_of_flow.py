"""The saved tests of a flow: kept, run, and named in sentences."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flows.documents import FlowDocument
from flows.saved_tests import FlowTest
from flows.versions import Flow
from ivr.rehearsal.dumping import dump_scenario, scenario_data
from ivr.rehearsal.errors import ScenarioError
from ivr.rehearsal.scenario import Scenario, parse_scenario
from ivr.rehearsal.testing import NamedTest, TestResult, TestRun, run_tests
from studio.errors import Refused
from studio.library import published_documents
from studio.sentences import told
from tickets.audit import record
from tickets.categories import Category

TESTS_AT_MOST = 200
LONGEST_NAME = 120
ORIGINS = ("written", "recorded", "proposed", "missed", "call", "imported")


def saved_tests(s: Session, flow_name: str) -> list[FlowTest]:
    """The tests of a flow by name; [] for a flow that does not exist."""
    query = select(FlowTest).join(Flow, Flow.id == FlowTest.flow_id).where(Flow.name == flow_name)
    return list(s.scalars(query.order_by(FlowTest.name, FlowTest.id)))


def run_saved(
    s: Session, document: FlowDocument, now: datetime, *, flow_values: Mapping[str, Any] | None = None
) -> list[TestResult]:
    """Every saved test of the document's flow, run against this document."""
    return list(run_chosen(s, document, now, flow_values=flow_values).results)


def run_chosen(
    s: Session,
    document: FlowDocument,
    now: datetime,
    *,
    ids: Collection[int] | None = None,
    more: Sequence[NamedTest] = (),
    flow_values: Mapping[str, Any] | None = None,
) -> TestRun:
    """Saved tests run against a document, and what they reach: those of `ids`, or all; and `more`, which are not saved.

    A saved test that cannot be read any more fails with a sentence.
    """
    rows = [row for row in saved_tests(s, document.name) if ids is None or row.id in ids]
    tests = [(row.id, row.name, _readable(row)) for row in rows]
    return run_tests(
        document,
        [*tests, *more],
        others=published_documents(s),
        now=now,
        flow_values=flow_values,
        categories=categories(s),
    )


def categories(s: Session) -> list[Category] | None:
    """The desk's categories, as rehearsed tickets get them; None when there are none yet."""
    return list(s.scalars(select(Category))) or None


def save_test(
    s: Session,
    flow_name: str,
    *,
    name: str,
    scenario: Scenario | Mapping[str, Any] | str,
    by: str,
    now: datetime,
    user_id: int | None = None,
    origin: str = "written",
    test_id: int | None = None,
    demo: bool = False,
) -> FlowTest:
    """Keep a test, or change the one of `test_id`. A name is unique within its flow; `demo` goes with the demo's data.

    Raises Refused: no such flow or test (404), a name that is taken (409), a scenario that cannot be read or one test
    too many (422).
    """
    flow = _flow(s, flow_name)
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused(told("A test needs a name of at most {limit} characters.", limit=LONGEST_NAME))
    whole = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    test = _new(s, flow, now, by) if test_id is None else find_test(s, flow_name, test_id)
    taken = select(FlowTest.id).where(FlowTest.flow_id == flow.id, FlowTest.name == name)
    with s.no_autoflush:
        if (other := s.scalar(taken)) is not None and other != test.id:
            raise Refused(
                told("The flow has a test named “{name}” already. Choose another name.", name=name), status=409
            )
    test.name = name
    test.scenario = scenario_data(whole.model_copy(update={"name": name}))
    test.updated_at, test.updated_by = now, by[:120]
    if test_id is None:
        test.origin = origin if origin in ORIGINS else "written"
        s.add(test)
    s.flush()
    record(s, at=now, user_id=user_id, action="flow.test.save", subject=flow_name, test=test.id).demo = demo
    return test


def _new(s: Session, flow: Flow, now: datetime, by: str) -> FlowTest:
    count = s.scalar(select(func.count(FlowTest.id)).where(FlowTest.flow_id == flow.id)) or 0
    if count >= TESTS_AT_MOST:
        raise Refused(told("A flow has at most {limit} tests. Delete some first.", limit=TESTS_AT_MOST))
    return FlowTest(flow_id=flow.id, created_at=now, created_by=by[:120])


def find_test(s: Session, flow_name: str, test_id: int) -> FlowTest:
    """A test of a flow. Raises Refused (404)."""
    test = s.get(FlowTest, test_id)
    if test is None or test.flow_id != _flow(s, flow_name).id:
        raise Refused(told("The flow has no such test; perhaps somebody deleted it."), status=404)
    return test


def delete_test(s: Session, flow_name: str, test_id: int, *, now: datetime, user_id: int | None = None) -> None:
    """Remove a test. Raises Refused (404)."""
    s.delete(find_test(s, flow_name, test_id))
    record(s, at=now, user_id=user_id, action="flow.test.delete", subject=flow_name, test=test_id)


def read_scenario(source: Mapping[str, Any] | str) -> Scenario:
    """The scenario of a request. Raises Refused (422) with the step that cannot be understood."""
    try:
        return parse_scenario(source if isinstance(source, str) else dict(source))
    except ScenarioError as error:
        raise Refused(error.sentence.told(told)) from error


def _readable(row: FlowTest) -> Scenario:
    try:
        return parse_scenario(row.scenario, row.name)
    except ScenarioError:
        # What cannot be read any more fails at its first step, with a sentence that says so.
        return parse_scenario({"steps": [{"hear": told("This test cannot be read any more; open and save it.")}]})


def shown_test(row: FlowTest) -> dict[str, Any]:
    """A test as the editor takes it."""
    scenario = _readable(row)
    return {
        "id": row.id,
        "name": row.name,
        "origin": row.origin,
        "yaml": dump_scenario(scenario),
        "scenario": scenario_data(scenario),
        "updated_at": row.updated_at.isoformat(),
        "updated_by": row.updated_by,
    }


def load_examples(s: Session, folder: Path, now: datetime) -> int:
    """Keep the tests below `folder`, a folder for each flow's name, for flows of the demo; how many are new.

    Tests whose name a flow has already stay as they are, and flows of the organisation's own get none.
    """
    added = 0
    for file in sorted(folder.glob("*/*.yaml")):
        known = {row.name for row in saved_tests(s, file.parent.name)}
        scenario = parse_scenario(file.read_bytes(), file.stem)
        exists = s.scalar(select(Flow.id).where(Flow.name == file.parent.name, Flow.demo)) is not None
        if exists and scenario.name not in known:
            save_test(s, file.parent.name, name=scenario.name, scenario=scenario, by="demo", now=now, demo=True)
            added += 1
    return added


def _flow(s: Session, name: str) -> Flow:
    flow = s.scalar(select(Flow).where(Flow.name == name[:60]))
    if flow is None:
        raise Refused(told("There is no flow “{name}”.", name=name[:60]), status=404)
    return flow
