"""The taxonomy of tickets: editable rows with the words, intents and nodes that lead to each."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import Json


class Category(Base):
    """A kind of matter.

    `title` is {"en": …, "zh": …}; `words` maps a language ("en", "zh") to words that point here; `intents` and
    `nodes` are names that do. `impact` and `urgency` ("low", "normal", "high") are what such a matter starts with.
    The lowest `position` wins when two categories fit equally well.
    """

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    words: Mapped[dict[str, list[str]]] = mapped_column(Json, default=dict)
    intents: Mapped[list[str]] = mapped_column(Json, default=list)
    nodes: Mapped[list[str]] = mapped_column(Json, default=list)
    impact: Mapped[str] = mapped_column(String(16), default="normal")
    urgency: Mapped[str] = mapped_column(String(16), default="normal")
    group_key: Mapped[str] = mapped_column(String(64), default="")
    position: Mapped[int] = mapped_column(default=100)
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
