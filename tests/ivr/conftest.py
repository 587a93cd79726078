"""A whole desk for tests: a real database, the remembering phone company, the webhooks behind a Flask client."""

from __future__ import annotations

import io
import itertools
import json
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from audio.transcript import Transcript, Word, spoken
from callbacks.effects import EFFECTS as WISHES
from flows.documents import parse
from flows.versions import find_flow, publish
from ivr.deps import Deps
from ivr.effects import with_effects
from ivr.jobs import JobDeps, gave_up, handlers
from ivr.lines import Line
from ivr.lookup import LookupPolicy
from ivr.webhooks import create_blueprint
from storage.database import Base, Database
from telephony.calls import (
    CallEvent,
    CallStatus,
    Digits,
    Direction,
    Heard,
    Nothing,
    QueueEnded,
    Recorded,
    RecordingEvent,
    Silence,
    Speech,
)
from telephony.memory import MemoryProvider
from telephony.memory_books import RememberedCall
from telephony.memory_dialect import signature
from telephony.provider import HttpRequest, PlacedCall
from work.transport import MemoryTransport
from work.worker import Worker

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SERVICE = "+442071838750"
CALLER = "+8613912345678"

HOTLINE = """
format: 1
name: hotline
title: {en-US: Courier hotline, zh-CN: 快递热线}
languages: [en-US, zh-CN]
start: menu
defaults: {person: person}
nodes:
  menu:
    type: menu
    prompt: {en-US: "How can I help you?", zh-CN: "请问您要办理什么业务？"}
    choices:
      - {key: "1", name: complain, label: {en-US: a complaint, zh-CN: 投诉}}
      - {key: "2", name: tell, label: {en-US: telling us something, zh-CN: 反馈}}
      - {key: "3", name: tongue, label: {en-US: another language, zh-CN: 语言}}
      - {key: "4", name: sms, label: {en-US: a text message, zh-CN: 短信}}
      - {key: "5", name: callback, label: {en-US: a call back, zh-CN: 回电}}
    exits: {complain: record, tell: listen, tongue: language, sms: sms, callback: callback}
  record:
    type: record
    prompt: {en-US: "Please tell us after the tone.", zh-CN: "请在提示音后留言。"}
    exits: {next: open, empty: open}
  listen:
    type: listen
    prompt: {en-US: "What happened? Press the hash key to skip.", zh-CN: "发生了什么事？跳过请按井号键。"}
    value: story
    exits: {next: open}
  open:
    type: open_ticket
    category: complaint
    reason: complaint
    exits: {next: bye}
  language:
    type: language
    choices:
      - {key: "1", language: en-US, prompt: "For English, press 1."}
      - {key: "2", language: zh-CN, prompt: "中文请按2。"}
    exits: {next: menu}
  sms:
    type: send_sms
    body: {en-US: "Thank you.", zh-CN: "谢谢。"}
    exits: {next: bye}
  callback:
    type: request_callback
    exits: {next: bye}
  person:
    type: transfer
    queue: service
    hold: {en-US: "Please hold for a person.", zh-CN: "请稍候，正在转人工。"}
    exits: {answered: bye, no_answer: open}
  bye:
    type: hang_up
    prompt: {en-US: "Goodbye.", zh-CN: "再见。"}
"""


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def sound(seconds: float = 1.0, *, rate_hz: int = 8000) -> bytes:
    """A WAV of a quiet hum."""
    out = io.BytesIO()
    with wave.open(out, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate_hz)
        wav.writeframes(b"\x10\x00\xf0\xff" * int(seconds * rate_hz / 2))
    return out.getvalue()


def scripted(path: Path, language: str) -> Transcript:
    """A recogniser that hears the same in every recording."""
    assert path.is_file()
    words = [Word(text=w, start_s=n / 2, end_s=n / 2 + 0.4, confidence=0.9) for n, w in enumerate(["it", "broke"])]
    return spoken(words=words, language=language, engine="scripted", model="none")


