"""Rows that ask for work. Asking belongs to the transaction that needs it: both are stored, or neither is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.insert import insert_once
from storage.types import Json, UtcDateTime

ASKED = "ringback_jobs_asked"
"""Key of `Session.info` under which the ids wait for the commit; `work.transport.attach` sends them after it."""


class JobState(StrEnum):
    """Where a piece of work stands. Done and failed are final."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One piece of work. `key` is unique for ever: the same work is never asked for twice."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_state_due_at", "state", "due_at"),
        Index("ix_jobs_state_lease_until", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    state: Mapped[JobState] = mapped_column(String(16), default=JobState.WAITING)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    max_tries: Mapped[int] = mapped_column(default=5)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


def ask(
    session: Session,
    kind: str,
    *,
    key: str,
    payload: dict[str, Any],
    now: datetime,
    due_at: datetime | None = None,
    max_tries: int = 5,
) -> Job:
    """Ask for work once: the job of `key`, which is the existing one when it was asked for before.

    The job is carried to a worker after the session's transaction commits; without a carrier a sweep finds it.
    """
    made = insert_once(
        session,
        Job,
        unique="key",
        kind=kind,
        key=key,
        payload=payload,
        state=JobState.WAITING,
        due_at=due_at or now,
        tries=0,
        max_tries=max_tries,
        last_error="",
        created_at=now,
    )
    if made is None:
        return session.scalars(select(Job).where(Job.key == key)).one()
    if made.due_at <= now:
        session.info.setdefault(ASKED, []).append(made.id)
    return made
