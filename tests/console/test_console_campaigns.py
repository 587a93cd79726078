"""The campaign list and what can be done from it: create, copy, keep as a template, delete a draft."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from callbacks.campaign import Campaign, CampaignState
from callbacks.purposes import Purpose
from tests.console.conftest import CampaignDesk, sign_in


def found(desk: CampaignDesk, key: str) -> Campaign | None:
    with desk.values.db.read() as s:
        return s.get(Campaign, desk.ids[key])


PAGES = ("/campaigns", "/campaigns/new", "/event-rules")


@pytest.mark.parametrize("path", PAGES)
def test_agents_do_not_see_campaigns(campaign_desk: CampaignDesk, path: str) -> None:
    agent = sign_in(campaign_desk.app.test_client(), "agent")
    assert agent.get(path).status_code == 403
    assert f'href="{path}"' not in agent.get("/").get_data(as_text=True)


def test_the_list_shows_state_progress_and_rates(campaign_desk: CampaignDesk) -> None:
    page = campaign_desk.page("/campaigns")
    row = page.split("上海浦东 11 月 20 日", 1)[1].split("</tr>")[0]
    assert "Running" in row
    assert 'max="60" value="37"' in row
    assert "66 %" in row, "23 of 35 calls that rang were answered"
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page
    tripped = page.split("Overdue pickups", 1)[1].split("</tr>")[0]
    assert "Stopped itself" in tripped


def test_views_part_the_campaigns_by_state(campaign_desk: CampaignDesk) -> None:
    assert "Deliveries of last Friday" in campaign_desk.page("/campaigns?view=over")
    assert "Deliveries of last Friday" not in campaign_desk.page("/campaigns")
    assert "Overdue pickups" not in campaign_desk.page("/campaigns?view=running")


def test_a_new_campaign_begins_with_its_audience(campaign_desk: CampaignDesk) -> None:
    answer = campaign_desk.post("/campaigns/new", {"name": "  Deliveries of   Monday ", "purpose": "delivery"})
    assert answer.status_code == 303
    with campaign_desk.values.db.read() as s:
        made = s.scalars(select(Campaign).order_by(Campaign.id.desc())).first()
        assert made is not None
        assert (made.name, made.state, made.purpose) == ("Deliveries of Monday", CampaignState.DRAFT, Purpose.DELIVERY)
        assert (made.zone, made.region, made.created_by) == ("Asia/Shanghai", "CN", "Omar Diaz")
    assert answer.location == f"/campaigns/{made.id}/setup/audience"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": " ", "purpose": "delivery"}, "Give the campaign a name."),
        ({"name": "x" * 121, "purpose": "delivery"}, "longer than 120"),
        ({"name": "One", "purpose": "spam"}, "Choose one of the list."),
    ],
)
def test_a_new_campaign_with_an_error_says_so_at_its_field(
    campaign_desk: CampaignDesk, sent: dict[str, str], sentence: str
) -> None:
    answer = campaign_desk.post("/campaigns/new", sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert 'aria-invalid="true"' in page


def test_a_copy_takes_the_settings_and_no_people(campaign_desk: CampaignDesk) -> None:
    answer = campaign_desk.post(f"/campaigns/{campaign_desk.ids['over']}/copy", {})
    page = campaign_desk.page(answer.location)
    assert "Deliveries of last Friday" in page
    assert "People in this campaign" not in page


def test_a_template_is_kept_and_begun_with(campaign_desk: CampaignDesk) -> None:
    campaign_desk.post(f"/campaigns/{campaign_desk.ids['draft']}/copy", {"as": "template"})
    assert "Deliveries of Friday" in campaign_desk.page("/campaigns?view=templates")
    answer = campaign_desk.post(
        "/campaigns/new", {"name": "Of a template", "purpose": "survey", "template": campaign_desk.ids["template"]}
    )
    with campaign_desk.values.db.read() as s:
        made = s.scalars(select(Campaign).where(Campaign.name == "Of a template")).one()
        assert (made.flow_name, made.is_template, made.purpose) == ("parcel_call", False, Purpose.DELIVERY)
    assert answer.location.endswith("/setup/audience")


def test_a_draft_is_deleted_and_what_has_called_is_not(campaign_desk: CampaignDesk) -> None:
    campaign_desk.post(f"/campaigns/{campaign_desk.ids['draft']}/delete", {})
    assert found(campaign_desk, "draft") is None
    campaign_desk.post(f"/campaigns/{campaign_desk.ids['over']}/delete", {})
    assert found(campaign_desk, "over") is not None
    assert "what has called stays on record" in campaign_desk.page("/campaigns")


def test_a_campaign_without_figures_shows_none(campaign_desk: CampaignDesk) -> None:
    row = campaign_desk.page("/campaigns").split("Follow-up of solved tickets", 1)[1].split("</tr>")[0]
    assert " %" not in row
    assert "nobody yet" in row
