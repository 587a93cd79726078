"""What nobody should send: it is refused, or stored and shown as harmless text; the caller always hears something."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import select

from audio.pcm import Pcm
from audio.wav import wav_bytes
from config import Config, ConfigError
from console.entrance import limiter
from demo.settings import SERVICE_NUMBER
from flows.documents import parse
from flows.versions import find_flow, publish
from ivr.calls import Call
from ivr.lines import Line
from ivr.recordings import Recording, RecordingStatus
from ivr.turns import TurnRow
from simulator.signature import sign
from storage.database import Database
from tests.conftest import fresh_database
from tests.end_to_end.dumps import differences, raw_dump
from tests.end_to_end.processes import Process
from tests.end_to_end.rehearsal import AUTH_TOKEN, Stage, rehearse, rows, url_of
from tests.twiml_schema import assert_valid_twiml
from tickets.ticket import Ticket
from tickets.users import Role, add_user
from work.jobs import Job

SID = "CA" + "0123456789abcdef" * 2
CALLER = "+8613900090001"
TAPE = "+862155550166"
PASSWORD = "correct horse battery staple"

HOSTILE = {
    "markup": "<script>alert(1)</script></Say><Hangup/>&amp;<!--",
    "quotes": "Robert'); DROP TABLE calls; -- \"'`",
    "template": "${{7*7}} {{ 7*7 }} {% raw %} #{7*7} %s %(x)s",
    "formula": "=cmd|'/C calc'!A0",
    "long": "名" * 4096,
    "controls": "a\x00b\x08c\ud7ff\u202e\ufeffd",
    "emoji": "👩‍👩‍👧‍👦" * 40,
    "spaces": "  \t \r\n ",
}
FIELDS = (
    "AccountSid", "ApiVersion", "CallStatus", "CallerCity", "CallerCountry", "CallerName", "CallerState", "CallToken",
    "Confidence", "Digits", "Direction", "ForwardedFrom", "From", "FromCity", "RecordingUrl", "RecordingDuration",
    "SpeechResult", "StirVerstat", "UnknownParameter", "SequenceNumber", "Timestamp", "AnsweredBy", "DialCallStatus",
)  # fmt: skip


def incoming(**changes: str) -> dict[str, str]:
    """The parameters of a call's first webhook."""
    return {
        "CallSid": SID,
        "AccountSid": "AC" + "e" * 32,
        "From": CALLER,
        "To": SERVICE_NUMBER,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "ApiVersion": "2010-04-01",
        **changes,
    }


def post(stage: Stage, path: str, form: dict[str, str], **headers: str) -> requests.Response:
    """A webhook as the phone company sends it."""
    url = stage.web.url + path
    signed = {"X-Twilio-Signature": sign(AUTH_TOKEN, url, form.items()), **headers}
    return requests.post(url, data=form, headers=signed, timeout=30)


def next_path(document: str) -> str:
    """Where the first question of a document sends its answer."""
    found = re.search(r'action="http://[^/]+(/[^"]+)"', document)
    assert found, document
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "not a signature"},
        {"X-Twilio-Signature": sign("another token", "http://x", [])},
        {"X-Twilio-Signature": "é".encode().decode("latin-1")},
    ],
    ids=["none", "empty", "nonsense", "another token's", "not ASCII"],
)
@pytest.mark.parametrize(
    "path",
    [
        "/voice/incoming",
        "/voice/calls/AAAAAAAAAAAAAAAAAAAAAA/turns/1",
        "/voice/calls/AAAAAAAAAAAAAAAAAAAAAA/whisper/1",
        "/voice/calls/AAAAAAAAAAAAAAAAAAAAAA/wait/1",
        "/voice/status",
        "/voice/recordings/AAAAAAAAAAAAAAAAAAAAAA",
        "/voice/messages/status",
        "/voice/fallback",
    ],
)
def test_an_unsigned_request_is_refused_and_nothing_is_stored(unchanging: Stage, path: str, headers: dict[str, str]):
    before = raw_dump(unchanging.db)
    for method in ("POST", "GET"):
        answer = requests.request(
            method,
            unchanging.web.url + path,
            data=incoming() if method == "POST" else None,
            headers=headers,
            timeout=30,
        )
        assert answer.status_code == 403
    assert differences(before, raw_dump(unchanging.db)) == []


