"""Samples: answers of other systems, kept so that a draft can be tried without asking them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import Json


class FlowSample(Base):
    """What a lookup node may be answered. `outcome` as in `flows.requests.LookupReply`; `name` is for people."""

    __tablename__ = "flow_samples"
    __table_args__ = (UniqueConstraint("flow_id", "node", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.id", ondelete="CASCADE"), index=True)
    node: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(16), default="ok")
    status: Mapped[int | None]
    body: Mapped[Any] = mapped_column(Json, default=dict)
