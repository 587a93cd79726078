"""Campaigns: list, read with figures, draft, edit, and the steps of their life."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from apiflask import APIBlueprint
from sqlalchemy import select

from api.errors import ApiError, FieldError, invalid
from api.operations import Answer, Listed, Work, operation
from api.paging import find, page
from api.reading import checked_zone, number_of
from api.schemas.campaigns import (
    CampaignEditIn,
    CampaignOut,
    CampaignsOut,
    CampaignsQuery,
    CampaignWithFiguresOut,
    FiguresOut,
    NewCampaignIn,
    StepIn,
)
from api.scopes import Scope
from callbacks import campaigns, lifecycle
from callbacks.campaign import Campaign
from callbacks.errors import CampaignError, NotReadyError
from callbacks.reports.counts import case_counts
from callbacks.reports.funnel import funnel

room = APIBlueprint("campaigns", __name__, url_prefix="/v1", tag="Campaigns")


class NotLaunchableError(ApiError):
    """Something must be put right before the launch; `errors` has one entry for each."""

    status = 409
    kind = "conflict"


@operation(room, "GET", "/campaigns", scope=Scope.CAMPAIGNS_READ, query=CampaignsQuery, output=CampaignsOut)
def list_campaigns(work: Work, query: CampaignsQuery) -> Listed:
    """List campaigns, the newest first."""
    wanted = select(Campaign).where(Campaign.is_template.is_(query.template == "true"))
    if query.state is not None:
        wanted = wanted.where(Campaign.state == query.state)
    return page(work.s, wanted, Campaign.id.expression, query, CampaignOut.model_validate)


@operation(
    room, "GET", "/campaigns/<int:campaign_id>", scope=Scope.CAMPAIGNS_READ, output=CampaignWithFiguresOut,
    problems=(404,),
)  # fmt: skip
def get_campaign(work: Work, campaign_id: int) -> CampaignWithFiguresOut:
    """Read a campaign with its figures."""
    return _with_figures(work, find(work.s, Campaign, campaign_id, "campaign"))


@operation(
    room, "POST", "/campaigns", scope=Scope.CAMPAIGNS_WRITE, body=NewCampaignIn, output=CampaignOut, status=201,
    creates=True, problems=(409,),
)  # fmt: skip
def create_campaign(work: Work, body: NewCampaignIn) -> Answer:
    """Draft a campaign. It is launched by a step of its own, after a test call."""
    changes = _checked(work, body)
    with _fields_named():
        campaign = campaigns.create(work.s, name=changes.pop("name"), by=work.by, now=work.now, **changes)
    work.s.flush()
    return Answer(value=_show(campaign), status=201, location=f"/v1/campaigns/{campaign.id}")


@operation(
    room, "PATCH", "/campaigns/<int:campaign_id>", scope=Scope.CAMPAIGNS_WRITE, body=CampaignEditIn,
    output=CampaignOut, problems=(404, 409),
)  # fmt: skip
def edit_campaign(work: Work, campaign_id: int, body: CampaignEditIn) -> CampaignOut:
    """Change a campaign. After the launch only hours, retries, pacing and breaker may change."""
    campaign = find(work.s, Campaign, campaign_id, "campaign", lock=True)
    changes = _checked(work, body)
    with _fields_named():
        campaigns.edit(work.s, campaign, changes, by=work.by, now=work.now, expected_version=body.version)
    return _show(campaign)


def _step(name: str, summary: str, explanation: str) -> None:
    """One step of the lifecycle as an operation of its own."""

    def take(work: Work, campaign_id: int, body: StepIn) -> CampaignOut:
        campaign = find(work.s, Campaign, campaign_id, "campaign", lock=True)
        try:
            getattr(lifecycle, name)(work.s, campaign, by=work.by, now=work.now, note=body.note)
        except NotReadyError as error:
            found = tuple(FieldError(field=f"campaign.{b.code}", detail=b.sentence) for b in error.blockers)
            raise NotLaunchableError("The campaign is not ready; errors says why.", errors=found) from error
        work.s.flush()
        return _show(campaign)

    take.__name__ = f"{name}_campaign"
    take.__doc__ = f"{summary}\n\n{explanation}"
    operation(
        room,
        "POST",
        f"/campaigns/<int:campaign_id>/{name}",
        scope=Scope.CAMPAIGNS_WRITE,
        body=StepIn,
        output=CampaignOut,
        problems=(404, 409),
    )(take)


_step("launch", "Launch a campaign.", "409 with one error for each thing that must be put right first.")
_step("pause", "Pause a campaign.", "No new call is dialled within a second; live calls finish.")
_step("resume", "Resume a paused campaign.", "One that its circuit breaker paused needs a note.")
_step("drain", "Drain a campaign.", "Open cases with a try behind them finish, no other is begun.")
_step("stop", "Stop a campaign for good.", "Its open cases are closed.")


@contextmanager
def _fields_named() -> Iterator[None]:
    """A value that the campaign refuses is the fault of its field, which stands before the colon."""
    try:
        yield
    except CampaignError as error:
        name, colon, sentence = str(error).partition(": ")
        if error.__cause__ is None and not (colon and name.split(".")[0] in CampaignEditIn.model_fields):
            raise
        raise invalid(f"body.{name}" if colon else "body", sentence or str(error)) from error


def _show(campaign: Campaign) -> CampaignOut:
    return CampaignOut.model_validate(campaign)


def _with_figures(work: Work, campaign: Campaign) -> CampaignWithFiguresOut:
    counted = case_counts(work.s, campaign.id)
    states: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for (state, reason, _), number in counted.cells.items():
        states[str(state)] += number
        if reason:
            reasons[str(reason)] += number
    got = funnel(work.s, campaign.id)
    figures = FiguresOut(
        cases=dict(states),
        closed=dict(reasons),
        attempts=got.dialled,
        rang=got.rang,
        answered=got.answered,
        heard=got.heard,
        replied=got.replied,
        goal=got.goal,
        talk_s=got.talk_s,
    )
    return CampaignWithFiguresOut(**_show(campaign).model_dump(), figures=figures)


def _checked(work: Work, body: NewCampaignIn | CampaignEditIn) -> dict[str, Any]:
    changes = body.changes()
    if "zone" in changes:
        checked_zone(changes["zone"], "body.zone")
    if "caller_numbers" in changes:
        region = changes.get("region") or work.deps.region
        changes["caller_numbers"] = [
            number_of(text, f"body.caller_numbers.{n}", region=region)
            for n, text in enumerate(changes["caller_numbers"])
        ]
    return changes