@dataclass
class Desk:
    """What a test has in hand."""

    db: Database
    provider: MemoryProvider
    clock: Clock
    deps: Deps
    client: FlaskClient
    recordings_dir: Path
    hear: Callable[[Path, str], Transcript] = scripted
    lookups: LookupPolicy = field(default_factory=LookupPolicy)
    _sids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def publish(self, text: str = HOTLINE, number: str | None = SERVICE) -> None:
        """Publish a flow, and let a number run it."""
        document = parse(text)
        with self.db.write() as db:
            publish(db, document, by="test", note="", now=self.clock(), override_reason="a test")
            flow = find_flow(db, document.name)
            if number and db.scalar(select(Line).where(Line.number == number)) is None:
                db.add(Line(number=number, label="test", flow_id=flow.id))

    def phone(self, *, caller: str = CALLER, to: str = SERVICE, client: FlaskClient | None = None) -> Phone:
        """A telephone that has not dialled yet."""
        return Phone(desk=self, sid=f"CA{next(self._sids):032x}", caller=caller, to=to, client=client or self.client)

    def call(self, *keys: str, **more: Any) -> Phone:
        """A call that begins and presses these keys, one turn each."""
        phone = self.phone(**more)
        phone.dial()
        for key in keys:
            phone.press(key)
        return phone

    def worker(self) -> Worker:
        """A worker that does what calls asked for, when told."""
        jobs = JobDeps(deps=self.deps, recordings_dir=self.recordings_dir, transcribe=self.hear, lookups=self.lookups)
        return Worker(self.db, MemoryTransport(), handlers(jobs), self.clock, gave_up=gave_up(jobs))

    def work(self) -> int:
        """Run everything that is due."""
        return self.worker().run_pending(self.clock())

    def rows(self, model: type[Any]) -> list[Any]:
        """Every row of a table, in order."""
        with self.db.read() as db:
            found = list(db.scalars(select(model).order_by(*model.__table__.primary_key)))
            for row in found:
                db.expunge(row)
            return found

    def row(self, model: type[Any]) -> Any:
        """The only row of a table."""
        (found,) = self.rows(model)
        return found

    def post(self, target: str, event: Any, *, client: FlaskClient | None = None, forged: bool = False) -> Any:
        """A webhook from the phone company."""
        sent = self.provider.request(target, event)
        headers = dict(sent.headers)
        if forged:
            headers = {name: "0" * len(value) for name, value in headers.items()}
        return (client or self.client).post(target, data=dict(sent.form), headers=headers)

    def provider_knows(self, phone: Phone, *, status: CallStatus = CallStatus.COMPLETED) -> None:
        """Let the phone company answer questions about a call."""
        placed = PlacedCall(
            call_sid=phone.sid,
            status=status,
            from_number=phone.caller,
            to_number=phone.to,
            created_at=self.clock(),
            duration_s=33,
        )
        self.provider.calls[phone.sid] = RememberedCall(placed=placed, answer_url="", status_url="", timeout_s=30)

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """The whole database, without what differs from run to run."""
        with self.db.read() as db:
            return {
                table.name: sorted(
                    ({c.name: getattr(row, c.name) for c in table.columns} for row in db.execute(select(table))),
                    key=lambda row: json.dumps(row, default=str, sort_keys=True),
                )
                for table in Base.metadata.sorted_tables
            }


