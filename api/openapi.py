"""The OpenAPI 3.1 document: what APIFlask generates from the operations, completed with what it cannot know."""

from __future__ import annotations

from typing import Any, cast

from apiflask import APIFlask

from api.idempotency import HEADER, LONGEST_KEY
from api.operations import REPLAYED, SECURITY
from api.schemas.problem import ProblemOut

DESCRIPTION = """\
Everything a program may do with Ringback: campaigns and their cases, consents and opt-outs, calls, tickets, events.

Send `Authorization: Bearer rb_<id>_<secret>`. Times are RFC 3339 with a zone; answers are in UTC. Lists are pages, the
newest first: `next` of one page is `after` of the following one, and stands in the `Link` header too. Operations that
create honour `Idempotency-Key`: sent again with the same body, the first answer comes back and nothing happens twice.
Errors are problem documents (RFC 9457) that name each field. Every key has a rate limit; see the `RateLimit` headers.
"""
_RATE_HEADERS = {
    "RateLimit-Limit": {"description": "Requests per window.", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "Requests left in this window.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Seconds until the window ends.", "schema": {"type": "integer"}},
}
_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_KEY_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Any text of yours that names this request; kept for a week.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[A-Za-z0-9._:-]+$"},
}


def configure(app: APIFlask) -> None:
    """Say what holds for the whole document, and complete it when it is generated."""
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_SERVERS=False,
        DESCRIPTION=DESCRIPTION,
        SERVERS=[{"url": "/api", "description": "This desk"}],
        LICENSE={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        SECURITY_SCHEMES={
            SECURITY: {"type": "http", "scheme": "bearer", "bearerFormat": "rb_<id>_<secret>"},
        },
    )
    app.spec_processor(lambda spec: _completed(app, cast(dict[str, Any], spec)))


def _completed(app: APIFlask, spec: dict[str, Any]) -> dict[str, Any]:
    name = ProblemOut.__name__
    problem = ProblemOut.model_json_schema(ref_template=f"#/components/schemas/{name}.{{model}}")
    for inner, schema in problem.pop("$defs", {}).items():
        spec["components"]["schemas"][f"{name}.{inner}"] = schema
    spec["components"]["schemas"][name] = problem
    ours = [view._spec for view in cast(dict[str, Any], app.view_functions).values() if _is_ours(view)]
    also = {said["operation_id"]: said["also"] for said in ours}
    for path in spec["paths"].values():
        for operation in path.values():
            _complete(operation, also[operation["operationId"]])
    return spec


def _is_ours(view: Any) -> bool:
    return "also" in getattr(view, "_spec", {})


def _complete(operation: dict[str, Any], also: dict[int, str]) -> None:
    responses = operation["responses"]
    good = next(code for code in responses if code.startswith("2"))
    for code, description in also.items():
        responses[str(code)] = {**responses[good], "description": description}
    for parameter in operation["parameters"]:
        _name_path_value(parameter)
    if operation.pop("x-creates", False):
        operation["parameters"].append(_KEY_PARAMETER)
        for code in (good, *map(str, also)):
            shown = {"description": "true when this is the answer of an earlier request.", "schema": {"type": "string"}}
            responses[code] = {**responses[code], "headers": {REPLAYED: shown}}
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    for code, response in responses.items():
        if code not in ("401",):
            response["headers"] = {**response.get("headers", {}), **_RATE_HEADERS, **(_RETRY if code == "429" else {})}
    operation["responses"] = dict(sorted(responses.items()))


def _name_path_value(parameter: dict[str, Any]) -> None:
    """Ids are whole numbers from 1."""
    if parameter["in"] == "path":
        parameter["required"] = True
        if parameter["schema"]["type"] == "integer":
            parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
        else:
            parameter["schema"] = {"type": "string", "pattern": "^[A-Za-z0-9-]{1,32}$"}
    elif parameter["in"] == "query":
        # An absent value is absent, not null.
        schema = parameter["schema"]
        options = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
        if len(options) == 1:
            rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default", "title")}
            parameter["schema"] = {**options[0], **rest}
        if "description" in parameter["schema"]:
            parameter["description"] = parameter["schema"].pop("description")
