"""A turn as it is stored: what was heard, what was said back, what it told the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import Json, UtcDateTime


class TurnRow(Base):
    """One exchange of a call.

    Attributes:
        number: from 1, the first document; number n + 1 answers the request to `/turns/n`.
        heard: {"kind": "digits" | "speech" | "silence" | "recorded" | "dial" | "queue" | "nothing" | "hangup", …}.
        said: list of {"kind", "text", "language"}.
        events: the engine's events as `flows.events.to_json` writes them.
        verbs: what is to be heard, {"verbs": [...], "filler": [...]}, kept where a live stream says it; else None.
        reply: the document that was sent, kept so that a repeated request gets the same.
        token: the provider's idempotency token of the request, or None.
        ms: server time for the turn, milliseconds.
    """

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    node_before: Mapped[str] = mapped_column(String(80), default="")
    node_after: Mapped[str] = mapped_column(String(80), default="")
    heard: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    said: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    events: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    verbs: Mapped[dict[str, Any] | None] = mapped_column(Json)
    reply: Mapped[str] = mapped_column(Text, default="")
    token: Mapped[str | None] = mapped_column(String(80))
    ms: Mapped[float] = mapped_column(default=0.0)
