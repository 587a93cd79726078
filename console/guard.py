"""Who is looking: the signed-in person, and which roles may do what."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from sqlalchemy.orm import Session

from console.deps import deps
from tickets.users import Role, User

P = ParamSpec("P")
R = TypeVar("R")
RANK = {Role.AGENT: 1, Role.OPS: 2, Role.ADMIN: 3}
"""Ops may do what agents may, and admins everything."""
PUBLIC = frozenset({"console.static", "console.entrance.sign_in", "console.entrance.choose_language"})


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """A signed-in user, as pages see one. `fingerprint` changes with the password and so ends older sessions."""

    id: int
    name: str
    email: str
    role: Role
    language: str
    time_zone: str
    group_id: int | None
    fingerprint: str

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session cookie keeps."""
        return f"{self.id}:{self.fingerprint}"

    def may(self, role: str) -> bool:
        """True when this user has at least the role."""
        return RANK[self.role] >= RANK[Role(role)]


def viewer_of(user: User) -> Viewer:
    """The user as a viewer."""
    return Viewer(
        id=user.id,
        name=user.name,
        email=user.email,
        role=Role(user.role),
        language=user.language,
        time_zone=user.time_zone,
        group_id=user.group_id,
        fingerprint=hashlib.sha256(user.password_hash.encode()).hexdigest()[:16],
    )


def viewer() -> Viewer:
    """The signed-in user of this request. Only called behind the guard."""
    return cast(Viewer, current_user._get_current_object())


def load_viewer(kept: str) -> Viewer | None:
    """The viewer a session cookie names; None when deactivated or the password has changed since."""
    number, _colon, fingerprint = kept.partition(":")
    if not number.isdecimal():
        return None
    with deps().db.read() as s:
        user = s.get(User, int(number))
        if user is None or not user.active:
            return None
        found = viewer_of(user)
    return found if found.fingerprint == fingerprint else None


def user_row(s: Session) -> User:
    """The signed-in user's row. Raises Forbidden when it is gone."""
    row = s.get(User, viewer().id)
    if row is None:
        abort(403)
    return row


def require_login() -> ResponseReturnValue | None:
    """Send strangers to the login page; fragments and streams get 401 so that no login form lands inside a page."""
    if request.endpoint in PUBLIC or current_user.is_authenticated:
        session.permanent = True
        return None
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": url_for("console.entrance.sign_in")}
    takes_pages = "Accept" not in request.headers or request.accept_mimetypes.accept_html
    if request.method != "GET" or not takes_pages:
        return "", 401
    return redirect(url_for("console.entrance.sign_in", next=request.full_path.rstrip("?")))


def needs(role: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Allow a view to users of at least this role; others get 403."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not viewer().may(role):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return decorate


def configure(app: Flask) -> None:
    """Keep logins in the session cookie."""
    manager = LoginManager(app)
    manager.session_protection = "basic"
    manager.user_loader(load_viewer)
