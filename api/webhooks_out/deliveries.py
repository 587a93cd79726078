"""What was told to whom, and how it went: the log that is shown, and replayed from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.errors import MissingError
from api.webhooks_out.endpoints import WebhookEndpoint, find_endpoint
from storage.database import Base
from storage.insert import insert_once
from storage.types import Json, UtcDateTime
from work.jobs import ask

JOB = "deliver_webhook"
KEPT_FOR = timedelta(days=30)


class DeliveryState(StrEnum):
    """WAITING for its first or next try; the others are final until it is replayed."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookDelivery(Base):
    """One happening for one endpoint.

    Attributes:
        key: "<endpoint>:<happening>", unique, so that a happening is told once.
        message_id: the header webhook-id, the same for every try: receivers know by it what they have seen.
        body: the JSON text exactly as it is signed and sent.
        tries: since it was made or replayed last; `log` has all: {"at", "status", "ms", "error"}.
        last_status: HTTP status of the last answer, None for none; `last_error` a sentence.
        round: grows with each replay.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_endpoint_id_id", "endpoint_id", "id"),
        Index("ix_webhook_deliveries_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    happening_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(60))
    message_id: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(String(16), default=DeliveryState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_status: Mapped[int | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    log: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def add_delivery(
    s: Session, endpoint: WebhookEndpoint, *, key: str, kind: str, body: str, now: datetime, happening_id: int | None
) -> WebhookDelivery | None:
    """Keep what is to be told, and ask for it; None when it was told before."""
    made = insert_once(
        s,
        WebhookDelivery,
        unique="key",
        key=f"{endpoint.id}:{key}",
        endpoint_id=endpoint.id,
        happening_id=happening_id,
        kind=kind,
        message_id=f"msg_{endpoint.id}_{key}",
        body=body,
        state=DeliveryState.WAITING,
        tries=0,
        round=0,
        next_at=now,
        last_error="",
        log=[],
        created_at=now,
    )
    if made is not None:
        ask_delivery(s, made, now=now, due_at=now)
    return made


def ask_delivery(s: Session, delivery: WebhookDelivery, *, now: datetime, due_at: datetime) -> None:
    """Ask for the next try. Each has a job of its own, so that a wait uses up none of the job's tries."""
    delivery.next_at = due_at
    key = f"{JOB}:{delivery.id}:{delivery.round}:{delivery.tries}:{int(due_at.timestamp() * 1000)}"
    ask(s, JOB, key=key, payload={"delivery_id": delivery.id}, now=now, due_at=due_at)


def deliveries(
    s: Session,
    *,
    endpoint_id: int | None = None,
    state: str = "",
    after: int | None = None,
    limit: int = 50,
) -> Sequence[WebhookDelivery]:
    """The log, the newest first; `after` is the id of the last one of the page before."""
    wanted = select(WebhookDelivery)
    if endpoint_id is not None:
        wanted = wanted.where(WebhookDelivery.endpoint_id == endpoint_id)
    if state:
        wanted = wanted.where(WebhookDelivery.state == state)
    if after is not None:
        wanted = wanted.where(WebhookDelivery.id < after)
    return s.scalars(wanted.order_by(WebhookDelivery.id.desc()).limit(limit)).all()


def replay(s: Session, delivery_id: int, *, now: datetime) -> WebhookDelivery:
    """Tell it again, now, under the same message id; also what was delivered. Raises MissingError."""
    delivery = s.get(WebhookDelivery, delivery_id, with_for_update=True)
    if delivery is None:
        raise MissingError("There is no such delivery.")
    delivery.state, delivery.tries, delivery.round = DeliveryState.WAITING, 0, delivery.round + 1
    endpoint = find_endpoint(s, delivery.endpoint_id, lock=True)
    endpoint.retry_at = None
    ask_delivery(s, delivery, now=now, due_at=now)
    s.flush()
    return delivery


def forget_deliveries(s: Session, now: datetime) -> int:
    """Drop what is older than 30 days; gives how many."""
    old = delete(WebhookDelivery).where(WebhookDelivery.created_at < now - KEPT_FOR)
    return len(s.execute(old.returning(WebhookDelivery.id)).all())


def switch(s: Session, endpoint_id: int, *, active: bool, now: datetime) -> WebhookEndpoint:
    """Switch an endpoint on or off. On again, its failures are forgotten and what has waited is sent."""
    endpoint = find_endpoint(s, endpoint_id, lock=True)
    if endpoint.active == active:
        return endpoint
    endpoint.active, endpoint.disabled_reason = active, ""
    endpoint.failures, endpoint.failing_since, endpoint.retry_at = 0, None, None
    if active:
        waiting = select(WebhookDelivery).where(
            WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.state == DeliveryState.WAITING
        )
        for delivery in s.scalars(waiting.with_for_update()):
            delivery.tries, delivery.round = 0, delivery.round + 1
            ask_delivery(s, delivery, now=now, due_at=now)
    s.flush()
    return endpoint
