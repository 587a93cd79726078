"""What somebody means who sends us a text: no more calls, calls again, help; all else is for a person at the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from callbacks.opt_outs import OptOut
from callbacks.opting_out import add_opt_out, revoke_opt_out
from callbacks.purposes import ALL_PURPOSES
from flows.phrases import words
from flows.understanding.normal import contains, normal, runs_on
from ivr.messages import Message
from telephony.calls import MessageEvent
from tickets import desk
from tickets.lifecycle import UNDONE
from tickets.matters import WINDOW
from tickets.people import Person, person_for_number, plain_number
from tickets.ticket import Status, Ticket
from tickets.timeline import EntryKind

LANGUAGES = ("en", "zh", "ko")
_TAGS = {"en": "en-US", "zh": "zh-CN", "ko": "ko-KR"}


class Meaning(StrEnum):
    """What a text is taken for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    WORDS = "words"


KEYWORDS: Mapping[Meaning, Mapping[str, tuple[str, ...]]] = {
    Meaning.STOP: {
        "en": ("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "optout", "opt out", "revoke"),
        "zh": ("退订", "退定", "t", "td", "停止", "取消订阅", "拒收", "别打了", "停"),
        "ko": ("수신거부", "수신 거부", "중지", "해지", "그만", "거부", "구독취소"),
    },
    Meaning.START: {
        "en": ("start", "unstop", "resume", "subscribe", "opt in", "optin"),
        "zh": ("恢复", "订阅", "重新订阅", "恢复来电", "开始"),
        "ko": ("시작", "재개", "수신동의", "수신 동의", "수신재개"),
    },
    Meaning.HELP: {
        "en": ("help", "info"),
        "zh": ("帮助", "幫助", "说明"),
        "ko": ("도움말", "도움", "안내"),
    },
}
"""Whole messages, in the form that `normal` gives. The first row of English is CTIA's list of opt-out keywords with
"revoke" and "optout" of 47 CFR 64.1200(a)(10); T and TD are what Chinese carriers print below commercial messages."""

REPLIES: Mapping[Meaning, Mapping[str, str]] = {
    Meaning.STOP: {
        "en": "{name}: you will get no more calls or messages from us. Reply START to allow them again.",
        "zh": "【{name}】已退订，我们不会再给您打电话或发短信。如需恢复，请回复“恢复”。",
        "ko": "[{name}] 수신 거부되었습니다. 더는 연락드리지 않습니다. 다시 받으시려면 '시작'이라고 답장해 주세요.",
    },
    Meaning.START: {
        "en": "{name}: you may get calls and messages from us again. Reply STOP to end them.",
        "zh": "【{name}】已恢复，我们可能会再次与您联系。如需退订，请回复“退订”。",
        "ko": "[{name}] 수신이 재개되었습니다. 원하지 않으시면 '수신거부'라고 답장해 주세요.",
    },
    Meaning.HELP: {
        "en": "{name}: we call about your orders and requests. {contact}Reply STOP to get no more calls or messages.",
        "zh": "【{name}】我们会就您的订单和咨询与您联系。{contact}如需退订，请回复“退订”。",
        "ko": "[{name}] 주문과 문의에 대해 연락드립니다. {contact}원하지 않으시면 '수신거부'라고 답장해 주세요.",
    },
    Meaning.WORDS: {
        "en": "{name}: thank you, a colleague will read your message. Your ticket is {ticket}.",
        "zh": "【{name}】谢谢，我们的同事会查看您的留言。工单号：{ticket}。",
        "ko": "[{name}] 감사합니다. 담당자가 메시지를 확인하겠습니다. 접수 번호: {ticket}.",
    },
}
_CONTACT = {"en": "Call {number} to talk to us. ", "zh": "请致电{number}与我们联系。", "ko": "문의: {number}. "}
_SLACK = 24
_SLACK_RUNNING_ON = 8
"""How much may stand around "stop calling" before a text is about something else: "please stop calling me, thanks"."""

REPLIES_A_DAY = 5
"""To one number, beside the word that an opt-out holds: two machines that answer each other come to rest."""


@dataclass(frozen=True, kw_only=True)
class TextReceiver:
    """Deals with a text that came in; `ivr` calls it in the transaction that keeps the message, once per message.

    Attributes:
        name: the organisation's, by language ("en", "zh", "ko"), for replies.
        contact: number that people may call, for HELP; "" leaves the sentence out.
        language: of people of whom nothing is known.
    """

    clock: Callable[[], datetime]
    name: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""
    language: str = "en"

    def __call__(self, session: Session, event: MessageEvent) -> str | None:
        """Do what the text asks; gives what to send back, None for nothing.

        Short codes and senders with a name are programs: they get no answer and open no ticket.
        """
        number = plain_number(event.from_number)
        if not number or not event.body.strip():
            return None
        now = self.clock()
        meaning, language = read(event.body)
        person = person_for_number(session, number, now=now, language=_TAGS.get(language, ""))
        if not language:
            language = _primary((person.language if person else None) or self.language)
        if meaning == Meaning.STOP:
            return self._stop(session, number, event, language, now)
        if meaning == Meaning.START:
            return self._start(session, number, language, now)
        if meaning == Meaning.HELP:
            return self._reply(session, Meaning.HELP, number, language, now)
        ticket, opened = _to_the_desk(session, number, person, event, language, now)
        # Whoever opted out gets no texts from us; a person at the desk answers.
        if not opened or _opt_outs(session, number):
            return None
        return self._reply(session, Meaning.WORDS, number, language, now, ticket=ticket.number)

    def _stop(self, session: Session, number: str, event: MessageEvent, language: str, now: datetime) -> str | None:
        """From this moment on; said once, since a confirmation is the last text that is allowed."""
        stood = any(row.purpose == ALL_PURPOSES for row in _opt_outs(session, number))
        add_opt_out(session, number=number, purpose=ALL_PURPOSES, how="sms", evidence=event.body[:1_000], now=now)
        return None if stood else self._words(Meaning.STOP, language)

    def _start(self, session: Session, number: str, language: str, now: datetime) -> str | None:
        """The person takes back every opt-out, also those made on calls. Says nothing where there was none."""
        rows = _opt_outs(session, number)
        for row in rows:
            revoke_opt_out(session, row, by="sms", now=now)
        return self._words(Meaning.START, language) if rows else None

    def _reply(
        self, session: Session, meaning: Meaning, number: str, language: str, now: datetime, *, ticket: str = ""
    ) -> str | None:
        if _sent_today(session, number, now) >= REPLIES_A_DAY:
            return None
        return self._words(meaning, language, ticket=ticket)

    def _words(self, meaning: Meaning, language: str, *, ticket: str = "") -> str:
        name = self.name.get(language) or self.name.get("en") or "Ringback"
        contact = _CONTACT[language].format(number=self.contact) if self.contact else ""
        return REPLIES[meaning][language].format(name=name, contact=contact, ticket=ticket)


def read(text: str) -> tuple[Meaning, str]:
    """What a text means, and in which language a keyword was written ("" when nothing tells)."""
    plain = " ".join(normal(text).replace("-", " ").split()).strip(" .:+*#")
    for meaning, by_language in KEYWORDS.items():
        for language, keywords in by_language.items():
            if plain in keywords:
                return meaning, language
    for language in LANGUAGES:
        for way in map(normal, words("stop_calling", _TAGS[language])):
            slack = _SLACK_RUNNING_ON if runs_on(way) else _SLACK
            if contains(plain, way) and len(plain) <= len(way) + slack:
                return Meaning.STOP, language
    return Meaning.WORDS, _script(plain)


def _script(plain: str) -> str:
    """The language that a script gives away; Latin letters may be any."""
    if any("\uac00" <= c <= "\ud7a3" for c in plain):
        return "ko"
    return "zh" if any("\u4e00" <= c <= "\u9fff" for c in plain) else ""


def _primary(language: str) -> str:
    tag = language[:2].lower()
    return tag if tag in LANGUAGES else "en"


def _opt_outs(session: Session, number: str) -> list[OptOut]:
    query = select(OptOut).where(OptOut.number == number, OptOut.revoked_at.is_(None))
    return list(session.scalars(query.with_for_update()))


def _sent_today(session: Session, number: str, now: datetime) -> int:
    """Texts to a number within a day that no call asked for."""
    query = select(func.count(Message.id)).where(
        Message.to_number == number,
        Message.direction == "outbound",
        Message.call_id.is_(None),
        Message.created_at > now - timedelta(days=1),
    )
    return session.scalar(query) or 0


def _to_the_desk(
    session: Session, number: str, person: Person | None, event: MessageEvent, language: str, now: datetime
) -> tuple[Ticket, bool]:
    """Put a text on the sender's open ticket that moved last, or open one; tells whether it was opened."""
    ticket = _open_ticket(session, number, person, now)
    opened = ticket is None
    if ticket is None:
        new = desk.NewTicket(
            text=event.body,
            reason="a text message came in",
            caller_number=number,
            person_id=person.id if person is not None else None,
            language=_TAGS[language],
            source="sms",
            key=f"sms:{event.message_sid}",
        )
        ticket = desk.open_or_append(session, new, now).ticket
    else:
        payload = {"message_id": None, "direction": "inbound", "to": event.to_number, "body": event.body}
        key = f"sms:{event.message_sid}:{ticket.id}"
        desk.add_entry(session, ticket, EntryKind.MESSAGE, payload, at=now, actor="caller", key=key)
        if ticket.status == Status.WAITING_CUSTOMER:
            desk.change_status(session, ticket, "open", by="caller", now=now, reason="the customer answered by text")
    session.execute(update(Message).where(Message.sid == event.message_sid).values(ticket_id=ticket.id))
    return ticket, opened


def _open_ticket(session: Session, number: str, person: Person | None, now: datetime) -> Ticket | None:
    found = desk.find_for_caller(session, number=number, person_id=person.id if person is not None else None)
    fresh = [one for one in found if one.status in UNDONE and one.updated_at >= now - WINDOW]
    return max(fresh, key=lambda one: (one.updated_at, one.id), default=None)
