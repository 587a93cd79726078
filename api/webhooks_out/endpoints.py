"""Where happenings are told: endpoints with a secret, added, changed, rotated and tested by admins."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.errors import MissingError, invalid
from storage.database import Base
from storage.types import Json, UtcDateTime

LONGEST_URL = 2_000
OLD_SECRET_FOR = timedelta(hours=24)
_KIND = re.compile(r"\*|[a-z][a-z0-9_]*\.(\*|[a-z][a-z0-9_]*)")

KINDS: tuple[str, ...] = (
    "case.closed",
    "attempt.ended",
    "campaign.changed",
    "opt_out.added",
    "consent.given",
    "consent.revoked",
    "ticket.opened",
    "ticket.commented",
    "ticket.solved",
    "ticket.reopened",
    "flow.published",
    "webhook.disabled",
)
"""The house's own happenings, for forms. What programs report as events can be subscribed to as well."""


class WebhookEndpoint(Base):
    """One endpoint.

    Attributes:
        kinds: happenings it wants: "case.closed", "ticket.*", or "*" for all.
        secret: "whsec_" and base64 of 32 random bytes; it signs, so it is kept as it is.
        old_secret: signs beside the new one until `old_secret_until`.
        failing_since: the first failure after the last success; `failures` counts since then.
        retry_at: nothing is sent before this; set by failures, so that a dead endpoint holds up no worker.
        disabled_reason: a sentence; "" while active or switched off by hand.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    url: Mapped[str] = mapped_column(Text)
    kinds: Mapped[list[str]] = mapped_column(Json, default=list)
    secret: Mapped[str] = mapped_column(String(80))
    old_secret: Mapped[str] = mapped_column(String(80), default="")
    old_secret_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    active: Mapped[bool] = mapped_column(default=True)
    disabled_reason: Mapped[str] = mapped_column(Text, default="")
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_success_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(120), default="")
    demo: Mapped[bool] = mapped_column(default=False)

    def wants(self, kind: str) -> bool:
        """Whether it is told of this kind."""
        return "*" in self.kinds or kind in self.kinds or f"{kind.split('.')[0]}.*" in self.kinds

    def signing_secrets(self, now: datetime) -> tuple[str, ...]:
        """The secrets whose signatures a message carries, the newest first."""
        old = self.old_secret_until is not None and now < self.old_secret_until
        return (self.secret, self.old_secret) if old and self.old_secret else (self.secret,)


def endpoints(s: Session) -> Sequence[WebhookEndpoint]:
    """Every endpoint, the oldest first."""
    return s.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.id)).all()


def find_endpoint(s: Session, endpoint_id: int, *, lock: bool = False) -> WebhookEndpoint:
    """The endpoint of this id. Raises MissingError."""
    found = s.get(WebhookEndpoint, endpoint_id, with_for_update=lock or None)
    if found is None:
        raise MissingError("There is no such webhook.")
    return found


def add_endpoint(
    s: Session, *, url: str, kinds: Sequence[str], by: str, now: datetime, name: str = "", demo: bool = False
) -> WebhookEndpoint:
    """Tell an address of happenings from now on. Raises InvalidError for a URL or kinds that cannot be."""
    endpoint = WebhookEndpoint(
        name=" ".join(name.split())[:120],
        url=checked_url(url),
        kinds=checked_kinds(kinds),
        secret=new_secret(),
        created_at=now,
        created_by=by,
        demo=demo,
    )
    s.add(endpoint)
    s.flush()
    return endpoint


def change_endpoint(
    s: Session,
    endpoint_id: int,
    *,
    url: str | None = None,
    kinds: Sequence[str] | None = None,
    name: str | None = None,
) -> WebhookEndpoint:
    """Change what is given. Raises MissingError, InvalidError."""
    endpoint = find_endpoint(s, endpoint_id, lock=True)
    if url is not None:
        endpoint.url = checked_url(url)
    if kinds is not None:
        endpoint.kinds = checked_kinds(kinds)
    if name is not None:
        endpoint.name = " ".join(name.split())[:120]
    s.flush()
    return endpoint


def remove_endpoint(s: Session, endpoint_id: int) -> None:
    """Forget an endpoint and its log."""
    s.delete(find_endpoint(s, endpoint_id, lock=True))
    s.flush()


def rotate_secret(s: Session, endpoint_id: int, *, now: datetime) -> WebhookEndpoint:
    """Give a new secret; for a day messages carry the signatures of both, so that nothing is refused meanwhile."""
    endpoint = find_endpoint(s, endpoint_id, lock=True)
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, now + OLD_SECRET_FOR
    endpoint.secret = new_secret()
    s.flush()
    return endpoint


def new_secret() -> str:
    """A secret as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def checked_url(url: str) -> str:
    """An absolute http or https address without user or password. Raises InvalidError.

    Whether it may be reached is decided when something is sent: a name may lead elsewhere by then.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username and parts.port != 0
    except ValueError:
        good = False
    if not good or len(url) > LONGEST_URL or any(c.isspace() or ord(c) < 33 for c in url):
        raise invalid("url", "Write the whole address: https://host/path, without a password in it.")
    return url


def checked_kinds(kinds: Sequence[str]) -> list[str]:
    """Kinds of happenings. Raises InvalidError."""
    wanted = sorted({kind.strip() for kind in kinds if kind.strip()})
    if not wanted or not all(_KIND.fullmatch(kind) and len(kind) <= 60 for kind in wanted):
        raise invalid("kinds", "Name what to tell: case.closed, ticket.*, or * for everything.")
    return wanted
