"""API keys and webhooks: for administrators, secrets shown once, deliveries sent again."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from api.keys import ApiKey, authenticate
from api.webhooks_out.deliveries import DeliveryState, WebhookDelivery
from api.webhooks_out.endpoints import WebhookEndpoint
from tests.console.conftest import NOW, CampaignDesk, sign_in

HOOK = {"hook_name": "Shop", "url": "https://shop.example.org/hook", "everything": "1"}


@pytest.fixture
def admin_of(campaign_desk: CampaignDesk) -> FlaskClient:
    """A browser in which the administrator of the campaign desk is signed in."""
    return sign_in(campaign_desk.app.test_client(), "admin")


@pytest.mark.parametrize("path", ["/integrations", "/integrations/deliveries"])
def test_only_administrators_see_integrations(campaign_desk: CampaignDesk, path: str) -> None:
    assert campaign_desk.ops.get(path).status_code == 403
    assert 'href="/integrations"' not in campaign_desk.page("/campaigns")


def test_a_key_is_shown_once_opens_and_is_revoked(campaign_desk: CampaignDesk, admin_of: FlaskClient) -> None:
    sent = {"name": "Warehouse", "scopes": ["cases:read", "cases:write"], "expires": "2026-12-31"}
    page = campaign_desk.post("/integrations/keys", sent, admin_of).get_data(as_text=True)
    found = re.search(r"rb_[a-z0-9]{12}_[A-Za-z0-9_-]{43}", page)
    assert found is not None
    key = authenticate(campaign_desk.values.db, f"Bearer {found[0]}", NOW)
    assert key is not None
    assert key.scopes == ["cases:read", "cases:write"]
    assert found[0] not in campaign_desk.page("/integrations", admin_of), "the secret is shown once"
    campaign_desk.post(f"/integrations/keys/{key.id}/revoke", {}, admin_of)
    assert authenticate(campaign_desk.values.db, f"Bearer {found[0]}", NOW) is None
    assert "Revoked" in campaign_desk.page("/integrations", admin_of)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": "", "scopes": ["cases:read"]}, "name"),
        ({"name": "x"}, "scopes"),
        ({"name": "x", "scopes": ["everything"]}, "scopes"),
        ({"name": "x", "scopes": ["cases:read"], "expires": "2026-11-01"}, "expires"),
    ],
)
def test_a_wrong_key_is_told_at_its_field(
    campaign_desk: CampaignDesk, admin_of: FlaskClient, sent: dict[str, str], field: str
) -> None:
    answer = campaign_desk.post("/integrations/keys", sent, admin_of)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.get_data(as_text=True)
    with campaign_desk.values.db.read() as s:
        assert s.scalars(select(ApiKey)).all() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"url": "shop.example.org"}, "url"), ({"everything": ""}, "kinds"), ({"hook_name": ""}, "hook_name")],
)
def test_a_wrong_webhook_is_told_at_its_field(
    campaign_desk: CampaignDesk, admin_of: FlaskClient, changes: dict[str, str], field: str
) -> None:
    answer = campaign_desk.post("/integrations/webhooks", HOOK | changes, admin_of)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.get_data(as_text=True)
    with campaign_desk.values.db.read() as s:
        assert s.scalars(select(WebhookEndpoint)).all() == []


def test_a_webhook_is_added_tested_rotated_and_removed(campaign_desk: CampaignDesk, admin_of: FlaskClient) -> None:
    page = campaign_desk.post("/integrations/webhooks", HOOK, admin_of).get_data(as_text=True)
    with campaign_desk.values.db.read() as s:
        hook = s.scalars(select(WebhookEndpoint)).one()
    assert hook.secret in page
    path = f"/integrations/webhooks/{hook.id}"
    assert hook.secret not in campaign_desk.page("/integrations", admin_of)
    rotated = campaign_desk.post(path, {"deed": "rotate"}, admin_of).get_data(as_text=True)
    with campaign_desk.values.db.read() as s:
        fresh = s.scalars(select(WebhookEndpoint)).one()
    assert fresh.secret != hook.secret
    assert fresh.secret in rotated
    campaign_desk.post(path, {"deed": "test"}, admin_of)
    log = campaign_desk.page("/integrations/deliveries", admin_of)
    assert "Shop" in log
    assert "Waiting" in log
    campaign_desk.post(path, {"deed": "off"}, admin_of)
    assert "Switched off" in campaign_desk.page("/integrations", admin_of)
    campaign_desk.post(path, {"deed": "remove"}, admin_of)
    with campaign_desk.values.db.read() as s:
        assert s.scalars(select(WebhookEndpoint)).all() == []


def test_a_delivery_that_was_given_up_is_sent_again(campaign_desk: CampaignDesk, admin_of: FlaskClient) -> None:
    campaign_desk.post("/integrations/webhooks", HOOK, admin_of)
    with campaign_desk.values.db.read() as s:
        hook = s.scalars(select(WebhookEndpoint)).one().id
    campaign_desk.post(f"/integrations/webhooks/{hook}", {"deed": "test"}, admin_of)
    with campaign_desk.values.db.write() as s:
        delivery = s.scalars(select(WebhookDelivery)).one()
        delivery.state, delivery.tries, delivery.last_status = DeliveryState.FAILED, 9, 503
        number = delivery.id
    assert "Given up" in campaign_desk.page(f"/integrations/deliveries?state=failed&webhook={hook}", admin_of)
    campaign_desk.post(f"/integrations/deliveries/{number}/replay", {}, admin_of)
    with campaign_desk.values.db.read() as s:
        again = s.scalars(select(WebhookDelivery)).one()
    assert (again.state, again.tries, again.round) == (DeliveryState.WAITING, 0, 1)
    assert campaign_desk.ops.post(f"/integrations/deliveries/{number}/replay").status_code in (400, 403)
