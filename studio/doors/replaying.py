"""POST /studio/<name>/replay: past calls through the document under work."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from flows.errors import UnknownFlow
from studio.deps import now, studio
from studio.doors.answers import document_of, flow_or_404, json_body, needs_reader, refuse, whole_number
from studio.replays import CALLS, replay_flow
from studio.sentences import told

blueprint = Blueprint("studio_replaying", __name__, url_prefix="/studio")


@blueprint.post("/<name>/replay")
@needs_reader
def replay(name: str) -> ResponseReturnValue:
    """{document, days, version?, limit?} → Replay. Nothing is stored."""
    body = json_body()
    days, limit = whole_number(body, "days", 1), whole_number(body, "limit", CALLS)
    version = whole_number(body, "version") if body.get("version") else None
    with studio().db.read() as s:
        flow_or_404(s, name)
        document = document_of(body, name)
        try:
            return jsonify(replay_flow(s, name, document, now=now(), days=days, version=version, limit=limit))
        except UnknownFlow:
            refuse(404, told("There is no such version of this flow."))
