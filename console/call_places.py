"""Calls that came by a node of a flow: what the numbers on the flow's canvas lead to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from flask import request
from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from console.deps import now
from flows.errors import FlowError
from flows.versions import Flow, FlowVersion, load_document
from ivr.calls import Call
from ivr.passing import HAPPENINGS, came_by, had_happen

DAYS_AT_MOST = 3_660


@dataclass(frozen=True, kw_only=True)
class Place:
    """?flow=&version=&node=&what=&days= of a list of calls. `version` is a number, below 0 for a draft, 0 for any.

    `label` is what people call the node; `what` is what happened there, "" for anything.
    """

    flow: str = ""
    version: int = 0
    node: str = ""
    label: str = ""
    what: str = ""
    days: int = 0
    conditions: tuple[ColumnElement[bool], ...] = field(default=(), repr=False)

    @property
    def is_set(self) -> bool:
        """Whether the list is narrowed by more than its flow."""
        return bool(self.node or self.version or self.days)


def place_asked(s: Session) -> Place:
    """The place that this request asks for; one that does not exist has no calls."""
    flow = request.args.get("flow", "")[:60]
    node = request.args.get("node", "")[:80]
    number = request.args.get("version", 0, type=int)
    days = min(max(request.args.get("days", 0, type=int), 0), DAYS_AT_MOST)
    conditions: list[ColumnElement[bool]] = []
    if days:
        conditions.append(Call.started_at >= now() - timedelta(days=days))
    version = _version(s, flow, number) if number else None
    if number and version is None:
        return Place(flow=flow, version=number, node=node, label=node, days=days, conditions=(false(),))
    if node and version is not None:
        conditions.append(came_by(s, node, version_id=version.id))
    elif node:
        conditions += [Call.flow_name == flow, came_by(s, node)]
    elif version is not None:
        conditions.append(Call.flow_version_id == version.id)
    what = request.args.get("what", "") if node else ""
    if what in HAPPENINGS:
        conditions.append(had_happen(s, node, what))
    else:
        what = ""
    label = _label(version, node)
    return Place(flow=flow, version=number, node=node, label=label, what=what, days=days, conditions=tuple(conditions))


def _version(s: Session, flow: str, number: int) -> FlowVersion | None:
    of_flow = select(FlowVersion).join(Flow, Flow.id == FlowVersion.flow_id)
    return s.scalar(of_flow.where(Flow.name == flow, FlowVersion.number == number))


def _label(version: FlowVersion | None, node: str) -> str:
    try:
        found = load_document(version).nodes.get(node) if version is not None else None
    except FlowError:
        found = None
    return (found.label if found is not None else "") or node
