"""What the demo organisation's people did with the week's tickets."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.settings import SERVICE_NUMBER
from ivr.messages import Message
from tickets import desk
from tickets.ticket import Status, Ticket
from tickets.timeline import EntryKind
from tickets.users import Role, User

NOTES = (
    "已联系派送站点，站长回复今天内核实。",
    "Called the station; they will check the cage and ring back.",
    "客户补充了照片，包装外侧有明显压痕。",
    "Asked the caller for a photo of the label.",
    "仓库监控显示包裹 14:20 装车，正在联系司机。",
    "Carrier confirms the parcel was left at the wrong building.",
)
ENDS = (
    "已重新派送，客户确认收到。",
    "Refund agreed, the caller is content.",
    "已道歉并补偿运费券。",
    "Delivered on the second attempt.",
)
TEXTS = {
    "zh": "【铃回快递】您的工单{number}已处理完毕，如有疑问请来电。",
    "en": "Ringback Couriers: your ticket {number} has been dealt with. Call us if anything is left open.",
}
FATES = (
    # oldest first: from so many days on, how often a ticket has come how far
    (3.0, {"closed": 40, "solved": 35, "waiting_third": 9, "waiting_customer": 8, "open": 8}),
    (1.0, {"solved": 38, "open": 24, "waiting_customer": 14, "waiting_third": 10, "new": 14}),
    (0.0, {"new": 46, "open": 36, "waiting_customer": 6, "solved": 12}),
)
STEPS = {"waiting_customer": "wait_customer", "waiting_third": "wait_third", "solved": "solve", "closed": "solve"}


def work_on(session: Session, tickets: Sequence[Ticket], now: datetime, chance: random.Random) -> None:
    """Assign, note, wait, solve and close, as far as each ticket's age allows; nothing happens after `now`."""
    agents = list(session.scalars(select(User).where(User.demo, User.role == Role.AGENT).order_by(User.id)))
    if not agents:
        return
    for ticket in tickets:
        fate = _fate(ticket, now, chance)
        at = ticket.updated_at + timedelta(minutes=chance.randrange(8, 90))
        if fate != Status.NEW and at < now - timedelta(minutes=30):
            _deal_with(session, ticket, fate, at, now, chance.choice(agents), chance)


def _fate(ticket: Ticket, now: datetime, chance: random.Random) -> str:
    age_days = (now - ticket.created_at) / timedelta(days=1)
    shares = next(shares for days, shares in FATES if age_days >= days)
    return chance.choices(list(shares), list(shares.values()))[0]


def _deal_with(
    session: Session, ticket: Ticket, fate: str, at: datetime, now: datetime, agent: User, chance: random.Random
) -> None:
    desk.assign(session, ticket, agent.id, by=agent.actor, now=at)
    at = _later(at, now, chance, 20)
    desk.note(session, ticket, chance.choice(NOTES), by=agent.actor, now=at)
    if fate not in STEPS:
        return
    at = _later(at, now, chance, 300)
    reason = chance.choice(ENDS) if fate in ("solved", "closed") else ""
    desk.change_status(session, ticket, STEPS[fate], by=agent.actor, now=at, reason=reason)
    if fate in ("solved", "closed"):
        _tell_the_caller(session, ticket, at)
    if fate == "closed":
        desk.change_status(session, ticket, "close", by="system", now=_later(at, now, chance, 1400))


def _later(at: datetime, now: datetime, chance: random.Random, minutes: int) -> datetime:
    return min(at + timedelta(minutes=chance.randrange(1, minutes)), now - timedelta(minutes=1))


def _tell_the_caller(session: Session, ticket: Ticket, at: datetime) -> None:
    if not ticket.caller_number:
        return
    body = TEXTS["zh" if ticket.language.startswith("zh") else "en"].format(number=ticket.number)
    message = Message(
        sid=f"SM{ticket.id:032x}",
        ticket_id=ticket.id,
        direction="outbound",
        from_number=SERVICE_NUMBER,
        to_number=ticket.caller_number,
        body=body,
        status="delivered",
        created_at=at,
        sent_at=at,
        demo=True,
    )
    session.add(message)
    session.flush()
    payload = {"message_id": message.id, "to": message.to_number, "body": body, "status": message.status}
    desk.add_entry(session, ticket, EntryKind.MESSAGE, payload, at=at, actor="system", key=f"message:{message.id}")
