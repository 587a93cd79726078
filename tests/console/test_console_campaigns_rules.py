"""Event rules: read as sentences, added with care, switched off and on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from callbacks.event_rules import EventRule
from tests.console.conftest import CampaignDesk

RULE = {
    "name": "Ask after a solved ticket",
    "event": "ticket.solved",
    "delay": "2",
    "unit": "60",
    "side": "after",
    "conditions": "category = tracking",
    "variables": "parcel = reference\nday = 'today'",
    "cancelled_by": "ticket.reopened, case.closed",
}


def add(desk: CampaignDesk, **changes: str) -> str:
    sent = {**RULE, "campaign_id": str(desk.ids["standing"]), **changes}
    return desk.post("/event-rules", sent).get_data(as_text=True)


def rule(desk: CampaignDesk) -> EventRule | None:
    with desk.values.db.read() as s:
        found = s.scalars(select(EventRule)).first()
        if found is not None:
            s.expunge(found)
        return found


def test_a_rule_is_kept_and_read_as_a_sentence(campaign_desk: CampaignDesk) -> None:
    add(campaign_desk)
    kept = rule(campaign_desk)
    assert kept is not None
    assert (kept.event, kept.delay_min, kept.conditions) == ("ticket.solved", 120, {"category": "tracking"})
    assert kept.variables == {"parcel": "reference", "day": "'today'"}
    assert kept.cancelled_by == ["ticket.reopened", "case.closed"]
    page = campaign_desk.page("/event-rules")
    assert "2 h after a ticket is solved" in page
    assert "Follow-up of solved tickets" in page


def test_a_date_may_be_called_before_it(campaign_desk: CampaignDesk) -> None:
    add(campaign_desk, event="date", date_field="delivery_day", delay="1", unit="1440", side="before")
    kept = rule(campaign_desk)
    assert kept is not None
    assert (kept.delay_min, kept.date_field) == (-1440, "delivery_day")
    assert "24 h before the day in “delivery_day”" in campaign_desk.page("/event-rules")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"event": "solved"}, "event"),
        ({"event": "date"}, "date_field"),
        ({"side": "before"}, "side"),
        ({"delay": "-1"}, "delay"),
        ({"delay": "99999", "unit": "1440"}, "delay"),
        ({"campaign_id": "0"}, "campaign_id"),
        ({"conditions": "category tracking"}, "conditions"),
        ({"conditions": "a = 1\na = 2"}, "conditions"),
        ({"variables": "parcel = import os"}, "variables"),
        ({"cancelled_by": "picked up"}, "cancelled_by"),
    ],
)
def test_a_wrong_rule_is_told_at_its_field(campaign_desk: CampaignDesk, changes: dict[str, str], field: str) -> None:
    page = add(campaign_desk, **changes)
    assert f'id="e-{field}"' in page
    assert rule(campaign_desk) is None


def test_only_campaigns_without_end_take_rules(campaign_desk: CampaignDesk) -> None:
    assert "Choose a campaign without end" in add(campaign_desk, campaign_id=str(campaign_desk.ids["running"]))


def test_a_rule_is_switched_off_on_and_removed(campaign_desk: CampaignDesk) -> None:
    add(campaign_desk)
    kept = rule(campaign_desk)
    assert kept is not None
    path = f"/event-rules/{kept.id}"
    campaign_desk.post(path, {"deed": "off"})
    off = rule(campaign_desk)
    assert off is not None
    assert off.active is False
    assert "Switched off" in campaign_desk.page("/event-rules")
    campaign_desk.post(path, {"deed": "on"})
    assert campaign_desk.post(path, {"deed": "explode"}).status_code == 400
    campaign_desk.post(path, {"deed": "delete"})
    assert rule(campaign_desk) is None
