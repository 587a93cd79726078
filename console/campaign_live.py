"""The live page of a campaign: how far it is, what came of it, and the buttons that launch, pause and end it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks import campaigns, lifecycle
from callbacks.campaign import Campaign, CampaignEntry
from callbacks.errors import CampaignError
from callbacks.settings import Pacing
from console import campaign_live_values as values
from console.campaign_why import refusal
from console.deps import deps, now
from console.form_fields import Fields
from console.guard import needs, viewer
from console.translate import gettext as _
from tickets.users import Role

blueprint = Blueprint("campaign_live", __name__)

DEEDS: dict[str, Callable[..., Campaign]] = {
    "launch": lifecycle.launch,
    "pause": lifecycle.pause,
    "resume": lifecycle.resume,
    "drain": lifecycle.drain,
    "stop": lifecycle.stop,
}
"""What people do with a campaign on its page, in the order of the buttons."""


def find(s: Session, campaign_id: int) -> Campaign:
    """The campaign, or 404; a template has no page of its own here."""
    campaign = s.get(Campaign, campaign_id)
    if campaign is None or campaign.is_template:
        abort(404)
    return campaign


@blueprint.get("/campaigns/<int:campaign_id>")
@needs(Role.OPS)
def page(campaign_id: int) -> str:
    """The whole page, which keeps itself up to date."""
    return _page(campaign_id)


def _page(campaign_id: int, **more: Any) -> str:
    with deps().db.read() as s:
        campaign = find(s, campaign_id)
        totals = values.totals_of(s, campaign)
        shown = values.now_values(s, campaign, totals) | values.figure_values(s, campaign, totals, now())
        shown |= values.log_values(s, campaign) | _action_values(s, campaign) | more
        return render_template("campaign_live.html", **shown)


@blueprint.get("/campaigns/<int:campaign_id>/now")
@needs(Role.OPS)
def present(campaign_id: int) -> str:
    """Only the progress, the live numbers and the calls that are going on."""
    with deps().db.read() as s:
        campaign = find(s, campaign_id)
        return render_template(
            "campaign_live_now.html", **values.now_values(s, campaign, values.totals_of(s, campaign))
        )


@blueprint.get("/campaigns/<int:campaign_id>/actions")
@needs(Role.OPS)
def actions(campaign_id: int) -> str:
    """Only the state and the buttons."""
    with deps().db.read() as s:
        return render_template("campaign_live_actions.html", **_action_values(s, find(s, campaign_id)))


@blueprint.get("/campaigns/<int:campaign_id>/figures")
@needs(Role.OPS)
def figures(campaign_id: int) -> str:
    """Only the pictures and tables."""
    with deps().db.read() as s:
        campaign = find(s, campaign_id)
        totals = values.totals_of(s, campaign)
        return render_template("campaign_live_figures.html", **values.figure_values(s, campaign, totals, now()))


@blueprint.get("/campaigns/<int:campaign_id>/log")
@needs(Role.OPS)
def log(campaign_id: int) -> str:
    """Only the log."""
    with deps().db.read() as s:
        return render_template("campaign_live_log.html", **values.log_values(s, find(s, campaign_id)))


@blueprint.get("/campaigns/<int:campaign_id>/nodes")
@needs(Role.OPS)
def nodes(campaign_id: int) -> str:
    """Where conversations end; read on demand, since it reads conversations. A page of its own without scripts."""
    variant = "b" if request.args.get("flow") == "b" else "a"
    with deps().db.read() as s:
        shown = values.node_values(s, find(s, campaign_id), variant)
        name = "campaign_live_nodes.html" if request.headers.get("HX-Request") else "campaign_live_nodes_page.html"
        return render_template(name, **shown)


@blueprint.post("/campaigns/<int:campaign_id>/state")
@needs(Role.OPS)
def change(campaign_id: int) -> ResponseReturnValue:
    """Take a step of the campaign's life. What is refused is said above the page, and the note stays in its box."""
    deed, note = request.form.get("deed", ""), request.form.get("note", "").strip()[:2000]
    if deed not in DEEDS:
        abort(400)
    try:
        with deps().db.write() as s:
            DEEDS[deed](s, find(s, campaign_id), by=viewer().name or viewer().email, now=now(), note=note)
    except CampaignError as error:
        return _page(campaign_id, problem=refusal(error), draft={"deed": deed, "note": note}), 409
    return redirect(url_for("console.campaign_live.page", campaign_id=campaign_id), code=303)


@blueprint.post("/campaigns/<int:campaign_id>/pace")
@needs(Role.OPS)
def pace(campaign_id: int) -> ResponseReturnValue:
    """Set calls per second and calls at a time; the rest of the pacing stays as it is."""
    sent = Fields(request.form)
    speed = sent.number("calls_per_second", least=0.01, most=100, default=1)
    at_once = sent.whole("max_live", least=1, most=10_000, default=10)
    problem = " ".join(sent.errors.values())
    try:
        if not problem:
            with deps().db.write() as s:
                campaign = find(s, campaign_id)
                wanted = campaign.pacing.model_dump() | {"calls_per_second": speed, "max_live": at_once}
                pacing = Pacing.model_validate(wanted)
                campaigns.edit(s, campaign, {"pacing": pacing}, by=viewer().name or viewer().email, now=now())
    except ValidationError:
        problem = _("The guaranteed pace cannot be above the campaign's own pace.")
    except CampaignError as error:
        problem = refusal(error)
    if problem:
        return _page(campaign_id, problem=problem, draft={"deed": "pace", **request.form.to_dict()}), 409
    flash(_("The pace was changed."), "done")
    return redirect(url_for("console.campaign_live.page", campaign_id=campaign_id), code=303)


def _action_values(s: Session, campaign: Campaign) -> dict[str, Any]:
    newest = s.scalar(select(func.max(CampaignEntry.id)).where(CampaignEntry.campaign_id == campaign.id)) or 0
    return values.shared(campaign) | {
        "deeds": [deed for deed in DEEDS if deed in lifecycle.steps_from(campaign.state)],
        "newest": newest,
        "pacing": campaign.pacing,
        "problem": "",
        "draft": {},
    }
