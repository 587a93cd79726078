"""When something happens, somebody is called: the rules, read as sentences, added and switched off."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.event_rules import EventRule
from console.deps import deps, now
from console.form_fields import Fields, FormView
from console.guard import needs, viewer
from console.translate import gettext as _now
from console.translate import lazy_gettext as _
from console.wizard_rules import length
from console.wizard_steps import FINAL
from flows.errors import ExpressionError
from flows.expressions import compile_expression
from tickets import audit
from tickets.users import Role
from work.happenings import Happening

blueprint = Blueprint("event_rules", __name__)

EVENTS = {
    "ticket.solved": _("a ticket is solved"),
    "ticket.opened": _("a ticket is opened"),
    "ticket.reopened": _("a ticket is opened again"),
    "parcel.arrived": _("a parcel arrives"),
    "parcel.picked_up": _("a parcel is picked up"),
    "case.closed": _("a case is closed"),
    "date": _("a date comes near"),
}
UNITS = {"1": _("minutes"), "60": _("hours"), "1440": _("days")}
LONGEST_MIN = 400 * 1440
_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_NAME = re.compile(r"[^\W\d]\w{0,59}")


@blueprint.get("/event-rules")
@needs(Role.OPS)
def listing() -> str:
    """Every rule, and the form to add one."""
    with deps().db.read() as s:
        return _page(s, FormView(values={"event": "ticket.solved", "delay": "2", "unit": "60", "side": "after"}))


def _page(s: Session, form: FormView) -> str:
    rules = list(s.scalars(select(EventRule).order_by(EventRule.active.desc(), EventRule.name, EventRule.id)))
    standing = select(Campaign).where(Campaign.standing, ~Campaign.is_template, Campaign.state.not_in(FINAL))
    campaigns = list(s.scalars(standing.order_by(Campaign.name)))
    named = {rule.campaign_id for rule in rules}
    seen = select(Happening.kind).group_by(Happening.kind).order_by(Happening.kind).limit(60)
    made = select(Case.campaign_id, func.count()).where(Case.campaign_id.in_(named), Case.source == "rule")
    return render_template(
        "event_rules.html",
        rules=rules,
        form=form,
        campaigns=campaigns,
        by_id={c.id: c for c in s.scalars(select(Campaign).where(Campaign.id.in_(named)))},
        made=dict(s.execute(made.group_by(Case.campaign_id)).tuples().all()),
        kinds=sorted({*EVENTS, *s.scalars(seen)} - {"date"}),
        events=EVENTS,
        units=UNITS,
        when=when,
    )


def when(rule: EventRule) -> str:
    """The first half of a rule's sentence: what happens, and how long after it."""
    if rule.event == "date":
        if rule.delay_min == 0:
            return _now("on the day in “%(field)s”", field=rule.date_field)
        words = _now("%(span)s after the day in “%(field)s”") if rule.delay_min > 0 else None
        before = _now("%(span)s before the day in “%(field)s”")
        return (words or before) % {"span": length(abs(rule.delay_min)), "field": rule.date_field}
    what = str(EVENTS.get(rule.event) or rule.event)
    if rule.delay_min == 0:
        return _now("as soon as %(what)s", what=what)
    return _now("%(span)s after %(what)s", span=length(rule.delay_min), what=what)


@blueprint.post("/event-rules")
@needs(Role.OPS)
def add() -> ResponseReturnValue:
    """A new rule. It looks at what happens from now on."""
    fields = Fields(request.form)
    with deps().db.write() as s:
        found = _read(s, fields)
        if fields.errors:
            return _page(s, fields.view()), 422
        rule = EventRule(**found, active=True, created_at=now(), created_by=viewer().name)
        s.add(rule)
        s.flush()
        audit.record(s, at=now(), user_id=viewer().id, action="event_rule.add", subject=f"rule {rule.id}")
    flash(_now("The rule holds from now on."), "done")
    return redirect(url_for("console.event_rules.listing"), code=303)


def _read(s: Session, fields: Fields) -> dict[str, Any]:
    event = fields.raw("event")
    if event != "date" and not _KIND.fullmatch(event):
        fields.refuse("event", _now("An event is written like parcel.arrived: what, a dot, what happened to it."))
    date_field = fields.text("date_field", most=60)
    if event == "date" and not _NAME.fullmatch(date_field):
        fields.refuse("date_field", _now("Name the variable that holds the date."))
    unit = int(fields.choice("unit", UNITS, "60"))
    delay_min = round(fields.number("delay", least=0, most=LONGEST_MIN / unit, default=0) * unit)
    if fields.choice("side", ("after", "before"), "after") == "before":
        if event != "date":
            fields.refuse("side", _now("Only a date can be called before; events are over when we hear of them."))
        delay_min = -delay_min
    campaign_id = fields.whole("campaign_id", least=0, most=2_000_000_000, default=0)
    campaign = s.get(Campaign, campaign_id) if campaign_id else None
    if campaign is None or not campaign.standing or campaign.is_template or campaign.state in FINAL:
        fields.refuse("campaign_id", _now("Choose a campaign without end; only such a one takes cases all the time."))
    return {
        "name": fields.text("name", most=120, needed=_now("Give the rule a name.")),
        "event": event,
        "date_field": date_field if event == "date" else "",
        "delay_min": delay_min,
        "campaign_id": campaign_id,
        "conditions": _pairs(fields, "conditions"),
        "variables": _expressions(fields),
        "cancelled_by": _kinds(fields),
    }


def _pairs(fields: Fields, name: str) -> dict[str, str]:
    """Lines of "variable = value"."""
    found: dict[str, str] = {}
    for number, line in enumerate(fields.lines(name).split("\n"), start=1):
        if not line.strip():
            continue
        key, sign, value = (part.strip() for part in line.partition("="))
        if not sign or not _NAME.fullmatch(key) or not value:
            fields.refuse(name, _now("Line %(number)s: write a name, an equals sign and a value.", number=number))
        elif key in found:
            fields.refuse(name, _now("Line %(number)s: “%(name)s” stands twice.", number=number, name=key[:60]))
        found[key] = value
    return found


def _expressions(fields: Fields) -> dict[str, str]:
    found = _pairs(fields, "variables")
    for key, expression in found.items():
        try:
            compile_expression(expression)
        except ExpressionError as error:
            fields.refuse(
                "variables", _now("“%(name)s” cannot be computed: %(reason)s", name=key[:60], reason=error.message)
            )
    return found


def _kinds(fields: Fields) -> list[str]:
    kinds = fields.raw("cancelled_by").replace(",", " ").replace("、", " ").split()
    if wrong := [kind for kind in kinds if not _KIND.fullmatch(kind)]:
        fields.refuse(
            "cancelled_by", _now("“%(kind)s” is no event. Write them like parcel.picked_up.", kind=wrong[0][:60])
        )
    return kinds


@blueprint.post("/event-rules/<int:rule_id>")
@needs(Role.OPS)
def change(rule_id: int) -> ResponseReturnValue:
    """Switch a rule off or on, or remove it. Cases it has made stay."""
    deed = request.form.get("deed", "")
    with deps().db.write() as s:
        rule = s.get(EventRule, rule_id)
        if rule is None:
            abort(404)
        if deed in ("on", "off"):
            rule.active = deed == "on"
        elif deed == "delete":
            s.delete(rule)
        else:
            abort(400)
        audit.record(s, at=now(), user_id=viewer().id, action=f"event_rule.{deed}", subject=f"rule {rule_id}")
    flash(_now("Saved."), "done")
    return redirect(url_for("console.event_rules.listing"), code=303)
