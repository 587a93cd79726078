"""Who may sign in: for administrators."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.deps import deps, now
from console.guard import needs, viewer
from console.translate import gettext as _
from tickets import audit, users
from tickets.errors import InvalidValueError
from tickets.users import Group, Role, User

blueprint = Blueprint("users", __name__)


@blueprint.get("/users")
@needs(Role.ADMIN)
def listing() -> str:
    """Every user, and the form to add one."""
    with deps().db.read() as s:
        return render_template("users.html", users=_all(s), groups=_groups(s), password="", added=None)


def _all(s: Session) -> list[User]:
    return list(s.scalars(select(User).order_by(User.active.desc(), User.name, User.id)))


def _groups(s: Session) -> dict[int, Group]:
    return {g.id: g for g in s.scalars(select(Group).order_by(Group.key))}


@blueprint.post("/users")
@needs(Role.ADMIN)
def add() -> ResponseReturnValue:
    """A new user with a made-up first password, which is shown once."""
    email = request.form.get("email", "").strip()[:254]
    name = " ".join(request.form.get("name", "").split())[:200]
    role, group = request.form.get("role", ""), request.form.get("group", type=int)
    if role not in {r.value for r in Role} or not name or "@" not in email:
        return _refuse(_("A user needs a name, an e-mail address and a role."))
    password = secrets.token_urlsafe(12)
    with deps().db.write() as s:
        if users.find_user(s, email):
            return _refuse(_("Somebody already has this e-mail address."))
        try:
            user = users.add_user(
                s,
                email=email,
                name=name,
                role=Role(role),
                password=password,
                now=now(),
                language=viewer().language,
                time_zone=viewer().time_zone,
                group_id=group if group in _groups(s) else None,
            )
        except InvalidValueError:
            return _refuse(_("This is not an e-mail address."))
        audit.record(s, at=now(), user_id=viewer().id, action="user.add", subject=f"user {user.id}", role=role)
        return render_template("users.html", users=_all(s), groups=_groups(s), password=password, added=user)


@blueprint.post("/users/<int:user_id>")
@needs(Role.ADMIN)
def change(user_id: int) -> ResponseReturnValue:
    """Another role, or no more (or again) a login. Nobody does this to themselves, so that an admin always remains."""
    if user_id == viewer().id:
        return _refuse(_("You cannot change your own role or login."))
    deed = request.form.get("deed", "")
    with deps().db.write() as s:
        user = s.get(User, user_id)
        if user is None:
            abort(404)
        if deed in ("deactivate", "activate"):
            user.active = deed == "activate"
        elif deed == "role" and request.form.get("role", "") in {r.value for r in Role}:
            user.role = Role(request.form["role"])
        else:
            abort(400)
        audit.record(s, at=now(), user_id=viewer().id, action=f"user.{deed}", subject=f"user {user.id}", role=user.role)
    flash(_("Saved."), "done")
    return redirect(url_for("console.users.listing"), code=303)


def _refuse(sentence: str) -> ResponseReturnValue:
    flash(sentence, "error")
    return redirect(url_for("console.users.listing"), code=303)
