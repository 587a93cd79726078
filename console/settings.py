"""A user's own settings: name, language, time zone, password."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user

from console import guard, language
from console.deps import deps, now
from console.security import local_path
from console.translate import gettext as _
from tickets import audit, users
from tickets.errors import InvalidValueError
from tickets.passwords import SHORTEST, verifies

blueprint = Blueprint("settings", __name__)


@blueprint.get("/settings")
def page() -> str:
    """The forms."""
    return render_template("settings.html", shortest=SHORTEST)


@blueprint.post("/settings")
def save() -> ResponseReturnValue:
    """Name, language and zone."""
    name = " ".join(request.form.get("name", "").split())[:200]
    chosen, zone = request.form.get("language", ""), request.form.get("time_zone", "")
    if not name or chosen not in language.LANGUAGES or zone not in language.zones():
        flash(_("Give a name, and choose a language and a zone from the lists."), "error")
        return redirect(url_for("console.settings.page"), code=303)
    with deps().db.write() as s:
        user = guard.user_row(s)
        user.name, user.language, user.time_zone = name, chosen, zone
    flash(_("Saved."), "done")
    return redirect(url_for("console.settings.page"), code=303)


@blueprint.get("/settings/zones")
def zones() -> str:
    """The choice of zones, fetched when the account menu is opened: the list is longer than most pages."""
    return render_template("_zones.html")


@blueprint.post("/settings/zone")
def choose_zone() -> ResponseReturnValue:
    """The zone alone, from the account menu."""
    zone = request.form.get("time_zone", "")
    if zone in language.zones():
        with deps().db.write() as s:
            guard.user_row(s).time_zone = zone
    return redirect(local_path(request.form.get("next"), url_for("console.overview.page")), code=303)


@blueprint.post("/settings/password")
def change_password() -> ResponseReturnValue:
    """A new password; every other session of this user ends."""
    old, new = request.form.get("old", "")[:1024], request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _refuse(_("The two new passwords differ."))
    with deps().db.read() as s:
        known = guard.user_row(s).password_hash
    if not verifies(known, old):
        return _refuse(_("The present password is wrong."))
    try:
        with deps().db.write() as s:
            user = guard.user_row(s)
            users.set_password(s, user, new)
            audit.record(s, at=now(), user_id=user.id, action="password.change", subject=f"user {user.id}")
            found = guard.viewer_of(user)
    except InvalidValueError:
        return _refuse(
            _("This password is too easy to guess. Use at least %(count)s varied characters.", count=SHORTEST)
        )
    session.clear()
    login_user(found)
    flash(_("The password was changed. Other devices are signed out."), "done")
    return redirect(url_for("console.settings.page"), code=303)


def _refuse(sentence: str) -> ResponseReturnValue:
    flash(sentence, "error")
    return redirect(url_for("console.settings.page"), code=303)


def zone_options() -> list[tuple[str, str]]:
    """Zones to choose from, as (name, label)."""
    return [(zone, zone.replace("_", " ")) for zone in language.offered_zones()]


def register(app: Flask) -> None:
    """Let templates offer zones."""
    app.add_template_global(zone_options, "zone_options")
