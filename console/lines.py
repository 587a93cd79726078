"""Service numbers and the flow that answers each."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template
from sqlalchemy import func, select

from console.deps import deps, now
from flows.versions import Flow, FlowVersion
from ivr.calls import Call
from ivr.lines import Line

blueprint = Blueprint("lines", __name__)


@blueprint.get("/numbers")
def listing() -> str:
    """The numbers, read-only."""
    with deps().db.read() as s:
        rows = s.execute(
            select(Line, Flow, FlowVersion.number)
            .outerjoin(Flow, Line.flow_id == Flow.id)
            .outerjoin(FlowVersion, Flow.published_version_id == FlowVersion.id)
            .order_by(Line.id)
        ).all()
        since = now() - timedelta(days=7)
        counted = select(Call.line_id, func.count()).where(Call.started_at >= since).group_by(Call.line_id)
        return render_template("lines.html", rows=rows, counts=dict(s.execute(counted).tuples().all()))
