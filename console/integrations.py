"""Programs that work with us, for administrators: their keys, and the addresses that are told what happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from api import keys
from api.errors import InvalidError, MissingError
from api.scopes import Scope
from api.webhooks_out import deliveries, endpoints, fan_out
from console.campaign_words import SCOPES
from console.deps import deps, now
from console.form_fields import Fields, FormView
from console.guard import needs, viewer
from console.translate import gettext as _
from tickets import audit
from tickets.users import Role

blueprint = Blueprint("integrations", __name__)
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A secret that is shown once: what it opens, and itself."""

    name: str
    text: str


@blueprint.get("/integrations")
@needs(Role.ADMIN)
def listing() -> str:
    """Keys and endpoints, with the forms to add them."""
    with deps().db.read() as s:
        return _page(s)


def _page(
    s: Session, *, key_form: FormView | None = None, hook_form: FormView | None = None, secret: Secret | None = None
) -> str:
    return render_template(
        "integrations.html",
        keys=keys.keys(s),
        endpoints=endpoints.endpoints(s),
        kinds=endpoints.KINDS,
        scopes=[(scope.value, SCOPES[scope]) for scope in Scope],
        key_form=key_form or FormView(),
        hook_form=hook_form or FormView(values={"everything": "1"}),
        chosen_scopes=request.form.getlist("scopes"),
        chosen_kinds=request.form.getlist("kinds"),
        secret=secret,
        api_url=f"{deps().public_base_url.rstrip('/')}/api/v1",
    )


@blueprint.post("/integrations/keys")
@needs(Role.ADMIN)
def add_key() -> ResponseReturnValue:
    """A new key; the whole of it is on the page that answers, and nowhere else."""
    fields = Fields(request.form)
    name = fields.text("name", most=120, needed=_("Say which program uses the key."))
    scopes = [scope for scope in fields.many("scopes") if scope in set(Scope)]
    if not scopes:
        fields.refuse("scopes", _("Choose at least one thing that the key may do."))
    until = None
    if day := fields.day("expires"):
        zone = ZoneInfo(viewer().time_zone or "UTC")
        until = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        if until <= now():
            fields.refuse("expires", _("This day is over."))
    with deps().db.write() as s:
        if fields.errors:
            return _page(s, key_form=fields.view()), 422
        key, text = keys.create_key(s, name, scopes, viewer().name, now(), expires_at=until)
        audit.record(s, at=now(), user_id=viewer().id, action="api_key.add", subject=f"key {key.public_id}")
        return _page(s, secret=Secret(name=key.name, text=text))


@blueprint.post("/integrations/keys/<int:key_id>/revoke")
@needs(Role.ADMIN)
def revoke_key(key_id: int) -> ResponseReturnValue:
    """The key opens nothing any more."""
    with deps().db.write() as s:
        try:
            key = keys.revoke_key(s, key_id, by=viewer().name, now=now())
        except MissingError:
            return _back(_("There is no such key."), "error")
        audit.record(s, at=now(), user_id=viewer().id, action="api_key.revoke", subject=f"key {key.public_id}")
    return _back(_("The key opens nothing any more."))


@blueprint.post("/integrations/webhooks")
@needs(Role.ADMIN)
def add_webhook() -> ResponseReturnValue:
    """An address that is told from now on; its secret is shown."""
    fields = Fields(request.form)
    name = fields.text("hook_name", most=120, needed=_("Give it a name."))
    kinds = ["*"] if fields.flag("everything") else fields.many("kinds")
    kinds += fields.raw("more_kinds").replace(",", " ").split() if not fields.flag("everything") else []
    with deps().db.write() as s:
        try:
            made = endpoints.add_endpoint(s, url=fields.raw("url"), kinds=kinds, by=viewer().name, now=now(), name=name)
        except InvalidError as error:
            if any(fault.field == "url" for fault in error.errors):
                fields.refuse("url", _("Write the whole address: https://host/path, without a password in it."))
            else:
                fields.refuse("kinds", _("Choose what is told: at least one event."))
        if fields.errors:
            s.rollback()
            return _page(s, hook_form=fields.view()), 422
        audit.record(s, at=now(), user_id=viewer().id, action="webhook.add", subject=f"webhook {made.id}")
        return _page(s, secret=Secret(name=made.name, text=made.secret))


@blueprint.post("/integrations/webhooks/<int:endpoint_id>")
@needs(Role.ADMIN)
def change_webhook(endpoint_id: int) -> ResponseReturnValue:
    """Send a test, give a new secret, switch off or on, remove."""
    deed = request.form.get("deed", "")
    told = {
        "test": _("A test is on its way; the log shows how it goes."),
        "off": _("It is told nothing any more."),
        "on": _("It is told from now on, and what has waited is sent."),
        "remove": _("The address and its log were removed."),
    }
    with deps().db.write() as s:
        try:
            if deed == "test":
                fan_out.test_endpoint(s, endpoint_id, now=now())
            elif deed == "rotate":
                hook = endpoints.rotate_secret(s, endpoint_id, now=now())
                audit.record(s, at=now(), user_id=viewer().id, action="webhook.rotate", subject=f"webhook {hook.id}")
                return _page(s, secret=Secret(name=hook.name or hook.url, text=hook.secret))
            elif deed in ("on", "off"):
                deliveries.switch(s, endpoint_id, active=deed == "on", now=now())
            elif deed == "remove":
                endpoints.remove_endpoint(s, endpoint_id)
            else:
                return _back(_("Use the buttons of the page instead."), "error")
        except MissingError:
            return _back(_("There is no such address."), "error")
        audit.record(s, at=now(), user_id=viewer().id, action=f"webhook.{deed}", subject=f"webhook {endpoint_id}")
    return _back(told[deed])


def _back(sentence: str, kind: str = "done") -> ResponseReturnValue:
    flash(sentence, kind)
    return redirect(url_for("console.integrations.listing"), code=303)


@blueprint.get("/integrations/deliveries")
@needs(Role.ADMIN)
def delivery_log() -> str:
    """What was told to whom, and how it went."""
    endpoint_id, after = request.args.get("webhook", type=int), request.args.get("after", type=int)
    state = request.args.get("state", "")
    state = state if state in set(deliveries.DeliveryState) else ""
    with deps().db.read() as s:
        rows = deliveries.deliveries(s, endpoint_id=endpoint_id, state=state, after=after, limit=PAGE + 1)
        shown = rows[:PAGE]
        older: dict[str, Any] = {
            "webhook": endpoint_id,
            "state": state or None,
            "after": shown[-1].id if len(rows) > PAGE else None,
        }
        return render_template(
            "integrations_deliveries.html",
            deliveries=shown,
            endpoints={hook.id: hook for hook in endpoints.endpoints(s)},
            filters={"webhook": endpoint_id, "state": state},
            next_url=url_for(".delivery_log", **older) if len(rows) > PAGE else "",
        )


@blueprint.post("/integrations/deliveries/<int:delivery_id>/replay")
@needs(Role.ADMIN)
def replay(delivery_id: int) -> ResponseReturnValue:
    """Tell it again, under the same message id."""
    with deps().db.write() as s:
        try:
            deliveries.replay(s, delivery_id, now=now())
        except MissingError:
            flash(_("There is no such delivery."), "error")
        else:
            audit.record(s, at=now(), user_id=viewer().id, action="webhook.replay", subject=f"delivery {delivery_id}")
            flash(_("It is sent again."), "done")
    return redirect(url_for("console.integrations.delivery_log"), code=303)
