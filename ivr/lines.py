"""A service number and the flow that answers it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.types import Json


class Line(Base):
    """A service number. `number` is E.164; `flow_id` None means that nobody answers here yet.

    Attributes:
        language: BCP-47 tag a call begins in; "" lets the flow decide.
        zone: IANA zone of `hours`, "" for UTC.
        hours: opening hours as the business_hours node writes them ({"every_day": ["08:00-21:00"]}); {} for always.
        closed_flow_id: the flow that answers outside the hours; None lets the line's own flow answer.
        runs_draft: a test number: calls get the flow's draft as it is at that moment.
        ear: who listens on this number, "carrier" or "house"; "" as the flow says.
        records_calls: calls are recorded whole, so that what the flow missed can be heard.
    """

    __tablename__ = "lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    label: Mapped[str] = mapped_column(String(120), default="")
    flow_id: Mapped[int | None] = mapped_column(ForeignKey("flows.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(String(16), default="")
    zone: Mapped[str] = mapped_column(String(64), default="")
    hours: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    closed_flow_id: Mapped[int | None] = mapped_column(ForeignKey("flows.id", ondelete="SET NULL"))
    ear: Mapped[str] = mapped_column(String(16), default="")
    runs_draft: Mapped[bool] = mapped_column(default=False)
    records_calls: Mapped[bool] = mapped_column(default=False)
    demo: Mapped[bool] = mapped_column(default=False)


def line_for_number(session: Session, number: str) -> Line | None:
    """The line of an E.164 number, or None when the number is not ours."""
    return session.scalar(select(Line).where(Line.number == number))
