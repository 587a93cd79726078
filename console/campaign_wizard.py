"""Setting a campaign up in five steps, each a form of its own that is kept when it is sent."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from callbacks import campaigns, lifecycle
from callbacks.campaign import Campaign
from callbacks.errors import CampaignError, NotReadyError
from console import campaign_sentences, law_words, test_calls, wizard_audience, wizard_flow, wizard_hours, wizard_rules
from console.campaign_sentences import hurdles
from console.campaigns import PURPOSES
from console.deps import deps, now
from console.form_fields import Fields, FormView
from console.guard import needs, viewer
from console.translate import gettext as _
from console.wizard_preview import preview
from console.wizard_steps import LABELS, NEXT, find_campaign, locked, note_seen, steps
from tickets.users import Role

blueprint = Blueprint("campaign_wizard", __name__)
OPEN_AFTER_LAUNCH = {"hours": {"hours"}, "rules": {"retries", "pacing", "breaker"}}


@blueprint.get("/campaigns/<int:campaign_id>/setup/<step>")
@needs(Role.OPS)
def page(campaign_id: int, step: str) -> str:
    """One step."""
    with deps().db.read() as s:
        campaign = find_campaign(s, campaign_id)
        return _page(s, campaign, step, FormView(values=_values(campaign, step)))


def _values(campaign: Campaign, step: str) -> dict[str, str]:
    if step not in LABELS:
        abort(404)
    match step:
        case "audience":
            return {"has_header": "1", "region": campaign.region or deps().region}
        case "flow":
            return wizard_flow.values(campaign)
        case "hours":
            return wizard_hours.values(campaign, viewer().time_zone or "UTC")
        case "rules":
            return wizard_rules.values(campaign)
        case _:
            return {}


def _page(s: Session, campaign: Campaign, step: str, form: FormView) -> str:
    blockers = [] if campaign.is_template else lifecycle.checks(s, campaign, now())
    found = hurdles(blockers)
    late = {hurdle.step for hurdle in found} if step == "preflight" else set()
    return render_template(
        f"campaign_setup_{step}.html",
        campaign=campaign,
        step=step,
        steps=steps(s, campaign, step, late),
        labels=LABELS,
        form=form,
        locked=locked(campaign),
        purposes=PURPOSES,
        hurdles=found,
        chosen_numbers=request.form.getlist("caller_numbers") if form.errors else campaign.caller_numbers,
        machines=wizard_flow.MACHINES,
        **_context(s, campaign, step),
    )


def _context(s: Session, campaign: Campaign, step: str) -> dict[str, Any]:
    match step:
        case "audience":
            return wizard_audience.context(s, campaign)
        case "flow":
            return wizard_flow.context(s, campaign) | preview(s, campaign) | _test(s, campaign)
        case "hours":
            return wizard_hours.context(campaign) | {"laws": _laws(campaign)}
        case "rules":
            return wizard_rules.context(campaign) | {"caps": law_words.cap_sentences(deps().policy.caps)}
    return {}


def _laws(campaign: Campaign) -> list[law_words.LawView]:
    return law_words.law_views(campaign.purpose, none_allowed=deps().policy.none_allowed)


def _test(s: Session, campaign: Campaign) -> dict[str, Any]:
    wrong = request.args.get("wrong", "")[:300]
    form = FormView(errors={"test_number": wrong} if wrong else {})
    return {"test_form": form, **test_calls.result_of(s, campaign, test_calls.latest(s, campaign))}


@blueprint.post("/campaigns/<int:campaign_id>/setup/<step>")
@needs(Role.OPS)
def save(campaign_id: int, step: str) -> ResponseReturnValue:
    """Keep a step and go on, or show it again with what is wrong beside each field."""
    fields = Fields(request.form)
    with deps().db.write() as s:
        campaign = find_campaign(s, campaign_id)
        found = _changes(s, campaign, step, fields)
        if not fields.errors:
            if "all" in locked(campaign):
                found = {name: value for name, value in found.items() if name in OPEN_AFTER_LAUNCH.get(step, ())}
            try:
                campaigns.edit(s, campaign, found, by=viewer().name, now=now())
            except CampaignError as error:
                fields.refuse("form", campaign_sentences.of_error(error))
        if fields.errors:
            s.rollback()
            campaign = find_campaign(s, campaign_id)
            return _page(s, campaign, step, fields.view()), 422
    note_seen(campaign_id, step)
    flash(_("Saved."), "done")
    onward = NEXT[step] if request.form.get("then") == "next" else step
    return redirect(url_for(".page", campaign_id=campaign_id, step=onward), code=303)


def _changes(s: Session, campaign: Campaign, step: str, fields: Fields) -> dict[str, Any]:
    if step not in ("flow", "hours", "rules"):
        abort(404)
    match step:
        case "flow":
            return wizard_flow.changes(fields, s, campaign)
        case "hours":
            laws = {law.name: law.title for law in _laws(campaign)}
            return wizard_hours.changes(fields, campaign, laws)
        case _:
            return wizard_rules.changes(fields, campaign)


@blueprint.get("/campaigns/<int:campaign_id>/setup/flow/spoken")
@needs(Role.OPS)
def spoken_words(campaign_id: int) -> str:
    """What the flow says to the person of one row, as a fragment."""
    with deps().db.read() as s:
        campaign = find_campaign(s, campaign_id)
        return render_template("campaign_setup_spoken.html", campaign=campaign, **preview(s, campaign))


@blueprint.post("/campaigns/<int:campaign_id>/launch")
@needs(Role.OPS)
def launch(campaign_id: int) -> ResponseReturnValue:
    """Begin to call. What still holds it up is shown instead."""
    note = " ".join(request.form.get("note", "").split())[:500]
    with deps().db.write() as s:
        campaign = find_campaign(s, campaign_id)
        try:
            lifecycle.launch(s, campaign, by=viewer().name, now=now(), note=note)
        except NotReadyError as error:
            s.rollback()
            for hurdle in hurdles(error.blockers):
                flash(hurdle.sentence, "error")
            return redirect(url_for(".page", campaign_id=campaign_id, step="preflight"), code=303)
        except CampaignError as error:
            s.rollback()
            flash(campaign_sentences.of_error(error), "error")
            return redirect(url_for(".page", campaign_id=campaign_id, step="preflight"), code=303)
    flash(_("The campaign is running."), "done")
    return redirect(f"/campaigns/{campaign_id}", code=303)
