"""A small courier desk: people, calls with turns, recordings, tickets in every state, one flow on one number."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.documents import from_json
from flows.versions import Flow, FlowVersion, publish
from ivr.calls import Call
from ivr.lines import Line
from ivr.recordings import Recording, RecordingStatus
from ivr.turns import TurnRow
from storage.database import Database
from tickets import desk
from tickets.categories import Category
from tickets.people import person_for_number
from tickets.ticket import Ticket
from tickets.timeline import EntryKind
from tickets.users import Group, User

SERVICE = "+864008001234"
HOSTILE = "<img src=x onerror=alert(1)> & ${{7*7}} 'quoted\" =1+1"

FLOW: dict[str, Any] = {
    "format": 1,
    "name": "courier",
    "title": {"en": "Courier hotline", "zh": "快递热线"},
    "languages": ["en", "zh-CN"],
    "start": "welcome",
    "nodes": {
        "welcome": {
            "type": "message",
            "prompt": {"en": "Welcome to the courier hotline.", "zh-CN": "欢迎致电快递热线。"},
            "exits": {"next": "leave_word"},
        },
        "leave_word": {
            "type": "record",
            "prompt": {"en": "Please leave a message after the beep.", "zh-CN": "请在提示音后留言。"},
            "exits": {"next": "thanks", "empty": "thanks"},
        },
        "thanks": {
            "type": "open_ticket",
            "exits": {"next": "bye"},
        },
        "bye": {"type": "hang_up", "prompt": {"en": "Goodbye.", "zh-CN": "再见。"}},
    },
}

CALLERS = (
    ("+8613800138000", "王小明", "zh-CN"),
    ("+442079460958", "Grace Hopper", "en"),
    ("+8613912345678", "", "zh-CN"),
    ("+12025550143", HOSTILE, "en"),
    ("+4930901820", "M" * 190, "en"),
)
MATTERS = (
    ("包裹 SF1234567890 三天没有更新", "tracking", "我的包裹三天没有更新了，请尽快处理，我要投诉。"),
    (
        "Parcel arrived damaged, caller wants a refund",
        "complaint",
        "The box was crushed and the lamp inside is broken.",
    ),
    ("Collection ordered for tomorrow morning", "pickup", "Please collect two boxes tomorrow morning."),
    (HOSTILE, "other", HOSTILE),
    ("Courier left the parcel with a neighbour who does not know about it", "complaint", "I never got it."),
)


def seed(db: Database, now: datetime) -> None:
    """Fill an empty desk."""
    with db.write() as s:
        _base(s, now)
    for number in range(15):
        with db.write() as s:
            _matter(s, number, now - timedelta(hours=1.7 * number, minutes=9))
    with db.write() as s:
        _work(s, now)
        _live_calls(s, now)


def _base(s: Session, now: datetime) -> None:
    for key, en, zh in (
        ("tracking", "Where is my parcel", "查件"),
        ("complaint", "Complaint", "投诉"),
        ("pickup", "Collection", "寄件"),
        ("other", "Other", "其他"),
    ):
        s.add(Category(key=key, title={"en": en, "zh": zh}, words={"en": [], "zh": []}))
    s.add(Group(key="service", name={"en": "Customer service", "zh": "客服组"}))
    s.add(Line(number=SERVICE, label="Hotline", flow_id=_flow(s, now)))


def _flow(s: Session, now: datetime) -> int:
    version = publish(
        s, from_json(FLOW), by="Ada Novak", note="First version", now=now - timedelta(days=9), override_reason="a test"
    )
    flow = s.scalar(select(Flow).where(Flow.id == version.flow_id))
    assert flow is not None
    return flow.id


def _matter(s: Session, n: int, at: datetime) -> None:
    number, name, language = CALLERS[n % len(CALLERS)]
    subject, category, text = MATTERS[n % len(MATTERS)]
    person = person_for_number(s, number, now=at - timedelta(days=30), language=language)
    assert person is not None
    person.name, person.vip = name, n % 5 == 1
    call = add_call(s, at, number, language, person.id, text, n)
    opened = desk.open_or_append(
        s,
        desk.NewTicket(
            subject=subject,
            category=category,
            text=text,
            confidence=0.91,
            reference=f"SF{n:010}",
            caller_number=number,
            person_id=person.id,
            language=language,
            call_sid=call.sid or "",
            flow_name="courier",
            urgency="high" if n % 4 == 0 else "",
        ),
        at + timedelta(seconds=70),
    )
    call.ticket_id = opened.ticket.id
    if n % 3 == 0:
        _recording(s, call, opened.ticket, at, n)


def add_call(s: Session, at: datetime, number: str, language: str, person_id: int | None, text: str, n: int) -> Call:
    """An ended call of three turns."""
    outcome = ("completed", "completed", "abandoned", "voicemail", "failed")[n % 5]
    call = Call(
        sid=f"CA{n:032x}",
        token=secrets.token_urlsafe(24),
        direction="outbound" if n % 6 == 5 else "inbound",
        from_number=number,
        to_number=SERVICE,
        person_id=person_id,
        line_id=s.scalar(select(Line.id)),
        status="completed",
        language=language,
        flow_name="courier",
        flow_version_id=s.scalar(select(FlowVersion.id)),
        node="bye",
        outcome=outcome,
        ended_by="caller" if outcome == "abandoned" else "flow",
        error="The parcel service did not answer in time." if outcome == "failed" else "",
        started_at=at,
        answered_at=at,
        ended_at=at + timedelta(seconds=84),
        duration_s=84,
        turn=3,
    )
    s.add(call)
    s.flush()
    for row in _turns(language, text, outcome):
        s.add(TurnRow(call_id=call.id, at=at + timedelta(seconds=20 * (row["number"] - 1)), **row))
    return call


def _turns(language: str, text: str, outcome: str) -> list[dict[str, Any]]:
    chinese = language == "zh-CN"
    hello = (
        "欢迎致电快递热线。查件请按 1，投诉请按 2。"
        if chinese
        else "Welcome. For a parcel press 1, to complain press 2."
    )
    ask = "请说出您的问题。" if chinese else "Please tell me what happened."
    thanks = "谢谢，我们已记录，工单号是 一二三四五。" if chinese else "Thank you. Your ticket number is 1 2 3 4 5."
    twiml = '<?xml version="1.0"?><Response><Gather input="dtmf speech"><Say>…</Say></Gather></Response>'
    said = [{"kind": "ask", "text": hello, "language": language}]
    rows: list[dict[str, Any]] = [
        {"number": 1, "node_after": "menu", "said": said, "reply": twiml, "heard": {"kind": "nothing"}, "ms": 11.0}
    ]
    rows[0]["events"] = [{"type": "NodeEntered", "node": "welcome"}, {"type": "NodeEntered", "node": "menu"}]
    rows.append(
        {
            "number": 2,
            "node_before": "menu",
            "node_after": "tell",
            "heard": {"kind": "digits", "digits": "2"},
            "said": [{"kind": "ask", "text": ask, "language": language}],
            "events": [
                {"type": "Understood", "node": "menu", "value": "complain", "mode": "keys"},
                {"type": "NodeEntered", "node": "tell"},
            ],
            "reply": twiml,
            "ms": 9.0,
        }
    )
    failed = [{"type": "FlowFailed", "node": "lookup", "error": "The parcel service did not answer in time."}]
    rows.append(
        {
            "number": 3,
            "node_before": "tell",
            "node_after": "bye",
            "heard": {"kind": "speech", "text": text, "confidence": 0.91},
            "said": [{"kind": "say", "text": thanks, "language": language}],
            "events": [{"type": "NodeEntered", "node": "bye"}, *(failed if outcome == "failed" else [])],
            "reply": twiml,
            "ms": 14.0,
        }
    )
    return rows


def _recording(s: Session, call: Call, ticket: Ticket, at: datetime, n: int) -> None:
    spoken = "I want to complain about the courier. He never rang the bell and left."
    spread = [
        {
            "text": word,
            "start_s": round(0.25 * i + (0.9 if i > 6 else 0), 2),
            "end_s": round(0.25 * i + 0.22 + (0.9 if i > 6 else 0), 2),
            "confidence": 0.42 if word == "courier." else 0.95,
        }
        for i, word in enumerate(spoken.split())
    ]
    kinds = (RecordingStatus.TRANSCRIBED, RecordingStatus.UNAVAILABLE, RecordingStatus.BROKEN, RecordingStatus.WAITING)
    status = kinds[(n // 3) % 4]
    transcript = {"text": spoken, "confidence": 0.9, "words": spread, "engine": "vosk", "model": "small-en"}
    reasons = {
        RecordingStatus.UNAVAILABLE: "Transcript unavailable: no model for zh-CN.",
        RecordingStatus.BROKEN: "This is not usable sound.",
    }
    recording = Recording(
        sid=f"RE{n:032x}",
        call_id=call.id,
        ticket_id=ticket.id,
        node="leave_word",
        status=status,
        reason=reasons.get(status, ""),
        duration_s=4,
        path="" if status == RecordingStatus.WAITING else "one.wav",
        language="en" if status == RecordingStatus.TRANSCRIBED else "zh-CN",
        transcript=transcript if status == RecordingStatus.TRANSCRIBED else None,
        created_at=at + timedelta(seconds=75),
    )
    s.add(recording)
    s.flush()
    payload = {"recording_id": recording.id}
    desk.add_entry(s, ticket, EntryKind.RECORDING, payload, at=at + timedelta(seconds=75), actor="caller")


def _work(s: Session, now: datetime) -> None:
    tickets = list(s.scalars(select(Ticket).order_by(Ticket.id)))
    agent = s.scalar(select(User).where(User.email == "agent@example.org"))
    assert agent is not None
    by = agent.actor
    for ticket in tickets[:7]:
        desk.assign(s, ticket, agent.id, by=by, now=now - timedelta(minutes=6))
    desk.note(s, tickets[0], "Called the depot. The parcel is on van 12.\nThey ring back at noon.", by=by, now=now)
    for ticket, step in zip(tickets[2:], ("wait_customer", "wait_third", "solve", "close", "solve"), strict=False):
        desk.change_status(s, ticket, step, by=by, now=now - timedelta(minutes=5), reason="")
    desk.set_priority(s, tickets[1], "urgent", by=by, now=now, reason=HOSTILE)


def _live_calls(s: Session, now: datetime) -> None:
    for n, (number, node) in enumerate((("+8613800138000", "menu"), ("+442079460958", "leave_word"))):
        call = add_call(
            s, now - timedelta(seconds=40 + 30 * n), number, "zh-CN" if n == 0 else "en", None, "hello", 100 + n
        )
        call.status, call.ended_at, call.duration_s, call.outcome, call.node = "in-progress", None, None, "", node
        call.direction, call.error = "inbound", ""
