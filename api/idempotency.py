"""A creation that is asked for twice happens once: the key, the effect and the answer are stored in one transaction."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.errors import KeyReusedError, invalid
from storage.database import Base
from storage.insert import insert_once
from storage.types import UtcDateTime

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
KEPT_FOR = timedelta(days=7)


class StoredAnswer(Base):
    """The answer to a request that carried an idempotency key.

    `name` is "<api key id>:<idempotency key>"; `request_hash` is over method, path and body. A request that failed left
    nothing, so that it may be tried again with the same key.
    """

    __tablename__ = "api_answers"
    __table_args__ = (Index("ix_api_answers_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(240), unique=True)
    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    location: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def request_hash(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def begin(s: Session, *, api_key_id: int, key: str, hashed: str, now: datetime) -> tuple[StoredAnswer, bool]:
    """Take the key for this transaction; gives its row, and whether it holds an answer already.

    Waits for another transaction that holds the same key, so two requests at once have one effect. Raises
    KeyReusedError when the key belongs to another request, InvalidError when it is none.
    """
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise invalid(f"header.{HEADER}", f"An idempotency key has 1 to {LONGEST_KEY} printable ASCII characters.")
    name = f"{api_key_id}:{key}"
    made = insert_once(
        s, StoredAnswer, unique="name", name=name, api_key_id=api_key_id, request_hash=hashed, status=0, body="", at=now
    )
    if made is not None:
        return made, False
    known = s.scalars(select(StoredAnswer).where(StoredAnswer.name == name)).one()
    if known.request_hash != hashed:
        raise KeyReusedError("This idempotency key was used for another request; send a new one.")
    return known, True


def forget(s: Session, now: datetime) -> int:
    """Drop answers that are older than a week; gives how many."""
    gone = s.execute(delete(StoredAnswer).where(StoredAnswer.at < now - KEPT_FOR).returning(StoredAnswer.id))
    return len(gone.all())
