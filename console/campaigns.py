"""The campaigns: the list with its figures; a new one, a copy, a template, a draft thrown away."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks import campaigns
from callbacks.campaign import Campaign, CampaignState
from callbacks.errors import CampaignError
from callbacks.purposes import Purpose
from console import campaign_sentences, paging
from console.campaign_counts import figures_of
from console.campaign_words import PURPOSE
from console.deps import deps, now
from console.form_fields import Fields, FormView
from console.guard import needs, viewer
from console.translate import gettext as _now
from console.translate import lazy_gettext as _
from console.wizard_steps import find_campaign, first_open
from tickets.users import Role

blueprint = Blueprint("campaigns", __name__)

VIEWS = {
    "current": (_("Current"), ("draft", "ready", "running", "paused", "draining")),
    "running": (_("Running"), ("running", "draining")),
    "drafts": (_("Drafts"), ("draft", "ready")),
    "over": (_("Over"), ("finished", "stopped")),
    "all": (_("All"), tuple(state.value for state in CampaignState)),
    "templates": (_("Templates"), ()),
}
PURPOSES = [(purpose.value, PURPOSE[purpose].label) for purpose in Purpose]


@blueprint.get("/campaigns")
@needs(Role.OPS)
def listing() -> str:
    """The campaigns of one view, newest first."""
    view = request.args.get("view", "current")
    view = view if view in VIEWS else "current"
    query = select(Campaign).order_by(Campaign.created_at.desc(), Campaign.id.desc())
    query = query.where(Campaign.is_template if view == "templates" else ~Campaign.is_template)
    if view != "templates":
        query = query.where(Campaign.state.in_(VIEWS[view][1]))
    query = query.where(*paging.below(Campaign.created_at, Campaign.id, paging.cursor())).limit(paging.SIZE + 1)
    with deps().db.read() as s:
        rows = list(s.scalars(query))
        shown = rows[: paging.SIZE]
        values = {
            "campaigns": shown,
            "figures": figures_of(s, shown, now()),
            "next_url": paging.next_url(rows, "created_at"),
            "counts": _counts(s),
            "views": VIEWS,
            "view": view,
        }
        name = "_campaign_rows.html" if request.headers.get("HX-Request") else "campaigns.html"
        return render_template(name, **values)


def _counts(s: Session) -> dict[str, int]:
    states = dict(
        s.execute(select(Campaign.state, func.count()).where(~Campaign.is_template).group_by(Campaign.state))
        .tuples()
        .all()
    )
    found = {key: sum(states.get(CampaignState(state), 0) for state in wanted) for key, (_w, wanted) in VIEWS.items()}
    return found | {"templates": s.scalar(select(func.count()).where(Campaign.is_template)) or 0}


@blueprint.get("/campaigns/new")
@needs(Role.OPS)
def form() -> str:
    """The form for a new campaign: its name, what it is for, or a template to begin with."""
    with deps().db.read() as s:
        return _form(s, FormView(values={"purpose": Purpose.DELIVERY.value}))


def _form(s: Session, view: FormView) -> str:
    templates = s.scalars(select(Campaign).where(Campaign.is_template).order_by(Campaign.name))
    return render_template("campaign_setup_new.html", form=view, templates=list(templates), purposes=PURPOSES)


@blueprint.post("/campaigns/new")
@needs(Role.OPS)
def create() -> ResponseReturnValue:
    """Make it, empty or as a copy of a template, and go to its first step."""
    fields = Fields(request.form)
    name = fields.text("name", most=120, needed=_now("Give the campaign a name."))
    purpose = fields.choice("purpose", {p.value for p in Purpose}, Purpose.DELIVERY)
    template_id = fields.whole("template", least=0, most=2_000_000_000, default=0)
    with deps().db.write() as s:
        template = s.get(Campaign, template_id) if template_id else None
        if not fields.errors:
            try:
                if template is not None:
                    made = campaigns.copy(s, template, by=viewer().name, now=now(), name=name)
                else:
                    made = campaigns.create(
                        s,
                        name=name,
                        by=viewer().name,
                        now=now(),
                        purpose=Purpose(purpose),
                        standing=fields.flag("standing"),
                        zone=viewer().time_zone,
                        region=deps().region,
                    )
                s.flush()
                return redirect(url_for("console.campaign_wizard.page", campaign_id=made.id, step="audience"), code=303)
            except CampaignError as error:
                fields.refuse("name", campaign_sentences.of_error(error))
        return _form(s, fields.view()), 422


@blueprint.get("/campaigns/<int:campaign_id>/setup")
@needs(Role.OPS)
def setup(campaign_id: int) -> ResponseReturnValue:
    """The step to go on with."""
    with deps().db.read() as s:
        step = first_open(s, find_campaign(s, campaign_id))
    return redirect(url_for("console.campaign_wizard.page", campaign_id=campaign_id, step=step))


@blueprint.post("/campaigns/<int:campaign_id>/copy")
@needs(Role.OPS)
def copy(campaign_id: int) -> ResponseReturnValue:
    """A copy without its people, as a campaign or as a template."""
    as_template = request.form.get("as") == "template"
    with deps().db.write() as s:
        made = campaigns.copy(s, find_campaign(s, campaign_id), by=viewer().name, now=now(), as_template=as_template)
        s.flush()
        number = made.id
    if as_template:
        flash(_now("It is kept as a template."), "done")
        return redirect(url_for("console.campaigns.listing", view="templates"), code=303)
    return redirect(url_for("console.campaign_wizard.page", campaign_id=number, step="audience"), code=303)


@blueprint.post("/campaigns/<int:campaign_id>/delete")
@needs(Role.OPS)
def delete(campaign_id: int) -> ResponseReturnValue:
    """Throw a draft or a template away. What has called anybody stays."""
    with deps().db.write() as s:
        try:
            campaigns.delete(s, find_campaign(s, campaign_id))
        except CampaignError as error:
            flash(campaign_sentences.of_error(error), "error")
        else:
            flash(_now("The draft was deleted."), "done")
    return redirect(url_for("console.campaigns.listing"), code=303)
