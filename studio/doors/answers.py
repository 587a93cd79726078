"""What all of the studio's doors share: reading a request, refusing it with a sentence, and who may come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

from flask import Response, abort, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from flows.documents import FlowDocument, from_json
from flows.errors import ConflictError, DocumentError
from flows.versions import Draft, Flow, FlowVersion
from studio.checking import shown_problem
from studio.deps import studio
from studio.errors import Refused
from studio.opening import current_document
from studio.plain_data import MAX_BYTES, read_plain, too_large
from studio.sentences import told

P = ParamSpec("P")
R = TypeVar("R")


def json_body(max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """The request's JSON object. Answers 413 when it is larger than that, 400 when it is none."""
    if (request.content_length or 0) > max_bytes:
        raise too_large()
    text = request.stream.read(max_bytes + 1)
    if len(text) > max_bytes:
        raise too_large()
    return read_plain(text)


def refuse(status: int, sentence: str, **more: Any) -> NoReturn:
    """End the request with {"error": sentence, …}."""
    abort(make_response(jsonify(error=sentence, **more), status))


def needs_reader(view: Callable[P, R]) -> Callable[P, R]:
    """Allow a view to ops and admins; others get 403."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not studio().viewer().may_read:
            refuse(403, told("You may not open the flow editor. Ask an administrator if your work needs it."))
        return view(*args, **kwargs)

    return guarded


def needs_editor(view: Callable[P, R]) -> Callable[P, R]:
    """Allow a view to admins; others get 403."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not studio().viewer().may_edit:
            refuse(403, told("Only administrators change flows; you see this one read-only."))
        return view(*args, **kwargs)

    return guarded


def flow_or_404(s: Session, name: str) -> Flow:
    """The flow of this name; answers 404 when there is none."""
    flow = s.scalar(select(Flow).where(Flow.name == name[:60]))
    if flow is None:
        refuse(404, told("There is no flow “{name}”.", name=name[:60]))
    return flow


def data_of(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The plain document of a request, which may be half-made; answers 422 when it is none, or of another flow."""
    data = body.get("document")
    if not isinstance(data, dict):
        refuse(422, told("The request has no flow document."))
    if data.get("name") != name:
        refuse(422, told("The document's name is not “{name}”; a flow keeps its name.", name=name))
    return data


def document_of(body: Mapping[str, Any], name: str = "") -> FlowDocument:
    """The whole document of a request; answers 422 with the problems when it cannot run, or has another name."""
    data = data_of(body, name) if name else body.get("document")
    try:
        return from_json(data)
    except DocumentError as error:
        problems = [shown_problem(studio().localize(problem)) for problem in error.problems]
        refuse(422, told("The flow cannot run yet: see its problems."), problems=problems)


def whole_number(body: Mapping[str, Any], key: str, default: int | None = None) -> int:
    """A whole number of a request; answers 422 when it is none."""
    value = body.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 2**31 - 1:
        refuse(422, told("“{key}” must be a whole number.", key=key))
    return value


def short_text(body: Mapping[str, Any], key: str, longest: int, default: str | None = None) -> str:
    """A text of a request, without spaces around it; answers 422 when it is none or longer than that."""
    value = body.get(key, default)
    if not isinstance(value, str):
        refuse(422, told("“{key}” must be a text.", key=key))
    if len(value) > longest:
        refuse(422, told("“{key}” is longer than {longest} characters.", key=key, longest=longest))
    return value.strip()


def conflict_answer(s: Session, name: str, error: ConflictError) -> Response:
    """409 with what somebody else saved in the meantime; a discarded draft leaves what is published."""
    flow = flow_or_404(s, name)
    stored = s.get(Draft, flow.id, populate_existing=True)
    version = s.get(FlowVersion, flow.published_version_id) if flow.published_version_id else None
    sentence = (
        told(
            "{person} saved this draft in the meantime. Compare both and save again.",
            person=error.updated_by or told("Somebody"),
        )
        if stored
        else told("Version {number} was published in the meantime. Compare and save again.", number=version.number)
        if version and error.your_revision == 0
        else told("This draft was discarded or published in the meantime. Compare and save again.")
    )
    # Without a draft it is whoever published that the reader is told of.
    who, at = (stored.updated_by, stored.updated_at) if stored else ("", None)
    if not stored and version:
        who, at = version.published_by, version.published_at
    answer = jsonify(
        error=sentence,
        revision=stored.revision if stored else 0,
        updated_by=who,
        updated_at=at.isoformat() if at else "",
        published=version.number if version else 0,
        theirs=current_document(flow, stored, version),
    )
    return make_response(answer, 409)


def refused_as_json(error: Refused) -> ResponseReturnValue:
    """What the studio's rooms refuse, as an answer."""
    return jsonify(error=error.sentence, **error.more), error.status


def failed_as_json(error: HTTPException) -> ResponseReturnValue:
    """HTTP errors as {"error": sentence}; answers that were made already stay as they are."""
    if error.response is not None:
        return error
    code = error.code or 500
    sentences = {
        400: told("The request could not be read. Reload the page and try again."),
        404: told("There is no such page."),
        405: told("This cannot be done at this address."),
        413: too_large().sentence,
        500: told("Something broke on our side; it has been recorded."),
    }
    return jsonify(error=sentences.get(code, error.name)), code
