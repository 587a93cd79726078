"""Saved tests of a flow: scenarios that must go well before the flow is published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import Json, UtcDateTime


class FlowTest(Base):
    """One scenario of a flow.

    Attributes:
        scenario: the scenario as plain data: call, setting, lookups, steps, expect.
        origin: where it came from: "written", "recorded", "proposed", "missed", "call" or "imported".
    """

    __tablename__ = "flow_tests"
    __table_args__ = (UniqueConstraint("flow_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    scenario: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    origin: Mapped[str] = mapped_column(String(16), default="written")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(120), default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(String(120), default="")
