"""What can go wrong on a page, and the pages that say so."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from console.translate import gettext as _


class ConsoleError(Exception):
    """A page could not do what was asked."""


def _sentences(code: int) -> tuple[str, str]:
    """Title and advice for an HTTP error."""
    known = {
        400: (_("This request could not be read"), _("Go back, reload the page and try again.")),
        403: (_("You may not do this"), _("Ask an administrator if your work needs it.")),
        404: (_("There is no such page"), _("It may have been removed, or the address is mistyped.")),
        405: (_("This cannot be done at this address"), _("Use the buttons of the page instead.")),
        413: (_("That is too large"), _("Send a smaller file or a shorter text.")),
        429: (_("Too many attempts"), _("Wait a minute, then try again.")),
        500: (_("Something broke on our side"), _("It has been recorded. Reload the page, or try again later.")),
    }
    return known.get(code, (HTTPStatus(code).phrase, ""))


def error_page(error: HTTPException) -> ResponseReturnValue:
    """The page for an HTTP error; programs and webhooks get a bare one."""
    code = error.code or 500
    if error.response is not None or not _is_for_a_person():
        return error
    title, advice = _sentences(code)
    bare = "_error_fragment.html" if request.headers.get("HX-Request") else "error.html"
    detail = error.description if code == 400 else ""
    headers = [(k, v) for k, v in error.get_headers() if k.lower() not in ("content-type", "content-length")]
    return render_template(bare, code=code, title=title, advice=advice, detail=detail), code, headers


def _is_for_a_person() -> bool:
    """True for console pages and for unknown addresses asked for by a browser."""
    if request.blueprint is not None:
        return request.blueprint.split(".")[0] == "console"
    return bool(request.accept_mimetypes.accept_html and "text/html" in request.headers.get("Accept", ""))


def register(app: Flask) -> None:
    """Give the application its error pages."""
    for code in (400, 403, 404, 405, 413, 429, 500):
        app.register_error_handler(code, error_page)
