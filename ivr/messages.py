"""A text message that a call asked for, or that came in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.insert import insert_once
from storage.types import UtcDateTime
from telephony.calls import MessageEvent
from work.jobs import ask


class Message(Base):
    """One SMS. `status` is "waiting" and "sending" before the provider has it, then Twilio's MessageStatus."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str | None] = mapped_column(String(64), unique=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id", ondelete="SET NULL"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"), index=True)
    direction: Mapped[str] = mapped_column(String(16))
    from_number: Mapped[str] = mapped_column(String(64))
    to_number: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    demo: Mapped[bool] = mapped_column(default=False)


NOBODY = "The caller's number is withheld; there is nobody to send this to."


def queue_message(
    session: Session, *, call_id: int | None, from_number: str, to: str, body: str, now: datetime
) -> Message:
    """Note an SMS and let a worker send it. To nobody ("") it is noted as failed."""
    message = Message(
        call_id=call_id,
        direction="outbound",
        from_number=from_number,
        to_number=to,
        body=body,
        status="waiting" if to else "failed",
        error="" if to else NOBODY,
        created_at=now,
    )
    session.add(message)
    session.flush()
    if to:
        ask(session, "send_message", key=f"message:{message.id}", payload={"message_id": message.id}, now=now)
    return message


def keep_received(session: Session, event: MessageEvent, now: datetime) -> Message | None:
    """Keep an SMS that came in; None when it is known, because the provider told of it twice."""
    return insert_once(
        session,
        Message,
        unique="sid",
        sid=event.message_sid,
        direction="inbound",
        from_number=event.from_number,
        to_number=event.to_number,
        body=event.body,
        status="received",
        created_at=now,
    )
