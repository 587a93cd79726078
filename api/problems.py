"""Errors as problem documents (RFC 9457), all made here: application/problem+json, never a page."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Mapping

from apiflask import APIFlask, HTTPError
from flask import Response
from werkzeug.exceptions import HTTPException

from api.errors import KINDS, ApiError, FieldError
from tickets.errors import ChangedMeanwhileError, DeskError, InvalidValueError, NotFoundError, TransitionRefusedError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_KIND_BY_STATUS = {kind.status: slug for slug, kind in reversed(tuple(KINDS.items()))}
_PLACES = {"json": "body", "query": "query", "headers": "header"}
_OF_ROOMS: tuple[tuple[type[Exception], int, str], ...] = (
    (NotFoundError, 404, "not-found"),
    (InvalidValueError, 422, "invalid"),
    (TransitionRefusedError, 409, "conflict"),
    (ChangedMeanwhileError, 409, "conflict"),
    (DeskError, 409, "conflict"),
)
"""What lower rooms raise, as a status and a kind; their messages are sentences for people already."""


def problem(
    status: int,
    kind: str,
    detail: str,
    *,
    errors: tuple[FieldError, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem document."""
    body: dict[str, object] = {
        "type": f"/api/problems/{kind}",
        "title": KINDS[kind].title,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = [{"field": one.field, "detail": one.detail} for one in errors]
    answer = Response(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    answer.headers.update(headers or {})
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="ringback"'
    return answer


def register(app: APIFlask, more: tuple[tuple[type[Exception], int, str], ...] = ()) -> None:
    """Let every error of the application be answered by a problem."""
    app.register_error_handler(ApiError, _of_api)
    app.register_error_handler(HTTPError, _of_validation)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_anything)
    for error, status, kind in (*_OF_ROOMS, *more):
        app.register_error_handler(error, _of_room(status, kind))


def _of_room(status: int, kind: str) -> Callable[[Exception], Response]:
    def answer(error: Exception) -> Response:
        return problem(status, kind, str(error))

    return answer


def _of_api(error: ApiError) -> Response:
    return problem(error.status, error.kind, error.detail, errors=error.errors, headers=error.headers)


def _of_validation(error: HTTPError) -> Response:
    """What a pydantic model refused: its messages by place and dotted path."""
    found = tuple(
        FieldError(field=".".join(filter(None, (_PLACES.get(place, place), _path(path)))), detail=_sentence(message))
        for place, fields in (error.detail if isinstance(error.detail, dict) else {}).items()
        for path, messages in fields.items()
        for message in messages
    )
    status = int(error.status_code)
    kind = _KIND_BY_STATUS.get(status, "bad-request")
    return problem(status, kind, KINDS[kind].text if found else str(error.message), errors=found[:50])


def _path(path: str) -> str:
    return "" if path == "_schema" else path


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return text if text.endswith(".") else f"{text}."


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    kind = _KIND_BY_STATUS.get(status, "bad-request" if status < 500 else "internal")
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    if error.response is not None:
        headers |= {name: value for name, value in error.response.headers if name in ("Allow", "Location")}
    return problem(status, kind, KINDS[kind].text, headers=headers)


def _of_anything(error: Exception) -> Response:
    """A fault of ours. Its message may quote what people said, so only its kind and place are logged."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f"{last[0].filename.rsplit('/', 1)[-1]}:{last[0].lineno}" if last else "somewhere"
    log.error("A request failed with %s at %s.", type(error).__name__, place)
    return problem(500, "internal", KINDS["internal"].text)
