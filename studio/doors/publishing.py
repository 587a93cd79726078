"""What publishing would do, publishing, versions, the way back, and comparing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from flows.diff import diff
from flows.documents import from_json
from flows.errors import ConflictError, DocumentError, UnknownFlow
from flows.problems import Problem
from flows.versions import find_version
from studio.checking import shown_problem
from studio.deps import now, studio
from studio.doors.answers import (
    conflict_answer,
    data_of,
    flow_or_404,
    json_body,
    needs_editor,
    needs_reader,
    refuse,
    short_text,
    whole_number,
)
from studio.publishing import LONGEST_NOTE, PublishPreview, preview, preview_of_draft, publish_draft
from studio.sentences import told
from studio.versions import compare, roll_back, versions_of

blueprint = Blueprint("studio_publishing", __name__, url_prefix="/studio")


@blueprint.post("/<name>/preview")
@needs_reader
def look(name: str) -> ResponseReturnValue:
    """What publishing the document would do."""
    data = data_of(json_body(), name)
    with studio().db.read() as s:
        flow_or_404(s, name)
        try:
            document = from_json(data)
        except DocumentError as error:
            return jsonify(_unreadable(error))
        values = studio()
        found = preview(s, document, now=now(), flow_values=values.flow_values, speech=values.speech_knowledge)
        return jsonify(_shown(found))


def _shown(found: PublishPreview) -> dict[str, Any]:
    whole = found.difference
    difference = whole if whole is not None else diff(found.document.model_copy(update={"nodes": {}}), found.document)
    return {
        "difference": difference.to_json(),
        "problems": [_problem(problem) for problem in found.problems],
        "tests": [result.to_json(told) for result in found.tests],
        "dependents": [dependent.to_json() for dependent in found.dependents],
        "blockers": list(found.blockers),
        "next_number": found.next_number,
    }


def _unreadable(error: DocumentError) -> dict[str, Any]:
    """A document that is none yet: nothing can be compared, and no reason lets it be published."""
    return {
        "difference": {"added": [], "removed": [], "changed": {}, "settings": []},
        "problems": [_problem(problem) for problem in error.problems],
        "tests": [],
        "dependents": [],
        "blockers": [told("The flow cannot run yet: see its problems.")],
        "next_number": 0,
    }


def _problem(problem: Problem) -> dict[str, str]:
    return shown_problem(studio().localize(problem))


@blueprint.post("/<name>/publish")
@needs_editor
def publish(name: str) -> ResponseReturnValue:
    """Put the draft in force."""
    body = json_body()
    revision = whole_number(body, "revision")
    note = short_text(body, "note", LONGEST_NOTE, "")
    reason = short_text(body, "override_reason", LONGEST_NOTE, "")
    viewer, values = studio().viewer(), studio()
    around: dict[str, Any] = {"flow_values": values.flow_values, "speech": values.speech_knowledge}
    try:
        # The tests run before the flow is held: calls go on meanwhile.
        with studio().db.read() as s:
            looked = preview_of_draft(s, name, revision=revision, now=now(), **around)
        with studio().db.write() as s:
            version = publish_draft(
                s,
                name,
                revision=revision,
                by=viewer.name,
                user_id=viewer.id,
                note=note,
                override_reason=reason,
                now=now(),
                looked=looked,
                **around,
            )
            return jsonify(number=version.number)
    except ConflictError as error:
        with studio().db.read() as s:
            return conflict_answer(s, name, error)


@blueprint.get("/<name>/versions")
@needs_reader
def versions(name: str) -> ResponseReturnValue:
    """Every version, newest first."""
    with studio().db.read() as s:
        flow_or_404(s, name)
        return jsonify([entry.to_json() for entry in versions_of(s, name)])


@blueprint.get("/<name>/versions/<int:number>")
@needs_reader
def version(name: str, number: int) -> ResponseReturnValue:
    """The document of one version, as it was stored."""
    with studio().db.read() as s:
        flow_or_404(s, name)
        try:
            return jsonify(find_version(s, name, number).document)
        except UnknownFlow:
            refuse(404, told("The flow “{name}” has no version {number}.", name=name, number=number))


@blueprint.post("/<name>/versions/<int:number>/roll-back")
@needs_editor
def go_back(name: str, number: int) -> ResponseReturnValue:
    """Put an older version in force again."""
    body = json_body()
    viewer = studio().viewer()
    with studio().db.write() as s:
        found = roll_back(
            s,
            name,
            number,
            by=viewer.name,
            user_id=viewer.id,
            note=short_text(body, "note", LONGEST_NOTE, ""),
            override_reason=short_text(body, "override_reason", LONGEST_NOTE, ""),
            now=now(),
        )
        return jsonify(number=found.number)


@blueprint.get("/<name>/compare")
@needs_reader
def difference(name: str) -> ResponseReturnValue:
    """What changed between two versions, each a number or "draft"."""
    with studio().db.read() as s:
        flow_or_404(s, name)
        return jsonify(compare(s, name, request.args.get("before", ""), request.args.get("after", "draft")).to_json())
