"""The five steps of setting a campaign up: their order, where each stands, and the frame around them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import abort, session, url_for
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from callbacks.audience import AudienceImport
from callbacks.campaign import Campaign, CampaignEntry, CampaignState
from callbacks.case import Case
from console.translate import lazy_gettext as _

LABELS = {
    "audience": _("Audience"),
    "flow": _("Flow and voice"),
    "hours": _("Hours"),
    "rules": _("Rules"),
    "preflight": _("Preflight"),
}
NEXT = {"audience": "flow", "flow": "hours", "hours": "rules", "rules": "preflight"}
FIELDS = {"hours": {"hours", "law", "starts_at", "ends_at"}, "rules": {"retries", "pacing", "breaker", "priority"}}
SEEN, MOST_SEEN = "campaign_steps", 40
FINAL = (CampaignState.FINISHED, CampaignState.STOPPED)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. `state` is here, done, open or problem."""

    name: str
    label: Any
    state: str
    number: int
    url: str


def find_campaign(s: Session, campaign_id: int) -> Campaign:
    """The campaign. Raises NotFound."""
    campaign = s.get(Campaign, campaign_id)
    if campaign is None:
        abort(404)
    return campaign


def steps(s: Session, campaign: Campaign, here: str, problems: Collection[str] = ()) -> list[Step]:
    """All steps. `problems` names those that hold up the launch."""
    done = _done(s, campaign)
    found = []
    for number, (name, label) in enumerate(LABELS.items(), start=1):
        state = "problem" if name in problems else "done" if name in done else "open"
        url = url_for("console.campaign_wizard.page", campaign_id=campaign.id, step=name)
        found.append(Step(name=name, label=label, state="here" if name == here else state, number=number, url=url))
    return found


def _done(s: Session, campaign: Campaign) -> set[str]:
    """Steps that were gone through and hold what they must; hours and rules hold careful defaults from the start."""
    if campaign.state not in (CampaignState.DRAFT, CampaignState.READY):
        return set(LABELS)
    done = _seen(s, campaign)
    if campaign.standing or s.scalar(select(exists().where(Case.campaign_id == campaign.id, Case.kind == "normal"))):
        done.add("audience")
    if campaign.flow_name and campaign.caller_numbers:
        done.add("flow")
    return done


def _seen(s: Session, campaign: Campaign) -> set[str]:
    """Hours and rules, when this browser has sent them or the log knows of a change."""
    kept = session.get(SEEN, [])
    logged = select(CampaignEntry.details).where(CampaignEntry.campaign_id == campaign.id, CampaignEntry.what == "edit")
    changed = {name for details in s.scalars(logged) for name in details or ()}
    return {step for step, names in FIELDS.items() if f"{campaign.id}:{step}" in kept or changed & names}


def note_seen(campaign_id: int, step: str) -> None:
    """Remember that a step was sent, in the browser's session."""
    mark = f"{campaign_id}:{step}"
    session[SEEN] = [*(kept for kept in session.get(SEEN, []) if kept != mark), mark][-MOST_SEEN:]


def first_open(s: Session, campaign: Campaign) -> str:
    """The step to go on with."""
    done = _done(s, campaign)
    return next((name for name in LABELS if name not in done), "preflight")


def locked(campaign: Campaign) -> Collection[str]:
    """Groups of fields that cannot be changed any more: pace, hours and tries stay open while it runs."""
    if campaign.state in FINAL:
        return {"all", "hours", "retries", "pacing"}
    return () if campaign.state in (CampaignState.DRAFT, CampaignState.READY) else {"all"}


def imports_of(s: Session, campaign: Campaign) -> list[AudienceImport]:
    """The campaign's lists, newest first."""
    wanted = select(AudienceImport).where(AudienceImport.campaign_id == campaign.id).order_by(AudienceImport.id.desc())
    return list(s.scalars(wanted))
