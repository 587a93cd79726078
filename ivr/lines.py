"""A service number and the flow that answers it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base


class Line(Base):
    """A service number. `number` is E.164; `flow_id` None means that nobody answers here yet."""

    __tablename__ = "lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    label: Mapped[str] = mapped_column(String(120), default="")
    flow_id: Mapped[int | None] = mapped_column(ForeignKey("flows.id", ondelete="SET NULL"), index=True)
    demo: Mapped[bool] = mapped_column(default=False)


def line_for_number(session: Session, number: str) -> Line | None:
    """The line of an E.164 number, or None when the number is not ours."""
    return session.scalar(select(Line).where(Line.number == number))
