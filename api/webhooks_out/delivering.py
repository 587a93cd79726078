"""The job that tells one happening to one endpoint: signed, bounded in time, later again when it fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import requests
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from api.webhooks_out.deliveries import DeliveryState, WebhookDelivery, ask_delivery
from api.webhooks_out.endpoints import WebhookEndpoint
from ivr.lookup import LookupPolicy, RefusedError, session_for
from storage.database import Database
from work.happenings import tell
from work.worker import JobCall

log = logging.getLogger(__name__)

WAITS_S = (5, 60, 300, 1_800, 3_600, 7_200, 14_400, 21_600, 36_000)
"""Between tries, 23 hours and 36 minutes in all: a receiver may be down for a working day."""

GONE = 410
MOST_FAILURES = 500
"""Failures in a row after which an endpoint is switched off even before a delivery is given up."""

LONGEST_PAUSE_S = 300
TIMEOUT_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one try went. `status` is None when nobody answered; `error` is "" for a 2xx."""

    status: int | None
    error: str
    ms: float
    retry_after_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Deliverer:
    """Handles jobs of the kind deliver_webhook.

    `policy` says which private hosts may be reached all the same; webhooks to others are refused.
    """

    db: Database
    clock: Callable[[], datetime]
    policy: LookupPolicy = field(default_factory=LookupPolicy)
    timeout_s: float = TIMEOUT_S

    def __call__(self, call: JobCall) -> None:
        """Try once; the next try is a job of its own."""
        now = self.clock()
        with self.db.write() as s:
            found = _take(s, int(call.payload["delivery_id"]), now)
        if found is None:
            return
        delivery, endpoint = found
        outcome = send(delivery, endpoint, now=now, policy=self.policy, timeout_s=self.timeout_s)
        with self.db.write() as s:
            _note(s, delivery, outcome, self.clock())


def send(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, *, now: datetime, policy: LookupPolicy, timeout_s: float
) -> Outcome:
    """Post a message once. The answer's body is not read, redirects are not followed."""
    began = time.monotonic()
    signatures = (
        Webhook(secret).sign(delivery.message_id, now, delivery.body) for secret in endpoint.signing_secrets(now)
    )
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Ringback-Webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    status, wait_s = None, None
    try:
        session = session_for(endpoint.url, policy)
        if session is None:
            return Outcome(status=None, error="The host's name leads nowhere.", ms=_ms(began))
        with (
            session,
            session.post(
                endpoint.url,
                data=delivery.body.encode(),
                headers=headers,
                timeout=(min(5.0, timeout_s), timeout_s),
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            status = answer.status_code
            wait_s = _seconds(answer.headers.get("Retry-After", ""))
    except RefusedError as refused:
        return Outcome(status=None, error=str(refused), ms=_ms(began))
    except requests.Timeout:
        return Outcome(status=None, error=f"No answer within {timeout_s:g} seconds.", ms=_ms(began))
    except (requests.RequestException, ValueError) as error:
        return Outcome(status=None, error=f"The connection failed ({type(error).__name__}).", ms=_ms(began))
    refused_with = "" if 200 <= status < 300 else f"The answer was {status}."
    return Outcome(status=status, error=refused_with, ms=_ms(began), retry_after_s=wait_s)


def _take(s: Session, delivery_id: int, now: datetime) -> tuple[WebhookDelivery, WebhookEndpoint] | None:
    """What is to be sent now; None when it is over, switched off, or its endpoint is to be left alone for a while."""
    delivery = s.get(WebhookDelivery, delivery_id, with_for_update=True)
    if delivery is None or delivery.state != DeliveryState.WAITING:
        return None
    endpoint = s.get_one(WebhookEndpoint, delivery.endpoint_id)
    if not endpoint.active or (delivery.next_at is not None and delivery.next_at > now):
        return None
    if endpoint.retry_at is not None and endpoint.retry_at > now:
        ask_delivery(s, delivery, now=now, due_at=endpoint.retry_at)
        return None
    return delivery, endpoint


def _note(s: Session, sent: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    """Write how it went, and ask for the next try. What was replayed meanwhile is not touched."""
    delivery = s.get(WebhookDelivery, sent.id, with_for_update=True)
    endpoint = s.get(WebhookEndpoint, sent.endpoint_id, with_for_update=True)
    if delivery is None or endpoint is None or delivery.round != sent.round or delivery.tries != sent.tries:
        return
    delivery.tries += 1
    delivery.last_status, delivery.last_error = outcome.status, outcome.error
    entry = {"at": now.isoformat(), "status": outcome.status, "ms": round(outcome.ms), "error": outcome.error}
    delivery.log = [*delivery.log[-19:], entry]
    if not outcome.error:
        delivery.state, delivery.delivered_at, delivery.next_at = DeliveryState.DELIVERED, now, None
        endpoint.failures, endpoint.failing_since, endpoint.retry_at = 0, None, None
        endpoint.last_success_at = now
        return
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    _after_failure(s, delivery, endpoint, outcome, now)


def _after_failure(
    s: Session, delivery: WebhookDelivery, endpoint: WebhookEndpoint, outcome: Outcome, now: datetime
) -> None:
    if delivery.tries > len(WAITS_S):
        delivery.state, delivery.next_at = DeliveryState.FAILED, None
        if endpoint.last_success_at is None or endpoint.last_success_at < delivery.created_at:
            _disable(s, endpoint, "Nothing could be delivered for a day.", now)
        return
    if outcome.status == GONE:
        delivery.state, delivery.next_at = DeliveryState.FAILED, None
        _disable(s, endpoint, "The endpoint says that it is gone (410).", now)
        return
    wait_s = max(WAITS_S[delivery.tries - 1], outcome.retry_after_s or 0)
    ask_delivery(s, delivery, now=now, due_at=now + timedelta(seconds=wait_s))
    if endpoint.failures >= MOST_FAILURES:
        _disable(s, endpoint, f"{endpoint.failures} tries failed one after the other.", now)
    elif endpoint.failures > 1:
        # Others to the same endpoint wait as well; a dead one would otherwise keep every worker busy.
        pause_s = max(min(2.0 ** min(endpoint.failures, 20), LONGEST_PAUSE_S), outcome.retry_after_s or 0)
        endpoint.retry_at = now + timedelta(seconds=pause_s)


def _disable(s: Session, endpoint: WebhookEndpoint, reason: str, now: datetime) -> None:
    if not endpoint.active:
        return
    endpoint.active, endpoint.disabled_reason = False, reason
    payload = {"endpoint_id": endpoint.id, "name": endpoint.name, "reason": reason, "failures": endpoint.failures}
    tell(s, "webhook.disabled", payload, now=now, reference=f"webhook:{endpoint.id}")
    log.warning("Webhook %d was switched off after %d failures.", endpoint.id, endpoint.failures)


def _seconds(text: str) -> float | None:
    """Retry-After in seconds, at most a day; the form with a date is passed over."""
    return min(float(text), 86_400.0) if text.isascii() and text.isdigit() else None


def _ms(began: float) -> float:
    return (time.monotonic() - began) * 1000
