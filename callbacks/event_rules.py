"""Rules: something happens, and a while later somebody is called about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import Json, UtcDateTime


class EventRule(Base):
    """When `event` happens, a case is made in a standing campaign.

    Attributes:
        event: a happening's kind ("ticket.solved", "parcel.arrived", anything a program reports), or "date" for a date
            among the variables of cases and people that `date_field` names.
        delay_min: minutes after the event; negative only for "date" ("one day before").
        conditions: variable to wanted value; all must fit. {} for always.
        cancelled_by: happenings with the same reference that close the case ("parcel.picked_up").
        variables: variable of the case to an expression over the event's payload.
    """

    __tablename__ = "event_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(String(60), index=True)
    date_field: Mapped[str] = mapped_column(String(60), default="")
    delay_min: Mapped[int] = mapped_column(default=0)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    conditions: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    cancelled_by: Mapped[list[str]] = mapped_column(Json, default=list)
    variables: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(120), default="")
