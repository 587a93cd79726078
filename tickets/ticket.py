"""A ticket: what somebody must still do for a caller, and the lifecycle it goes through."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.database import Base
from storage.types import Json, UtcDateTime
from tickets.people import Person
from tickets.users import Group, User


class Status(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    OPEN = "open"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_THIRD = "waiting_third"
    SOLVED = "solved"
    CLOSED = "closed"


class Priority(StrEnum):
    """How soon a ticket must be dealt with, lowest first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Ticket(Base):
    """One matter of one caller.

    `impact` and `urgency` are "low", "normal" or "high". `category_reason` is one reason and `priority_reason` a list
    of reasons as `tickets.reasons` describes them. `reference` is what the matter is about (a tracking number) or "".
    `open_matter` names the matter while the ticket is open; it is unique, so two calls at once cannot open it twice.
    `version` grows with each change.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_updated_at_id", "updated_at", "id"),
        Index("ix_tickets_status_updated_at_id", "status", "updated_at", "id"),
        Index("ix_tickets_assignee_id_status", "assignee_id", "status"),
        Index("ix_tickets_group_id_status", "group_id", "status"),
        Index("ix_tickets_created_at_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    subject: Mapped[str] = mapped_column(String(300), default="")
    category: Mapped[str] = mapped_column(String(64), default="", index=True)
    category_reason: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    priority: Mapped[Priority] = mapped_column(String(16), default=Priority.NORMAL)
    priority_reason: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    impact: Mapped[str] = mapped_column(String(16), default="normal")
    urgency: Mapped[str] = mapped_column(String(16), default="normal")
    status: Mapped[Status] = mapped_column(String(24), default=Status.NEW)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    caller_number: Mapped[str] = mapped_column(String(32), default="", index=True)
    language: Mapped[str] = mapped_column(String(35), default="")
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), default=None)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id", ondelete="SET NULL"), default=None)
    source: Mapped[str] = mapped_column(String(16), default="phone")
    reference: Mapped[str] = mapped_column(String(200), default="", index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    flow_name: Mapped[str] = mapped_column(String(100), default="")
    call_sid: Mapped[str] = mapped_column(String(64), default="", index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    solved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    open_matter: Mapped[str | None] = mapped_column(String(400), unique=True, default=None)
    text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    demo: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person | None] = relationship()
    assignee: Mapped[User | None] = relationship()
    group: Mapped[Group | None] = relationship()
