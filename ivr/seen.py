"""How far periodic work has looked, so that the next run looks no further back than it must."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class Seen(Base):
    """The time up to which the work called `name` has seen everything."""

    __tablename__ = "seen"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
