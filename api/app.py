"""The API as a WSGI application of its own: keys and problems here, cookies and pages next door."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask
from flask import Response, current_app, g, request
from flask.json.provider import DefaultJSONProvider

from api import docs_page, limits, openapi, problems
from api.deps import EXTENSION, ApiDeps
from api.errors import ForbiddenError, MediaTypeError, UnauthorizedError
from api.keys import authenticate
from api.views import attempts, calls, campaigns, cases, events, permissions, tickets
from callbacks.errors import CallbacksError

VERSION = "1.0.0"
ROOMS = (cases.room, campaigns.room, attempts.room, permissions.room, calls.room, tickets.room, events.room)


class _Json(DefaultJSONProvider):
    """JSON as RFC 8259 has it: no NaN, and nothing nested so deep that reading it fails."""

    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON. Raises ValueError."""
        try:
            return super().loads(s, parse_constant=_no_constant, **kwargs)
        except RecursionError as error:
            raise ValueError("The JSON is nested too deep.") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON.")


def create_api(deps: ApiDeps) -> APIFlask:
    """Build the API, to be mounted at /api: /openapi.json, /docs, /problems/<kind> and /v1/… ."""
    app = APIFlask(__name__, title="Ringback", version=VERSION, docs_path=None)
    app.json = _Json(app)
    app.extensions[EXTENSION] = deps
    app.config["MAX_CONTENT_LENGTH"] = deps.max_body_bytes
    openapi.configure(app)
    app.before_request(_who_asks)
    limits.register(app, deps)
    app.before_request(_may_ask)
    app.after_request(_add_headers)
    problems.register(app, more=((CallbacksError, 409, "conflict"),))
    app.register_blueprint(docs_page.pages)
    for room in ROOMS:
        app.register_blueprint(room)
    return app


def _who_asks() -> None:
    """Find the key first, so that limits count by it; nothing is refused here."""
    deps: ApiDeps = current_app.extensions[EXTENSION]
    header = request.headers.get("Authorization", "")
    g.api_key = authenticate(deps.db, header, deps.clock()) if header else None


def _may_ask() -> None:
    """Refuse before anything is read or checked: no key, no scope, no JSON."""
    view = current_app.view_functions.get(request.endpoint or "")
    scope = getattr(view, "scope", None)
    if scope is None or request.method == "OPTIONS":
        return
    if g.api_key is None:
        raise UnauthorizedError("Send a valid key: Authorization: Bearer rb_<id>_<secret>.")
    if scope not in g.api_key.scopes:
        raise ForbiddenError(f"This key lacks the scope {scope}.")
    if getattr(view, "has_body", False) and request.mimetype != "application/json":
        raise MediaTypeError("Send the body as application/json.")


def _add_headers(answer: Response) -> Response:
    headers = answer.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    if (request.endpoint or "") not in ("docs.asset", "openapi.spec"):
        headers.setdefault("Cache-Control", "private, no-store")
    if current_app.extensions[EXTENSION].is_https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return answer
