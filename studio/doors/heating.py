"""GET /studio/<name>/heat: where callers went, for the canvas."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from flows.errors import UnknownFlow
from studio.deps import now, studio
from studio.doors.answers import flow_or_404, needs_reader, refuse
from studio.heats import heat_for
from studio.sentences import told

blueprint = Blueprint("studio_heating", __name__, url_prefix="/studio")


@blueprint.get("/<name>/heat")
@needs_reader
def heat(name: str) -> ResponseReturnValue:
    """?version=&days= → Heat."""
    version, days = request.args.get("version", type=int), request.args.get("days", 7, type=int)
    with studio().db.read() as s:
        flow_or_404(s, name)
        try:
            return jsonify(heat_for(s, name, now=now(), version=version, days=days))
        except UnknownFlow:
            refuse(404, told("There is no such version of this flow."))
