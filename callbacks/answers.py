"""What people answered on our calls: each answer is a record of consent, with the question as it was spoken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import Json, UtcDateTime


class AnswerRecord(Base):
    """One answer to one question of a case's flow, outbound or when the person rang back.

    `question` is the text as spoken, values filled in. `confidence` is 0 to 1, None for keys. `audio_offset_ms` counts
    from the moment the call was answered to the moment the answer came in. Answered again, the later one counts and
    both stay.
    """

    __tablename__ = "answer_records"
    __table_args__ = (
        Index("ix_answer_records_campaign_id_id", "campaign_id", "id"),
        Index("ix_answer_records_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id", ondelete="SET NULL"))
    number: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(200), default="")
    node: Mapped[str] = mapped_column(String(80))
    question: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[Any] = mapped_column(Json)
    heard: Mapped[str] = mapped_column(Text, default="")
    """The words or keys themselves."""
    mode: Mapped[str] = mapped_column(String(8), default="")
    confidence: Mapped[float | None]
    audio_offset_ms: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(16), default="")
    flow_version_id: Mapped[int | None] = mapped_column(ForeignKey("flow_versions.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
