"""Headers of every page, cross-site request forgery, and addresses that stay on this site."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest

from console.carrier import socket_origin
from console.deps import Deps, deps

csrf = CSRFProtect()

POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "media-src 'self' blob:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


PHONE = "console.phone.page"
"""The page that opens a websocket of the simulated carrier; every other one talks to this site alone."""


def policy(endpoint: str | None) -> str:
    """The content security policy of a page."""
    carrier = deps().simulator_url
    if endpoint != PHONE or carrier is None:
        return POLICY
    return POLICY.replace("connect-src 'self'", f"connect-src 'self' {socket_origin(carrier)}")


def configure(app: Flask, values: Deps) -> None:
    """Session cookie flags and request forgery protection; only console pages are checked, webhooks are signed."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_NAME="ringback_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=values.is_https,
        PERMANENT_SESSION_LIFETIME=values.session_hours * 3600,
    )
    csrf.init_app(app)


def check_forgery() -> None:
    """Refuse a change that does not carry the session's token. Raises BadRequest."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    try:
        csrf.protect()
    except CSRFError as error:
        raise BadRequest(error.description) from error


def add_headers(response: Response) -> Response:
    """Let the browser run and embed only what this site serves, and keep pages out of shared caches."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy(request.endpoint))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if deps().is_https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "console.static":
        headers.setdefault("Cache-Control", "private, no-store" if response.mimetype == "text/html" else "private")
    return response


def local_path(target: str | None, default: str) -> str:
    """`target` when it is a path of this site, else `default`; so that a login never leads elsewhere.

    Backslashes and control characters are refused since browsers read "/\\\\host" as "//host".
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return default
    if "\\" in target or any(ord(c) < 32 for c in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target
