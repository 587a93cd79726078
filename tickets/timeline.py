"""A ticket's timeline: everything that happened, in one order. The log from which waiting times are derived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.insert import insert_once
from storage.types import Json, UtcDateTime
from tickets import search
from tickets.texts import clean, clean_json
from tickets.ticket import Ticket


class EntryKind(StrEnum):
    """What an entry tells. Payloads, by kind:

    call {call_sid, direction, flow, duration_s?} · note {text, internal} · recording {recording_id} ·
    transcript {recording_id, text, confidence} · message {message_id, to, body, status} ·
    change {field, from, to, reason} · speech {node, text, confidence} · callback {number, at} · system {text, …}
    """

    CALL = "call"
    NOTE = "note"
    RECORDING = "recording"
    TRANSCRIPT = "transcript"
    MESSAGE = "message"
    CHANGE = "change"
    SPEECH = "speech"
    CALLBACK = "callback"
    SYSTEM = "system"


class Entry(Base):
    """One thing that happened. `actor` is "caller", "flow", "system" or "user:<id>"; `key` makes adding idempotent."""

    __tablename__ = "ticket_entries"
    __table_args__ = (Index("ix_ticket_entries_ticket_id_at_id", "ticket_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[EntryKind] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(32), default="system")
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    key: Mapped[str | None] = mapped_column(String(200), unique=True, default=None)
    demo: Mapped[bool] = mapped_column(default=False)


_SEARCHED = (EntryKind.NOTE, EntryKind.SPEECH, EntryKind.TRANSCRIPT, EntryKind.MESSAGE)


def add_entry(
    session: Session,
    ticket: Ticket,
    kind: EntryKind,
    payload: Mapping[str, Any],
    *,
    at: datetime,
    actor: str = "system",
    key: str | None = None,
    findable: bool = True,
) -> Entry | None:
    """Add to a ticket's timeline; None when `key` was used before, then nothing changes.

    The ticket is then found by the entry's words too, unless `findable` is False because it already is.
    """
    values = {
        "ticket_id": ticket.id,
        "at": at,
        "kind": EntryKind(kind),
        "actor": actor,
        "payload": clean_json(payload),
        "key": clean(key, 200) if key else None,
        "demo": ticket.demo,
    }
    if key is None:
        entry = Entry(**values)
        session.add(entry)
        session.flush()
    else:
        made = insert_once(session, Entry, unique="key", **values)
        if made is None:
            return None
        entry = made
    if ticket.updated_at < at:
        ticket.updated_at = at
    if findable and kind in _SEARCHED:
        search.add(session, ticket.id, words_of(entry))
    return entry


def words_of(entry: Entry) -> str:
    """The words of an entry that people search for."""
    return " ".join(str(entry.payload.get(field) or "") for field in ("text", "body"))


def entries(session: Session, ticket: Ticket) -> list[Entry]:
    """A ticket's timeline, oldest first."""
    query = select(Entry).where(Entry.ticket_id == ticket.id).order_by(Entry.at, Entry.id)
    return list(session.scalars(query))


def changes(session: Session, ticket: Ticket, field: str = "") -> list[Entry]:
    """The history of a ticket's fields, or of one of them, oldest first."""
    found = [e for e in entries(session, ticket) if e.kind == EntryKind.CHANGE]
    return [e for e in found if not field or e.payload.get("field") == field]
