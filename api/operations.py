"""One operation of the API: its route, scope, models and transaction, said once; the specification follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, request
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api import idempotency
from api.deps import ApiDeps, deps
from api.keys import ApiKey
from api.schemas.problem import ProblemOut
from api.scopes import Scope

SECURITY = "ApiKey"
REPLAYED = "Idempotency-Replayed"
_WORDS = {
    400: "The request cannot be read",
    401: "No valid API key",
    403: "The key lacks the scope",
    404: "Nothing of that id",
    409: "It does not fit what there is",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "A value cannot be used",
    429: "Too many requests",
}


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a view gets: a session in a transaction of its own, the present, the key, and the house's values."""

    s: Session
    now: datetime
    key: ApiKey
    deps: ApiDeps

    @property
    def by(self) -> str:
        """How logs and timelines name the program."""
        return f"api:{self.key.id}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A view's answer that is more than a model: another status, the address of what was made."""

    value: BaseModel
    status: int
    location: str = ""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A page of a list. `after` leads to the next one; None on the last."""

    items: list[Any]
    after: int | None = field(default=None)


@dataclass(frozen=True, kw_only=True)
class Streamed:
    """Lines of JSON, read as they are sent in a session of their own: memory stays flat however many there are."""

    lines: Callable[[Session], Iterator[str]]


LINES = "application/x-ndjson"
View = Callable[..., BaseModel | Answer | Listed | Streamed]


def operation(
    room: APIBlueprint,
    method: str,
    path: str,
    *,
    scope: Scope,
    output: type[BaseModel],
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    status: int = 200,
    also: Mapping[int, str] | None = None,
    creates: bool = False,
    asks_only: bool = False,
    media: str = "application/json",
    problems: tuple[int, ...] = (),
) -> Callable[[View], View]:
    """Register a view: called with a Work, path values by name, and `body` and `query` as checked models.

    GET and what `asks_only` run in a reading session, all else in one writing transaction, which an error rolls back.
    `creates` says that the operation honours Idempotency-Key. `also` are further good statuses with the same model.
    `problems` are statuses beside those that every operation has; `media` is the type of a good answer.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def run(**values: Any) -> Response:
            only_reads = method == "GET" or asks_only
            return _read(view, output, values) if only_reads else _write(view, status, creates, values)

        shown: Any = room.output(
            output, status_code=status, description=_WORDS.get(status, "Done"), content_type=media
        )(run)
        if body is not None:
            shown = room.input(body, location="json", arg_name="body")(shown)
        if query is not None:
            shown = room.input(query, location="query", arg_name="query")(shown)
        statuses = {401, 403, 429, *problems} | ({400, 413, 415, 422} if body else set()) | ({422} if query else set())
        shown = room.doc(
            security=[{SECURITY: [scope.value]}],
            operation_id=view.__name__,
            responses=cast(Any, {code: _problem(code) for code in sorted(statuses | ({422} if creates else set()))}),
            extensions={"x-creates": True} if creates else None,
        )(shown)
        shown._spec["also"] = dict(also or {})
        shown.scope = scope
        shown.has_body = body is not None
        room.route(path, methods=[method])(shown)
        return view

    return decorate


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{ProblemOut.__name__}"}
    return {"description": _WORDS[status], "content": {"application/problem+json": {"schema": schema}}}


def _read(view: View, output: type[BaseModel], values: dict[str, Any]) -> Response:
    house = deps()
    with house.db.read() as s:
        found = view(Work(s=s, now=house.clock(), key=g.api_key, deps=house), **values)
        if isinstance(found, Streamed):
            return Response(_lines(house, found), content_type=LINES)
        if isinstance(found, Listed):
            return _page(found, output)
        return _response(cast(BaseModel, found).model_dump_json(), 200)


def _write(view: View, status: int, creates: bool, values: dict[str, Any]) -> Response:
    house = deps()
    now = house.clock()
    key = request.headers.get(idempotency.HEADER) if creates else None
    with house.db.write() as s:
        stored = None
        if key is not None:
            hashed = idempotency.request_hash(request.method, request.path, request.get_data(cache=True))
            stored, answered = idempotency.begin(s, api_key_id=g.api_key.id, key=key, hashed=hashed, now=now)
            if answered:
                return _response(stored.body, stored.status, location=stored.location, replayed=True)
        found = view(Work(s=s, now=now, key=g.api_key, deps=house), **values)
        answer = found if isinstance(found, Answer) else Answer(value=cast(BaseModel, found), status=status)
        text = answer.value.model_dump_json()
        if stored is not None:
            stored.status, stored.body, stored.location = answer.status, text, answer.location
    return _response(text, answer.status, location=answer.location)


def _lines(house: ApiDeps, found: Streamed) -> Iterator[str]:
    with house.db.read() as s:
        for line in found.lines(s):
            yield f"{line}\n"


def _response(text: str, status: int, *, location: str = "", replayed: bool = False) -> Response:
    answer = Response(text, status=status, content_type="application/json")
    if location:
        answer.headers["Location"] = request.script_root + location
    if replayed:
        answer.headers[REPLAYED] = "true"
    return answer


def _page(found: Listed, output: type[BaseModel]) -> Response:
    """A page as JSON, with the next one in the Link header (RFC 8288)."""
    answer = _response(output(items=found.items, next=found.after).model_dump_json(), 200)
    if found.after is not None:
        query = urlencode({**request.args.to_dict(), "after": found.after})
        answer.headers["Link"] = f'<{request.script_root}{request.path}?{query}>; rel="next"'
    return answer
