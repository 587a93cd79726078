"""The specification for people: Swagger UI from our own files, and a page for each kind of problem."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, send_from_directory
from flask.typing import ResponseReturnValue

from api.errors import KINDS

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ringback API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/assets/vendor/swagger-ui/swagger-ui.css">
</head>
<body>
<main id="docs"></main>
<script src="docs/assets/vendor/swagger-ui/swagger-ui-bundle.js"></script>
<script src="docs/assets/docs.js"></script>
</body>
</html>
"""

pages = Blueprint("docs", __name__)


@pages.get("/")
def start() -> ResponseReturnValue:
    """Whoever opens the API in a browser wants to read about it."""
    return redirect(f"{request.script_root}/docs", code=302)


@pages.get("/docs")
def docs() -> Response:
    """The browsable documentation."""
    answer = Response(_PAGE, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


@pages.get("/docs/assets/<path:name>")
def asset(name: str) -> Response:
    """A file of the documentation."""
    if not name.endswith((".js", ".css")):
        abort(404)
    return send_from_directory("static", name, max_age=86_400)


@pages.get("/problems/<slug>")
def kind(slug: str) -> Response:
    """What a kind of problem means; its address is the `type` of a problem document."""
    found = KINDS.get(slug)
    if found is None:
        abort(404)
    return Response(f"{found.title} ({found.status})\n\n{found.text}\n", mimetype="text/plain")
