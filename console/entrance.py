"""Sign in, sign out, and the language before that."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from console.deps import deps, now
from console.guard import Viewer, viewer_of
from console.language import COOKIE, LANGUAGES
from console.security import local_path
from console.translate import gettext as _
from tickets import audit, users
from tickets.passwords import verifies

log = logging.getLogger(__name__)
blueprint = Blueprint("entrance", __name__)
limiter = Limiter(get_remote_address)
PER_ADDRESS = "20 per minute; 100 per hour"
PER_ACCOUNT = "5 per minute; 30 per hour"


def account_key() -> str:
    """The account somebody tries to enter, whatever the address they come from."""
    return "account:" + request.form.get("email", "").strip().casefold()[:254]


def failed(response: BaseResponse) -> bool:
    """Only failed attempts count: a login answers with a redirect."""
    return response.status_code != 302


@blueprint.route("/login", methods=["GET", "POST"])
@limiter.limit(PER_ADDRESS, methods=["POST"], deduct_when=failed)
@limiter.limit(PER_ACCOUNT, methods=["POST"], key_func=account_key, deduct_when=failed)
def sign_in() -> ResponseReturnValue:
    """The login page, and the login."""
    target = local_path(request.values.get("next"), url_for("console.overview.page"))
    if request.method == "GET":
        return redirect(target) if current_user.is_authenticated else _form(target)
    email, password = request.form.get("email", "").strip(), request.form.get("password", "")
    found = _enter(email, password)
    if found is None:
        log.info("A login failed.")
        return _form(target, error=_("E-mail or password is wrong."), email=email[:254]), 401
    # A new session for a new login: what an unknown visitor may have planted does not survive.
    session.clear()
    login_user(found)
    session.permanent = True
    return redirect(target)


def _enter(email: str, password: str) -> Viewer | None:
    """The viewer when the password fits. A wrong guess is found out without holding the database's write lock."""
    with deps().db.read() as s:
        known = users.find_user(s, email[:254])
        password_hash = known.password_hash if known else None
    if not verifies(password_hash, password):
        return None
    with deps().db.write() as s:
        user = users.authenticate(s, email, password, now())
        if user is None:
            return None
        audit.record(s, at=now(), user_id=user.id, action="login", subject=f"user {user.id}")
        return viewer_of(user)


def _form(target: str, error: str = "", email: str = "") -> str:
    values = deps()
    logins = values.demo_logins if values.demo else ()
    return render_template("login.html", target=target, error=error, email=email, logins=logins)


@blueprint.post("/logout")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    logout_user()
    session.clear()
    return redirect(url_for("console.entrance.sign_in"))


@blueprint.post("/language")
def choose_language() -> ResponseReturnValue:
    """Keep the chosen language: in the user's row, or in a cookie before login."""
    language = request.form.get("language", "")
    back: Response | BaseResponse = redirect(
        local_path(request.form.get("next"), url_for("console.overview.page")), code=303
    )
    if language not in LANGUAGES:
        return back
    if current_user.is_authenticated:
        with deps().db.write() as s:
            user = s.get(users.User, current_user.id)
            if user is not None:
                user.language = language
    back.set_cookie(COOKIE, language, max_age=31_536_000, samesite="Lax", httponly=True, secure=deps().is_https)
    return back