def test_a_signature_does_not_fit_a_changed_request(unchanging: Stage):
    before = raw_dump(unchanging.db)
    signature = sign(AUTH_TOKEN, f"{unchanging.web.url}/voice/incoming", incoming().items())
    for form, path in ((incoming(From="+8613800000000"), "/voice/incoming"), (incoming(), "/voice/incoming?x=1")):
        answer = requests.post(
            unchanging.web.url + path, data=form, headers={"X-Twilio-Signature": signature}, timeout=30
        )
        assert answer.status_code == 403
    assert differences(before, raw_dump(unchanging.db)) == []


def test_a_number_that_nobody_answers_gets_a_polite_sentence(unchanging: Stage):
    before = raw_dump(unchanging.db)
    answer = post(unchanging, "/voice/incoming", incoming(To="+862155550199"))
    assert answer.status_code == 200
    assert_valid_twiml(answer.text)
    assert "无法提供服务" in answer.text
    assert differences(before, raw_dump(unchanging.db)) == []


def test_a_hostile_value_in_any_field_of_a_webhook_is_text(stage: Stage):
    """Each value in each field: the first webhook, an answer, and the end of the call carry it."""
    for number, (field, value) in enumerate((f, v) for f in FIELDS for v in HOSTILE.values()):
        form = {**incoming(CallSid=f"CA{number:032x}"), field: value}
        began = post(stage, "/voice/incoming", form)
        assert began.status_code == 200, (field, value)
        assert_valid_twiml(began.text)
        going = post(stage, next_path(began.text), {**form, "CallStatus": "in-progress", field: value})
        assert going.status_code == 200, (field, value)
        assert_valid_twiml(going.text)
        over = post(stage, "/voice/status", {**form, "CallStatus": "completed", field: value})
        assert over.status_code == 204, (field, value)
    assert len(rows(stage.db, Call)) == len(FIELDS) * len(HOSTILE)
    for turn in rows(stage.db, TurnRow):
        assert "\x00" not in str(turn.heard)
        assert len(str(turn.heard)) < 20_000


