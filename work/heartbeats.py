"""Signs of life of background processes, for health checks."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class Heartbeat(Base):
    """When a named process was last alive."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def beat(session: Session, name: str, now: datetime) -> None:
    """Note that `name` is alive at `now`."""
    session.merge(Heartbeat(name=name, at=now))


def is_alive(session: Session, name: str, now: datetime, *, within: timedelta = timedelta(seconds=30)) -> bool:
    """Whether `name` gave a sign of life within the last `within`."""
    row = session.get(Heartbeat, name)
    return row is not None and now - row.at <= within
