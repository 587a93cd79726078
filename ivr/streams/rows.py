"""Live streams of calls as they are stored, and the servers that carry them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.streams.lifecycle import StreamState
from storage.database import Base
from storage.types import Json, UtcDateTime


class Stream(Base):
    """One stay of a call in a live stream.

    Attributes:
        key: opens it, once; url-safe, cannot be guessed.
        stream_sid: the provider's name of it, None before it began.
        why: how it ended, a word: "stopped" (the call ended), "cut", "superseded", "recogniser", "overload", …
        said: the prompts before the verb that led out of the stream were heard in it.
        hearing: what the caller is saying at the moment, "" while nobody speaks.
    """

    __tablename__ = "streams"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(43), unique=True)
    state: Mapped[str] = mapped_column(String(16), default=StreamState.OFFERED.value)
    stream_sid: Mapped[str | None] = mapped_column(String(64))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    why: Mapped[str] = mapped_column(String(32), default="")
    said: Mapped[bool] = mapped_column(default=False)
    hearing: Mapped[str] = mapped_column(Text, default="")


class MediaServer(Base):
    """A process that carries live streams, as it last told of itself.

    Attributes:
        streams: how many it carries.
        room: how many more calls it can listen to, by primary language subtag.
    """

    __tablename__ = "media_servers"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    streams: Mapped[int] = mapped_column(default=0)
    room: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
