"""The step by which a campaign under way takes the version of its flow that is in force."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from callbacks.campaign import Campaign
from callbacks.errors import CampaignError, NotReadyError
from callbacks.lifecycle import take_new_flow
from console.campaign_sentences import of_blocker, of_error
from console.deps import deps, now
from console.flows import find
from console.guard import needs, viewer
from console.translate import gettext as _
from tickets import audit
from tickets.users import Role

blueprint = Blueprint("flow_campaigns", __name__)


@blueprint.post("/flows/<name>/campaigns/<int:campaign_id>/take")
@needs(Role.OPS)
def take(name: str, campaign_id: int) -> ResponseReturnValue:
    """Let a campaign say what is in force; calls that are going on keep their words."""
    sentences: list[str] = []
    try:
        with deps().db.write() as s:
            flow, campaign = find(s, name), s.get(Campaign, campaign_id)
            if campaign is None or flow.name not in (campaign.flow_name, campaign.flow_b_name):
                abort(404)
            take_new_flow(s, campaign, by=viewer().name or viewer().email, now=now())
            subject = f"campaign {campaign.id}"
            audit.record(s, at=now(), user_id=viewer().id, action="campaign.flow", subject=subject, flow=flow.name)
            told = _("“%(name)s” says the version in force from its next answered call on.", name=campaign.name)
    except NotReadyError as error:
        sentences = [of_blocker(blocker) for blocker in error.blockers]
    except CampaignError as error:
        sentences = [of_error(error)]
    if sentences:
        flash(_("The campaign keeps its version.") + " " + " ".join(sentences), "error")
    else:
        flash(told, "done")
    return redirect(url_for("console.flows.page", name=name) + "#uses", code=303)
