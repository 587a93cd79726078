"""Doors for talking to a draft: one whole rehearsal per request, and the samples that answer its lookups."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from ivr.rehearsal.errors import ScenarioError
from ivr.rehearsal.playing import rehearse
from studio.deps import now, studio
from studio.doors.answers import document_of, flow_or_404, json_body, needs_editor, needs_reader
from studio.errors import Refused
from studio.library import published_documents
from studio.samples import replace_samples, samples_of, shown_sample, with_samples
from studio.sentences import told
from studio.tests_of_flow import categories, read_scenario

blueprint = Blueprint("studio_trying", __name__, url_prefix="/studio")


@blueprint.post("/<name>/try")
@needs_reader
def try_out(name: str) -> Response:
    """Play a scenario against the document of the request, up to its last step."""
    body = json_body()
    document, scenario = document_of(body, name), read_scenario(given_scenario(body))
    with studio().db.read() as s:
        try:
            played = rehearse(
                document,
                with_samples(s, flow_or_404(s, name), scenario),
                others=published_documents(s),
                now=now(),
                flow_values=studio().flow_values,
                categories=categories(s),
                explain=True,
            )
        except ScenarioError as error:
            raise Refused(error.sentence.told(told)) from error
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


def given_scenario(body: dict[str, Any]) -> dict[str, Any] | str:
    """The scenario of a request: as data, or as YAML. Raises Refused (422)."""
    found = body.get("scenario", body.get("yaml"))
    if not isinstance(found, dict | str):
        raise Refused(told("The request has no scenario."))
    return found
