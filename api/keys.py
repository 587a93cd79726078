"""API keys: rb_<id>_<secret>. Only a hash of the secret is kept; it has 256 random bits, so a plain hash is enough."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.errors import MissingError, invalid
from api.scopes import Scope
from storage.database import Base, Database
from storage.types import Json, UtcDateTime

_WRITTEN = re.compile(r"rb_([a-z0-9]{12})_([A-Za-z0-9_-]{43})")
_USE_IS_NOTED_EVERY = timedelta(minutes=1)


class ApiKey(Base):
    """One key.

    `public_id` is the part of it that may be shown and logged; `scopes` are values of `api.scopes.Scope`.
    `expires_at` None means it holds until it is revoked. `last_used_at` is exact to a minute.
    """

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    scopes: Mapped[list[str]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(120), default="")
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str] = mapped_column(String(120), default="")
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    demo: Mapped[bool] = mapped_column(default=False)

    def in_force(self, now: datetime) -> bool:
        """Whether it opens anything at this moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def create_key(
    s: Session,
    name: str,
    scopes: Iterable[str],
    by: str,
    now: datetime,
    *,
    expires_at: datetime | None = None,
    demo: bool = False,
) -> tuple[ApiKey, str]:
    """Make a key; gives its row and the whole key, which is never to be had again.

    Raises InvalidError for an empty name, no or unknown scopes, or an end that is past.
    """
    name = " ".join(name.split())[:120]
    if not name:
        raise invalid("name", "A key needs a name that says who uses it.")
    try:
        wanted = sorted({Scope(scope).value for scope in scopes})
    except ValueError as error:
        raise invalid("scopes", f"A scope is one of {', '.join(Scope)}.") from error
    if not wanted:
        raise invalid("scopes", "A key without a scope opens nothing; choose at least one.")
    if expires_at is not None and expires_at <= now:
        raise invalid("expires_at", "The end of the key lies in the past.")
    public_id = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(12))
    secret = secrets.token_urlsafe(32)
    key = ApiKey(
        public_id=public_id,
        secret_hash=_hash(secret),
        name=name,
        scopes=wanted,
        created_at=now,
        created_by=by,
        expires_at=expires_at,
        demo=demo,
    )
    s.add(key)
    s.flush()
    return key, f"rb_{public_id}_{secret}"


def revoke_key(s: Session, key_id: int, *, by: str, now: datetime) -> ApiKey:
    """End a key at once. Raises MissingError. A revoked one stays as it is."""
    key = s.get(ApiKey, key_id)
    if key is None:
        raise MissingError("There is no such key.")
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = now, by
        s.flush()
    return key


def keys(s: Session) -> Sequence[ApiKey]:
    """Every key there ever was, the newest first."""
    return s.scalars(select(ApiKey).order_by(ApiKey.id.desc())).all()


def authenticate(db: Database, header: str, now: datetime) -> ApiKey | None:
    """The key in force of an Authorization header; None for anything else."""
    scheme, _, written = header.partition(" ")
    found = _WRITTEN.fullmatch(written.strip())
    if scheme.lower() != "bearer" or found is None:
        return None
    with db.read() as s:
        key = s.scalar(select(ApiKey).where(ApiKey.public_id == found[1]))
    if key is None or not secrets.compare_digest(key.secret_hash, _hash(found[2])) or not key.in_force(now):
        return None
    if key.last_used_at is None or now - key.last_used_at >= _USE_IS_NOTED_EVERY:
        with db.write() as s:
            s.execute(update(ApiKey).where(ApiKey.id == key.id).values(last_used_at=now))
    return key


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
