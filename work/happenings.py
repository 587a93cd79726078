"""What happened in the house, told in the transaction in which it happened, for rules and for other programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index, String, Table, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base, connection_of
from storage.types import Json, UtcDateTime


class Happening(Base):
    """One thing that happened.

    `kind` is "<noun>.<verb in the past>": ticket.opened, ticket.solved, case.closed, opt_out.added, consent.given,
    campaign.changed, parcel.arrived. `reference` is what it is about, for rules that cancel ("" for nothing).
    `payload` is plain JSON that may be sent outside. Readers keep their own cursor over `id`; on PostgreSQL a reader
    leaves the last seconds alone, since transactions commit in another order than their ids.
    """

    __tablename__ = "happenings"
    __table_args__ = (Index("ix_happenings_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    reference: Mapped[str] = mapped_column(String(200), default="")
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Cursor(Base):
    """How far a reader has read: the id of the last happening it dealt with."""

    __tablename__ = "happening_cursors"

    reader: Mapped[str] = mapped_column(String(60), primary_key=True)
    last_id: Mapped[int] = mapped_column(default=0)


TELL = insert(cast(Table, Happening.__table__)).inline()
"""Stores happenings; nobody asks for their ids."""


def tell(session: Session, kind: str, payload: dict[str, Any], *, now: datetime, reference: str = "") -> None:
    """Keep a happening with the transaction; nothing else is done here."""
    session.flush()
    told = {"kind": kind, "reference": reference[:200], "payload": payload, "at": now}
    connection_of(session).execute(TELL, told)