@dataclass
class Phone:
    """The caller's side of one call."""

    desk: Desk
    sid: str
    caller: str
    to: str
    client: FlaskClient
    verbs: list[dict[str, Any]] = field(default_factory=list)
    sent: list[tuple[str, Any]] = field(default_factory=list)
    sequence: int = 0

    def event(self, heard: Heard | None = None, **more: Any) -> CallEvent:
        """An event of this call."""
        base = CallEvent(
            call_sid=self.sid,
            from_number=self.caller,
            to_number=self.to,
            status=CallStatus.IN_PROGRESS,
            direction=Direction.INBOUND,
            heard=heard or Nothing(),
        )
        return replace(base, **more)

    def dial(self, **more: Any) -> Phone:
        """The first webhook."""
        return self.ask("/voice/incoming", self.event(**{"status": CallStatus.RINGING, **more}))

    def ask(self, target: str, event: CallEvent) -> Phone:
        """A webhook whose answer is what the caller hears next."""
        answer = self.desk.post(target, event, client=self.client)
        assert answer.status_code == 200, answer.data
        assert answer.mimetype == "text/xml"
        self.sent.append((target, event))
        self.verbs = json.loads(answer.data)
        return self

    def answer(self, heard: Heard, **more: Any) -> Phone:
        """Answer what the last document waits for."""
        return self.ask(self.action, self.event(heard, **more))

    def press(self, keys: str) -> Phone:
        """Press keys."""
        return self.answer(Digits(digits=keys))

    def say(self, text: str, confidence: float = 0.95) -> Phone:
        """Say something."""
        return self.answer(Speech(text=text, confidence=confidence))

    def go_on(self) -> Phone:
        """Follow a Redirect."""
        return self.answer(Nothing())

    def silent(self) -> Phone:
        """Do nothing until the question gives up."""
        return self.answer(Silence())

    def answer_queue(self, result: str) -> Phone:
        """Come back from a queue."""
        return self.answer(QueueEnded(result=result))

    def record(self, wav: bytes | None = None, *, seconds: int = 3, ended_by: str = "#", **more: Any) -> str:
        """Leave a recording; gives its sid."""
        listed = self.desk.provider.keep_recording(
            sound(seconds) if wav is None else wav,
            call_sid=self.sid,
            duration_s=seconds,
            created_at=self.desk.clock(),
        )
        self.answer(Recorded(url=listed.url, sid=listed.recording_sid, duration_s=seconds, ended_by=ended_by), **more)
        return listed.recording_sid

    def record_at(self, url: str, *, sid: str = "RE" + "f" * 32, seconds: int = 3) -> str:
        """Leave a recording that the provider has at this URL, or has not."""
        self.answer(Recorded(url=url, sid=sid, duration_s=seconds, ended_by="#"))
        return sid

    def ask_written(self, target: str, written: dict[str, Any]) -> Phone:
        """A webhook with parameters that no event has, as `raw` shows them."""
        unsigned = HttpRequest(method="POST", target=target, headers={}, form={"event": [json.dumps(written)]})
        signed = {"x-memory-signature": signature(b"secret", "https://desk.example", unsigned)}
        answer = self.client.post(target, data=dict(unsigned.form), headers=signed)
        assert answer.status_code == 200, answer.data
        self.verbs = json.loads(answer.data)
        return self

    def notice_of_voicemail(self) -> str:
        """Leave a voicemail in the fallback document; the provider tells when it is ready. Gives its sid."""
        listed = self.desk.provider.keep_recording(
            sound(3), call_sid=self.sid, duration_s=3, created_at=self.desk.clock()
        )
        event = RecordingEvent(
            call_sid=self.sid, recording_sid=listed.recording_sid, url=listed.url, status="completed", duration_s=3
        )
        for _ in range(2):
            assert self.desk.post("/voice/recordings/fallback", event).status_code == 204
        return listed.recording_sid

    def recording_ready(self, url: str, sid: str, seconds: int = 3, **more: Any) -> None:
        """The notice that a recording is ready."""
        event = RecordingEvent(
            call_sid=self.sid, recording_sid=sid, url=url, status="completed", duration_s=seconds, **more
        )
        target = f"/voice/recordings/{self.token}"
        self.sent.append((target, event))
        assert self.desk.post(target, event).status_code == 204

    def status(self, status: CallStatus, *, sequence: int | None = None, **more: Any) -> None:
        """A status callback."""
        event = self.event(status=status, sequence_number=self.sequence if sequence is None else sequence, **more)
        self.sequence += 1
        self.sent.append(("/voice/status", event))
        assert self.desk.post("/voice/status", event).status_code == 204

    def hang_up(self) -> None:
        """The caller hangs up."""
        self.status(CallStatus.COMPLETED, duration_s=42)

    @property
    def action(self) -> str:
        """Path and query of what the last verb leads to."""
        last = self.verbs[-1]
        parts = urlsplit(last.get("action") or last.get("url") or "")
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def token(self) -> str:
        """The token of the call, from its URLs."""
        return next(target.split("/")[3] for target, _ in reversed(self.sent) if target.startswith("/voice/calls/"))

    @property
    def last(self) -> str:
        """The kind of the last verb."""
        return str(self.verbs[-1]["verb"])

    @property
    def heard(self) -> str:
        """All that the caller heard in the last document."""
        prompts = [prompt for verb in self.verbs for prompt in (verb, *verb.get("prompts", ()))]
        return " ".join(prompt["text"] for prompt in prompts if prompt.get("text"))


def new_desk(db: Database, tmp_path: Path, **more: Any) -> Desk:
    """A desk on a database."""
    clock = Clock()
    provider = MemoryProvider("secret", clock=clock)
    deps = Deps(
        db=db,
        provider=provider,
        public_base_url="https://desk.example",
        clock=clock,
        effects=with_effects(WISHES),
        migrated=lambda _db: True,
        **more,
    )
    app = Flask("desk")
    app.register_blueprint(create_blueprint(deps))
    return Desk(
        db=db,
        provider=provider,
        clock=clock,
        deps=deps,
        client=app.test_client(),
        recordings_dir=tmp_path / "recordings",
    )


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Desk:
    """A desk whose hotline answers, on SQLite and on PostgreSQL."""
    made = new_desk(db, tmp_path)
    made.publish()
    return made


@pytest.fixture
def small_desk(sqlite_db: Database, tmp_path: Path) -> Desk:
    """The same on SQLite only, where the kind of database does not matter."""
    made = new_desk(sqlite_db, tmp_path)
    made.publish()
    return made


@pytest.fixture
def hotline() -> str:
    """The text of the flow that the desk runs."""
    return HOTLINE


@pytest.fixture
def restarted(tmp_path: Path) -> Callable[[Desk], Desk]:
    """A new process on the same database: nothing is remembered but what was stored."""

    def again(desk: Desk) -> Desk:
        return new_desk(Database(desk.db.url.render_as_string(hide_password=False)), tmp_path)

    return again


@pytest.fixture(name="make_desk")
def _make_desk() -> Callable[..., Desk]:
    """Makes a desk on a database."""
    return new_desk


@pytest.fixture
def wav() -> Callable[[float], bytes]:
    """Makes a WAV of so many seconds."""
    return sound
