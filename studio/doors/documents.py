"""The editor's door to a flow document: what it is made of, opening, saving, discarding, checking, listening."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, send_file, send_from_directory
from flask.typing import ResponseReturnValue

from flows.errors import ConflictError
from flows.versions import flow_names
from studio.checking import Surroundings, check
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
from studio.drafts import check_shape, discard, save
from studio.ears import heard_by_house
from studio.opening import create_flow, opening
from studio.sentences import told
from studio.sound import sound
from studio.types import types

blueprint = Blueprint("studio_documents", __name__, url_prefix="/studio")


@blueprint.get("/types")
@needs_reader
def node_types() -> ResponseReturnValue:
    """Node types, settings, functions and filters; browsers ask again with the mark they have."""
    text, mark = types()
    answer = Response(text, mimetype="application/json")
    answer.set_etag(mark)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


@blueprint.get("/<name>")
@needs_reader
def open_flow(name: str) -> Response:
    """The flow as one works on it."""
    values = studio()
    with values.db.read() as s:
        flow = flow_or_404(s, name)
        answer = jsonify(opening(s, flow, viewer=values.viewer(), links=values.links(flow.name)))
    # Going back to the page must not open a draft of half an hour ago.
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.put("/<name>/draft")
@needs_editor
def save_draft(name: str) -> ResponseReturnValue:
    """Save the draft made from `revision`; 409 with the stored one, or what is published, when somebody was faster.

    A first draft (revision 0) says in `base` which published version it grew from, 0 for none.
    """
    values = studio()
    body = json_body()
    data, revision = data_of(body, name), whole_number(body, "revision")
    base = whole_number(body, "base") if "base" in body else None
    try:
        with values.db.write() as s:
            flow_or_404(s, name)
            draft = save(s, name, data, revision=revision, by=values.viewer(), now=now(), base=base)
            return jsonify(revision=draft.revision, saved_at=draft.updated_at.isoformat())
    except ConflictError as error:
        with values.db.read() as s:
            return conflict_answer(s, name, error)


@blueprint.delete("/<name>/draft")
@needs_editor
def discard_draft(name: str) -> ResponseReturnValue:
    """Forget the draft; the answer is the flow as it opens now. 409 when `revision` is given and not the stored one."""
    values = studio()
    body = json_body() if request.content_length else {}
    revision = whole_number(body, "revision") if "revision" in body else None
    try:
        with values.db.write() as s:
            flow = flow_or_404(s, name)
            discard(s, name, revision=revision, by=values.viewer(), now=now())
            return jsonify(opening(s, flow, viewer=values.viewer(), links=values.links(flow.name)))
    except ConflictError as error:
        with values.db.read() as s:
            return conflict_answer(s, name, error)


@blueprint.post("/<name>/check")
@needs_reader
def check_document(name: str) -> Response:
    """Problems, exits and first words of a document that may be half-made, and one node in detail."""
    values = studio()
    body = json_body()
    data = data_of(body, name)
    check_shape(data)
    with values.db.read() as s:
        flow_or_404(s, name)
        names, house_ear = flow_names(s), heard_by_house(s, name)
    around = Surroundings(
        flows=names,
        now=now(),
        values=values.flow_values,
        language=values.language(),
        localize=values.localize,
        speech=values.speech_knowledge,
        house_ear=house_ear,
    )
    return jsonify(check(data, around, node=short_text(body, "node", 80, "")))


@blueprint.post("/<name>/sound")
@needs_reader
def speak(name: str) -> Response:
    """A prompt as WAV, spoken by the house voice."""
    values = studio()
    body = json_body(20_000)
    with values.db.read() as s:
        flow_or_404(s, name)
    text, language = body.get("text"), short_text(body, "language", 20)
    if not isinstance(text, str):
        refuse(422, told("“{key}” must be a text.", key="text"))
    path = sound(text, language, short_text(body, "voice", 80, ""), values.speak)
    return send_file(path, mimetype="audio/wav", conditional=True, max_age=0)


@blueprint.post("/flows")
@needs_editor
def new_flow() -> ResponseReturnValue:
    """Make a flow with a draft, empty or as a copy."""
    values = studio()
    body: dict[str, Any] = json_body(20_000)
    languages = body.get("languages", [])
    if not isinstance(languages, list) or not all(isinstance(tag, str) for tag in languages):
        refuse(422, told("The document's languages must be a list of language tags."))
    with values.db.write() as s:
        flow = create_flow(
            s,
            name=short_text(body, "name", 200),
            title=short_text(body, "title", 120, ""),
            languages=languages,
            source=short_text(body, "from", 60, ""),
            by=values.viewer(),
            now=now(),
            language=values.language(),
        )
        return jsonify(name=flow.name), 201


@blueprint.get("/editor/<path:file>")
@needs_reader
def built_file(file: str) -> ResponseReturnValue:
    """A file of the built editor."""
    folder = studio().editor_dir
    if not (folder / "editor.js").is_file():
        refuse(404, told("The editor is not built. Run make editor."))
    return send_from_directory(folder, file, conditional=True, max_age=0)
