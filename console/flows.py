"""Flows: the list, and each with its drawing, its lint and its versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console import drawings, lint_words
from console.deps import deps, now
from flows.errors import FlowError
from flows.validation import Level, lint
from flows.versions import Flow, FlowVersion, flow_names, list_versions, load_document
from ivr.calls import Call
from ivr.lines import Line

blueprint = Blueprint("flows", __name__)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A flow in the list."""

    flow: Flow
    version: FlowVersion | None
    lines: tuple[Line, ...]
    calls_in_week: int


@blueprint.get("/flows")
def listing() -> str:
    """Every flow with its version in force, its numbers and its traffic."""
    with deps().db.read() as s:
        return render_template("flows.html", summaries=_summaries(s, now()))


def _summaries(s: Session, moment: datetime) -> list[Summary]:
    rows = s.execute(
        select(Flow, FlowVersion)
        .outerjoin(FlowVersion, Flow.published_version_id == FlowVersion.id)
        .order_by(Flow.name)
    ).all()
    lines: dict[int, list[Line]] = {}
    for line in s.scalars(select(Line).where(Line.flow_id.is_not(None)).order_by(Line.number)):
        lines.setdefault(line.flow_id or 0, []).append(line)
    since = moment - timedelta(days=7)
    counted = select(Call.flow_name, func.count()).where(Call.started_at >= since).group_by(Call.flow_name)
    counts = dict(s.execute(counted).tuples().all())
    return [
        Summary(flow=f, version=v, lines=tuple(lines.get(f.id, ())), calls_in_week=counts.get(f.name, 0))
        for f, v in rows
    ]


@blueprint.get("/flows/<name>")
def page(name: str) -> str:
    """One flow: the version in force, or the one asked for."""
    with deps().db.read() as s:
        flow = s.scalar(select(Flow).where(Flow.name == name[:100]))
        if flow is None:
            abort(404)
        versions = list_versions(s, flow.name)
        version = _version(versions, flow)
        values: dict[str, Any] = {"problems": [], "drawing": None, "document": None, "unreadable": ""}
        if version is not None:
            values |= _read(s, version)
        return render_template(
            "flow.html",
            flow=flow,
            versions=versions,
            version=version,
            lines=list(s.scalars(select(Line).where(Line.flow_id == flow.id).order_by(Line.number))),
            **values,
        )


def _version(versions: list[FlowVersion], flow: Flow) -> FlowVersion | None:
    wanted = request.args.get("version", type=int)
    if wanted is not None:
        found = [v for v in versions if v.number == wanted]
        return found[0] if found else abort(404)
    return next((v for v in versions if v.id == flow.published_version_id), versions[0] if versions else None)


def _read(s: Session, version: FlowVersion) -> dict[str, Any]:
    try:
        document = load_document(version)
    except FlowError as error:
        return {"unreadable": str(error)}
    problems = lint(document, known_flows=flow_names(s), now=now())
    problems = sorted(problems, key=lambda p: (p.level is not Level.ERROR, p.node, p.field))
    told = [lint_words.localized(p) for p in problems]
    return {
        "document": document,
        "problems": list(zip(told, problems, strict=True)),
        "drawing": drawings.picture(document, problems=told),
    }
