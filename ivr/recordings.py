"""A recording of a caller: from the provider's notice over our own file to its transcript."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import Json, UtcDateTime


class RecordingStatus(StrEnum):
    """How far a recording has come. Why it stopped there stands in `reason`."""

    WAITING = "waiting"
    FETCHED = "fetched"
    TRANSCRIBED = "transcribed"
    UNAVAILABLE = "unavailable"
    BROKEN = "broken"


class Recording(Base):
    """One recording.

    Attributes:
        status: waiting (at the provider), fetched (we have the sound), transcribed, unavailable (we have the sound but
            no transcript, or the provider has none), broken (not usable sound).
        reason: why it is unavailable or broken, a sentence for people; "" otherwise.
        path: of the WAV file, relative to the recordings directory; "" until fetched.
        transcript: {"text", "confidence", "words": [{"text", "start_s", "end_s", "confidence"}], "engine", "model"}.
        whole_call: the line records its calls: the caller in the left channel, the flow in the right one. It is heard
            at the call, belongs to no ticket and is never transcribed.
        started_at: of a whole call, the moment of its first sample by the provider's clock.
    """

    __tablename__ = "recordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id", ondelete="SET NULL"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"), index=True)
    node: Mapped[str] = mapped_column(String(80), default="")
    url: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[RecordingStatus] = mapped_column(String(16), default=RecordingStatus.WAITING)
    reason: Mapped[str] = mapped_column(Text, default="")
    duration_s: Mapped[int] = mapped_column(default=0)
    path: Mapped[str] = mapped_column(String(255), default="")
    language: Mapped[str] = mapped_column(String(16), default="")
    transcript: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    transcribed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    whole_call: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    demo: Mapped[bool] = mapped_column(default=False)
