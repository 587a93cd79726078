"""Doors for talking to a draft: one whole rehearsal per request, and the samples that answer its lookups."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from ivr.rehearsal.playing import rehearse
from studio.deps import now, studio
from studio.doors.answers import flow_or_404, json_body, needs_editor, needs_reader
from studio.doors.rehearsals import rehearsed
from studio.samples import replace_samples, samples_of, shown_sample
from studio.sentences import told

blueprint = Blueprint("studio_trying", __name__, url_prefix="/studio")


@blueprint.post("/<name>/try")
@needs_reader
def try_out(name: str) -> Response:
    """Play a scenario against the document of the request, up to its last step."""
    played = rehearsed(name, rehearse, explain=True)
    return jsonify(played.to_json(told))


@blueprint.get("/<name>/samples")
@needs_reader
def samples(name: str) -> Response:
    """The samples of a flow."""
    with studio().db.read() as s:
        return jsonify(samples=[shown_sample(row) for row in samples_of(s, flow_or_404(s, name))])


@blueprint.put("/<name>/samples")
@needs_editor
def put_samples(name: str) -> Response:
    """Keep these samples instead of those that were there."""
    rows = json_body().get("samples")
    with studio().db.write() as s:
        flow = flow_or_404(s, name)
        replace_samples(s, flow, rows, now=now(), user_id=studio().viewer().id)
        return jsonify(samples=[shown_sample(row) for row in samples_of(s, flow)])
