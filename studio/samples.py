"""Samples: what other systems answer, kept with a flow so that drafts are tried without asking them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from flows.samples import FlowSample
from flows.versions import Flow
from ivr.rehearsal.errors import ScenarioError
from ivr.rehearsal.scenario import LookupSample, Scenario
from ivr.rehearsal.steps import read_part
from studio.errors import Refused
from studio.sentences import told
from tickets.audit import record

SAMPLES_AT_MOST = 200
LONGEST_BODY = 20_000
"""Characters of one body as JSON."""


def samples_of(s: Session, flow: Flow) -> list[FlowSample]:
    """The samples of a flow, by node, in the order in which they were saved."""
    query = select(FlowSample).where(FlowSample.flow_id == flow.id).order_by(FlowSample.node, FlowSample.id)
    return list(s.scalars(query))


def replace_samples(s: Session, flow: Flow, rows: Any, *, now: datetime, user_id: int | None) -> None:
    """Keep these samples instead of those that were there. Raises Refused (422)."""
    if not isinstance(rows, list) or len(rows) > SAMPLES_AT_MOST:
        raise Refused(told("Samples are a list of at most {limit}.", limit=SAMPLES_AT_MOST))
    read = [_sample(flow.id, row) for row in rows]
    if len({(row.node, row.name) for row in read}) < len(read):
        raise Refused(told("Two samples of one node have the same name. Give each its own."))
    s.execute(delete(FlowSample).where(FlowSample.flow_id == flow.id))
    s.add_all(read)
    record(s, at=now, user_id=user_id, action="flow.samples.save", subject=flow.name, count=len(read))
    s.flush()


def _sample(flow_id: int, row: Any) -> FlowSample:
    if not isinstance(row, Mapping) or not isinstance(row.get("node"), str) or not 1 <= len(row["node"]) <= 80:
        raise Refused(told("A sample needs the name of its node."))
    try:
        given = {key: row.get(key) for key in ("name", "outcome", "status", "body") if row.get(key) is not None}
        sample = read_part(LookupSample, given, str(row["node"]))
    except ScenarioError as error:
        raise Refused(error.sentence.told(told)) from error
    if len(json.dumps(sample.body, ensure_ascii=False)) > LONGEST_BODY:
        raise Refused(told("A sample's answer is longer than {limit} characters.", limit=LONGEST_BODY))
    return FlowSample(
        flow_id=flow_id,
        node=row["node"],
        name=sample.name or sample.outcome,
        outcome=sample.outcome,
        status=sample.status,
        body=sample.body,
    )


def shown_sample(row: FlowSample) -> dict[str, Any]:
    """A sample as the editor takes it."""
    return {"node": row.node, "name": row.name, "outcome": row.outcome, "status": row.status, "body": row.body}


def with_samples(s: Session, flow: Flow, scenario: Scenario) -> Scenario:
    """The scenario with the first saved sample of every lookup for which it gives no answer."""
    first: dict[str, list[LookupSample]] = {}
    for row in samples_of(s, flow):
        first.setdefault(row.node, [LookupSample(outcome=row.outcome, status=row.status, body=row.body)])
    return scenario.model_copy(update={"lookups": {**first, **scenario.lookups}})
