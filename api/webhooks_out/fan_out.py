"""From happenings to deliveries: each happening once for each endpoint that wants it, in order, none left out."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.webhooks_out.deliveries import WebhookDelivery, add_delivery
from api.webhooks_out.endpoints import WebhookEndpoint, find_endpoint
from callbacks.happening_cursor import mark_read, unread
from storage.database import Database
from work.happenings import Cursor, Happening

READER = "webhooks"
TEST_KIND = "webhook.test"
AT_ONCE = 500
MOST_ROUNDS = 20


def fan_out(db: Database, now: datetime) -> int:
    """Turn new happenings into deliveries; gives how many. Several workers may call it: they take turns."""
    with db.read() as s:
        cursor = s.scalar(select(Cursor.last_id).where(Cursor.reader == READER)) or 0
        if (s.scalar(select(func.max(Happening.id))) or 0) <= cursor:
            return 0
    with db.write() as s:
        return _fan_out(s, now)


def test_endpoint(s: Session, endpoint_id: int, *, now: datetime) -> WebhookDelivery:
    """Tell an endpoint that this is a test; it stands in the log like everything else. Raises MissingError."""
    endpoint = find_endpoint(s, endpoint_id, lock=True)
    endpoint.retry_at = None
    body = _body(TEST_KIND, "", {"message": "This is a test."}, now)
    key = f"test-{secrets.token_hex(8)}"
    made = add_delivery(s, endpoint, key=key, kind=TEST_KIND, body=body, now=now, happening_id=None)
    if made is None:
        raise RuntimeError("A test has a name of its own.")
    return made


def _fan_out(s: Session, now: datetime) -> int:
    made = 0
    endpoints: Sequence[WebhookEndpoint] | None = None
    for _ in range(MOST_ROUNDS):
        found = unread(s, READER, now, limit=AT_ONCE)
        if not found:
            break
        if endpoints is None:
            # Read behind the cursor's lock: what was added while another worker had it counts as well.
            endpoints = s.scalars(select(WebhookEndpoint).where(WebhookEndpoint.active)).all()
        made += _tell(s, endpoints, found, now)
        mark_read(s, READER, found[-1].id)
    return made


def _tell(s: Session, endpoints: Sequence[WebhookEndpoint], found: Sequence[Happening], now: datetime) -> int:
    made = 0
    for one in found:
        for endpoint in endpoints:
            if one.at < endpoint.created_at or not endpoint.wants(one.kind):
                continue
            body = _body(one.kind, one.reference, one.payload, one.at)
            key = str(one.id)
            made += (
                add_delivery(s, endpoint, key=key, kind=one.kind, body=body, now=now, happening_id=one.id) is not None
            )
    return made


def _body(kind: str, reference: str, payload: dict[str, Any], at: datetime) -> str:
    """The message as Standard Webhooks lays it out."""
    data = {"type": kind, "timestamp": at.astimezone(UTC).isoformat(), "data": {"reference": reference, **payload}}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