@pytest.fixture(scope="module")
def unchanging(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A desk that several tests share, since none of them may change it."""
    folder = tmp_path_factory.mktemp("unchanging")
    with fresh_database(request, "sqlite", folder) as database, rehearse(url_of(database), folder) as found:
        found.rest()
        yield found


def signed_in(stage: Stage) -> FlaskClient:
    """A browser of an administrator."""
    with stage.db.write() as session:
        add_user(session, email="a@example.org", name="Ada", role=Role.ADMIN, password=PASSWORD, now=stage.net.now())
    limiter.reset()
    client = stage.web.app.test_client()  # type: ignore[union-attr]
    page = client.get("/login").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    answer = client.post("/login", data={"email": "a@example.org", "password": PASSWORD, "csrf_token": token})
    assert answer.status_code == 302
    return client


def test_hostile_words_of_a_caller_are_shown_as_words(sqlite_stage: Stage):
    """The address is markup, a template or a formula; it reaches ticket, call and export as it was said."""
    stage = sqlite_stage
    for number, value in enumerate(HOSTILE.values()):
        sid, path = f"CA{number:032x}", "/voice/incoming"
        form = incoming(CallSid=sid, From=f"+86139000901{number:02d}", CallerName=value)
        for answer in ({}, {"Digits": "2"}, {"Digits": "2"}, {"SpeechResult": value, "Confidence": "0.9"}):
            document = post(stage, path, {**form, **answer})
            assert document.status_code == 200
            assert_valid_twiml(document.text)
            path = next_path(document.text)
        assert post(stage, "/voice/status", {**form, "CallStatus": "completed"}).status_code == 204
    stage.rest()
    tickets = rows(stage.db, Ticket)
    # Eight callers; the one who said nothing but spaces said nothing.
    assert len(tickets) == len(HOSTILE) - 1
    client = signed_in(stage)
    pages = ["/tickets", "/calls", *(f"/tickets/{ticket.number}" for ticket in tickets)]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        text = answer.get_data(as_text=True)
        assert "<script>alert(1)" not in text
        assert "<Hangup/>" not in text
        assert " 49 " not in text
    runner = stage.web.app.test_cli_runner()  # type: ignore[union-attr]
    exported = runner.invoke(args=["tickets", "export"])
    assert exported.exit_code == 0, exported.output
    assert not re.search(r'(^|,)"?=cmd', exported.output, flags=re.MULTILINE)


def test_a_body_that_is_too_large_is_refused(unchanging: Stage):
    before = raw_dump(unchanging.db)
    answer = post(unchanging, "/voice/incoming", incoming(SpeechResult="x" * 600_000))
    assert answer.status_code in (403, 413)
    assert differences(before, raw_dump(unchanging.db)) == []


def test_bytes_that_are_no_text_are_refused_or_taken_as_text(unchanging: Stage):
    before = raw_dump(unchanging.db)
    answer = requests.post(
        f"{unchanging.web.url}/voice/incoming",
        data=b"CallSid=%ff%fe&From=\xff\xfe",
        headers={"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "x"},
        timeout=30,
    )
    assert answer.status_code == 403
    assert differences(before, raw_dump(unchanging.db)) == []


def test_an_answer_for_another_call_or_a_turn_that_was_never_reached_changes_nothing(sqlite_stage: Stage):
    stage = sqlite_stage
    began = post(stage, "/voice/incoming", incoming())
    path = next_path(began.text)
    stage.rest()
    before = raw_dump(stage.db)
    for where, form in (
        (path, incoming(CallSid="CA" + "f" * 32, Digits="1")),
        (path.replace("/turns/1", "/turns/7"), incoming(Digits="1")),
        ("/voice/calls/AAAAAAAAAAAAAAAAAAAAAA/turns/1", incoming(Digits="1")),
    ):
        answer = post(stage, where, form)
        assert answer.status_code == 200
        assert_valid_twiml(answer.text)
    assert differences(before, raw_dump(stage.db)) == []


TAPE_FLOW = b"""
format: 1
name: tape
title: {en: Tape}
languages: [en-US]
start: record
nodes:
  record:
    type: record
    prompt: {en-US: "Please leave a message after the tone, then press the hash key."}
    max_length_s: 840
    exits: {next: ticket, empty: ticket, person: ticket, failed: ticket}
  ticket: {type: open_ticket, reason: message, exits: {next: bye}}
  bye: {type: hang_up, prompt: {en-US: Goodbye.}}
"""


def recorded(stage: Stage, seconds: float) -> Recording:
    """A message of this length on the tape; the worker is not there yet."""
    with stage.db.write() as session:
        publish(session, parse(TAPE_FLOW), by="test", note="", now=stage.net.now())
        session.add(Line(number=TAPE, flow_id=find_flow(session, "tape").id))
    stage.net.add_number(
        TAPE, voice_url=f"{stage.web.url}/voice/incoming", status_callback=f"{stage.web.url}/voice/status"
    )
    phone = stage.net.call(to=TAPE, from_=CALLER)
    phone.hear("after the tone")
    at = np.arange(int(seconds * 8000))
    phone.record_wav(wav_bytes(Pcm(samples=(8000 * np.sin(at / 6)).astype("int16"), rate_hz=8000)))
    phone.hear("Your ticket number", within_s=2000)
    phone.wait_for_end()
    stage.net.settle()
    (recording,) = rows(stage.db, Recording)
    return recording


def on_the_shelf(stage: Stage, recording: Recording) -> Path:
    """The carrier's own file of a recording."""
    (path,) = stage.net.carrier.settings.data_dir.glob(f"recordings/**/{recording.sid}.wav")
    return path


@pytest.fixture
def idle_stage(sqlite_db: Database, tmp_path: Path) -> Iterator[Stage]:
    """The desk whose worker has not come yet."""
    with rehearse(url_of(sqlite_db), tmp_path, working=False) as found:
        yield found


@pytest.mark.parametrize(
    "content",
    [b"", b"this is not audio" * 100, b"RIFF\x24\x00\x00\x00WAVEfmt ", b"\xff\xfb\x90\x00" * 500],
    ids=["empty", "text", "a torn header", "MP3"],
)
def test_a_recording_that_is_not_audio_is_marked_and_the_ticket_kept(idle_stage: Stage, content: bytes):
    recording = recorded(idle_stage, 3.0)
    on_the_shelf(idle_stage, recording).write_bytes(content)
    idle_stage.worker.run_pending()
    (recording,), (ticket,) = rows(idle_stage.db, Recording), rows(idle_stage.db, Ticket)
    assert recording.status == RecordingStatus.BROKEN
    assert recording.reason.endswith(".")
    assert recording.ticket_id == ticket.id
    page = signed_in(idle_stage).get(f"/tickets/{ticket.number}")
    assert page.status_code == 200


def test_a_recording_that_the_carrier_lost_is_marked_and_the_ticket_kept(idle_stage: Stage):
    recording = recorded(idle_stage, 3.0)
    on_the_shelf(idle_stage, recording).unlink()
    for _ in range(12):
        idle_stage.worker.run_pending(idle_stage.net.now())
        with idle_stage.db.write() as session:
            for job in session.scalars(select(Job).where(Job.kind == "fetch_recording")):
                job.due_at = idle_stage.net.now()
    (recording,), (ticket,) = rows(idle_stage.db, Recording), rows(idle_stage.db, Ticket)
    assert (recording.status, recording.ticket_id) == (RecordingStatus.UNAVAILABLE, ticket.id)
    assert recording.reason


def test_a_recording_of_fourteen_minutes_is_kept_untranscribed(idle_stage: Stage):
    recorded(idle_stage, 839.0)
    idle_stage.worker.run_pending()
    (recording,), (ticket,) = rows(idle_stage.db, Recording), rows(idle_stage.db, Ticket)
    assert recording.status == RecordingStatus.UNAVAILABLE
    assert "14 minutes" in recording.reason
    assert (idle_stage.house.recordings_dir / recording.path).stat().st_size > 13_000_000
    assert recording.ticket_id == ticket.id


@pytest.mark.parametrize("name", ["secret_key", "public_base_url", "twilio_account_sid", "twilio_auth_token"])
def test_the_application_does_not_start_without_a_secret_and_says_which(name: str, tmp_path: Path):
    whole = {
        "mode": "production",
        "secret_key": "wv7Qm2-Lx9_RkT4bZsY6nHf1cEu8Ga3pJdO5",
        "public_base_url": "https://desk.example.org",
        "twilio_account_sid": "AC" + "1" * 32,
        "twilio_auth_token": "t" * 32,
        "data_dir": tmp_path,
    }
    Config(**whole).require_ready()
    with pytest.raises(ConfigError, match=name.upper()):
        Config(**{**whole, name: ""}).require_ready()


def test_the_server_itself_does_not_start_without_secrets(tmp_path: Path):
    config = Config(mode="production", data_dir=tmp_path)
    command = ["gunicorn", "--config", "gunicorn.conf.py", "--bind", "127.0.0.1:0", "app:create_app()"]
    with Process([sys.executable, "-m", *command], config, tmp_path / "log") as web:
        assert web.running.wait(60) != 0
    assert "SECRET_KEY" in web.output
    assert "TWILIO_AUTH_TOKEN" in web.output


def test_calls_are_named_by_their_sid_in_logs_and_nothing_private_is(
    sqlite_stage: Stage, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO")
    stage = sqlite_stage
    phone = stage.net.call(to=SERVICE_NUMBER, from_=CALLER)
    phone.hear("For English, press 2")
    phone.press("2")
    phone.hear("How can I help")
    phone.press("2")
    phone.hear("Where shall we collect")
    phone.say("17 Secret Lane")
    phone.hear("On which day")
    phone.hangup()
    stage.rest()
    (call,) = rows(stage.db, Call)
    assert call.sid == phone.call_sid
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("aiohttp", "urllib3", "twilio"))]
    assert not [line for line in ours if "Secret Lane" in line or CALLER in line or CALLER[1:] in line]
