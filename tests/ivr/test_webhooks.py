"""The door: who may come in, and what the caller hears when everything breaks."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask, request
from sqlalchemy import text

from ivr.begin import find_service, store_call
from ivr.calls import Call
from ivr.deps import PromptFile
from ivr.turns import TurnRow
from ivr.webhooks import http_request
from telephony.calls import CallEvent, CallStatus, Digits, Direction, Speech
from telephony.memory_dialect import signature
from tickets.ticket import Ticket
from work.jobs import Job


@pytest.mark.parametrize(
    "target",
    [
        "/voice/incoming",
        "/voice/calls/x/turns/1",
        "/voice/calls/x/whisper/1",
        "/voice/calls/x/wait/1",
        "/voice/status",
        "/voice/recordings/x",
        "/voice/messages/status",
        "/voice/fallback",
    ],
)
def test_a_request_that_is_not_signed_is_refused_and_stores_nothing(small_desk: Any, target: str) -> None:
    before = small_desk.dump()
    assert small_desk.post(target, small_desk.phone().event(), forged=True).status_code == 403
    assert small_desk.client.post(target).status_code == 403
    assert small_desk.client.get(target).status_code == 403
    assert small_desk.dump() == before


def test_a_signed_request_that_names_no_call_is_a_bad_request(small_desk: Any) -> None:
    sent = small_desk.provider.request("/voice/status", small_desk.phone().event())
    empty = replace(sent, form={"event": ["[]"]})
    signed = {"x-memory-signature": signature(b"secret", "https://desk.example", empty)}
    assert small_desk.client.post("/voice/status", data=dict(empty.form), headers=signed).status_code == 400


def test_an_oversized_body_is_refused(small_desk: Any) -> None:
    body = {"event": "x" * (small_desk.deps.max_body_bytes + 1)}
    assert small_desk.client.post("/voice/incoming", data=body).status_code == 413


def test_the_raw_target_reaches_the_signature_check_undecoded() -> None:
    app = Flask("raw")
    seen: list[str] = []

    @app.post("/<path:rest>")
    def any_path(rest: str) -> str:
        seen.append(http_request(request).target)
        return rest

    client = app.test_client()
    client.post("/a", environ_overrides={"RAW_URI": "/a?x=%E4%BD%A0%7C%27&y="})
    client.post("/a", environ_overrides={"RAW_URI": "http://desk.example/a?x=%20", "REQUEST_URI": "/b"})
    client.post("/a", environ_overrides={"RAW_URI": "", "REQUEST_URI": "/a?z=1"})
    assert seen == ["/a?x=%E4%BD%A0%7C%27&y=", "/a?x=%20", "/a?z=1"]


def test_blank_form_values_are_kept_for_the_signature() -> None:
    app = Flask("raw")
    seen: list[Any] = []

    @app.post("/")
    def any_path() -> str:
        seen.append(http_request(request))
        return ""

    app.test_client().post("/", data="CalledZip=&From=%2B44&x=1&x=2", content_type="application/x-www-form-urlencoded")
    assert seen[0].form == {"CalledZip": [""], "From": ["+44"], "x": ["1", "2"]}
    assert seen[0].body == b"CalledZip=&From=%2B44&x=1&x=2"


HOSTILE = [
    'O\'Brien & <Co> "quoted"',
    "<script>alert(1)</script>",
    "${{7*7}} {{ caller.number }} {% raw %}",
    '=HYPERLINK("http://x")',
    "'; DROP TABLE calls; --",
    "漢字🙂 \u202e backwards",
    "x" * 4096,
]


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_words_are_kept_as_they_were_said(desk: Any, said: str) -> None:
    phone = desk.call("2")
    phone.say(said)
    assert desk.row(Ticket).text == said
    assert desk.rows(TurnRow)[2].heard["text"] == said


def test_more_than_anybody_can_say_is_cut(small_desk: Any) -> None:
    phone = small_desk.call("2")
    phone.say("word " * 10_000)
    assert len(small_desk.rows(TurnRow)[2].heard["text"]) == 8_000


def break_table(desk: Any, table: str) -> None:
    """A real failure of the database: a table is gone."""
    with desk.db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_gone"))


def mend_table(desk: Any, table: str) -> None:
    with desk.db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table}_gone RENAME TO {table}"))


def test_when_opening_a_ticket_fails_the_caller_is_apologised_to_and_led_to_a_person(desk: Any) -> None:
    phone = desk.call("2")
    break_table(desk, "tickets")
    phone.say("My parcel is wet")
    mend_table(desk, "tickets")
    assert "sorry" in phone.heard
    assert phone.last == "Enqueue"
    call = desk.row(Call)
    assert call.error.startswith("The turn broke with ")
    assert "wet" not in call.error
    assert call.node == "person"


def test_when_the_database_is_gone_the_caller_can_leave_a_voicemail_in_the_language_of_the_call(desk: Any) -> None:
    phone = desk.call("3", "2", "2")
    break_table(desk, "calls")
    phone.say("包裹湿了")
    mend_table(desk, "calls")
    assert "很抱歉" in phone.heard
    assert phone.last == "Record"
    assert phone.verbs[-1]["recording_status"].endswith("/voice/recordings/fallback")
    phone.ask("/voice/fallback?done=yes", phone.event())
    assert phone.last == "Hangup"


def test_the_voicemail_of_a_broken_call_becomes_its_ticket(desk: Any) -> None:
    phone = desk.call("2")
    break_table(desk, "turns")
    phone.say("My parcel is wet")
    mend_table(desk, "turns")
    assert phone.last == "Record"
    phone.notice_of_voicemail()
    phone.hang_up()
    desk.work()
    ticket = desk.row(Ticket)
    assert desk.row(Call).ticket_id == ticket.id
    assert desk.row(Call).outcome == "voicemail"


def test_a_call_that_begins_while_the_database_is_gone_can_leave_a_voicemail_that_becomes_a_ticket(desk: Any) -> None:
    phone = desk.phone()
    break_table(desk, "calls")
    phone.dial()
    mend_table(desk, "calls")
    assert phone.last == "Record"
    phone.notice_of_voicemail()
    desk.provider_knows(phone)
    desk.work()
    ticket = desk.row(Ticket)
    assert ticket.caller_number == phone.caller
    assert ticket.call_sid == phone.sid
    assert desk.row(Call).outcome == "voicemail"


def test_the_fallback_request_gives_an_answer_again_that_was_lost_on_the_way(desk: Any) -> None:
    phone = desk.call()
    lost = phone.action
    answer = phone.press("2").verbs
    before = desk.dump()
    again = desk.provider.request("/voice/fallback", phone.event())
    sent = json.loads(again.form["event"][0]) | {"ErrorUrl": f"https://desk.example{lost}", "error_code": "11205"}
    phone.ask_written("/voice/fallback", sent)
    assert phone.verbs == answer
    assert desk.dump() == before


def test_the_fallback_request_leads_on_when_no_answer_was_made(desk: Any) -> None:
    phone = desk.call()
    phone.ask("/voice/fallback", phone.event(error_code="11200"))
    assert "sorry" in phone.heard
    assert phone.last == "Enqueue"
    assert "11200" in desk.row(Call).error


def test_the_fallback_request_of_an_unknown_call_takes_a_voicemail(desk: Any) -> None:
    phone = desk.phone()
    phone.ask("/voice/fallback", phone.event())
    assert phone.last == "Record"


def test_numbers_words_and_keys_never_reach_the_log(desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
        phone = desk.call("2")
        break_table(desk, "tickets")
        phone.say("Mein Paket ist nass 4711")
        mend_table(desk, "tickets")
        desk.call("4")
        desk.work()
    ours = [r.getMessage() for r in caplog.records if r.name.split(".")[0] in {"ivr", "tickets", "work", "flows"}]
    assert any(phone.sid in line for line in ours)
    for private in ("nass", "4711", phone.caller, "13912345678"):
        assert not any(private in line for line in ours)


def test_a_house_prompt_is_played_where_there_is_one_and_said_where_not(
    sqlite_db: Any, tmp_path: Path, make_desk: Any, hotline: str
) -> None:
    wav = tmp_path / "k1.wav"
    wav.write_bytes(b"RIFF")
    desk = make_desk(
        sqlite_db,
        tmp_path,
        prompt_key=lambda text, language, voice: (
            "k1" if (text, language, voice) == ("Goodbye.", "en-US", "house") else None
        ),
        prompt_file=lambda key: PromptFile(path=wav, text="Goodbye. 再见") if key == "k1" else None,
    )
    desk.publish(hotline.replace("start: menu", "start: menu\nvoice: {en-US: house}"))
    phone = desk.call("4")
    assert phone.verbs[0]["verb"] == "Play"
    assert phone.verbs[0]["url"] == "https://desk.example/voice/prompts/k1.wav"
    sound = desk.client.get("/voice/prompts/k1.wav")
    assert sound.status_code == 200
    assert sound.mimetype == "audio/wav"
    assert unquote(sound.headers["X-Prompt-Text"]) == "Goodbye. 再见"
    assert desk.client.get("/voice/prompts/none.wav").status_code == 404
    assert desk.client.get("/voice/prompts/..%2f..%2fetc.wav").status_code == 404
    assert all(p["voice"] == "" for p in desk.call().verbs[-1]["prompts"])


def test_a_flows_own_sound_is_served_from_its_folder_only(sqlite_db: Any, tmp_path: Path, make_desk: Any) -> None:
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "hello.wav").write_bytes(b"RIFF")
    (tmp_path / "secret.txt").write_text("x")
    client = make_desk(sqlite_db, tmp_path, audio_dir=tmp_path / "audio").client
    assert client.get("/voice/audio/hello.wav").status_code == 200
    assert client.get("/voice/audio/../secret.txt").status_code == 404
    assert client.get("/voice/audio/%2e%2e/secret.txt").status_code == 404


def test_health_tells_database_migration_and_queue(desk: Any) -> None:
    desk.call("4")
    desk.clock.pass_s(30)
    answer = desk.client.get("/health")
    assert answer.status_code == 200
    assert answer.json == {"ok": True, "database": True, "migrated": True, "queue_lag_s": 30.0}
    break_table(desk, "jobs")
    assert desk.client.get("/health").status_code == 503
    assert desk.client.get("/health").json["database"] is True


def test_an_outbound_call_begins_at_its_own_url(desk: Any) -> None:
    with desk.db.write() as db:
        service = find_service(desk.deps, db, "+442071838750", desk.clock())
        row = store_call(
            db,
            sid=None,
            direction=Direction.OUTBOUND,
            from_number="+442071838750",
            to_number="+8613912345678",
            status=CallStatus.QUEUED,
            person=None,
            line_id=service.line_id,
            flow=service.flow,
            now=desk.clock(),
        )
    event = CallEvent(
        call_sid="CA" + "9" * 32,
        from_number="+442071838750",
        to_number="+8613912345678",
        status=CallStatus.IN_PROGRESS,
        direction=Direction.OUTBOUND,
    )
    phone = desk.phone()
    phone.ask(f"/voice/calls/{row.token}/turns/0", event)
    assert "How can I help you?" in phone.heard
    phone.ask(phone.action, replace(event, heard=Digits(digits="2")))
    phone.ask(phone.action, replace(event, heard=Speech(text="It is wet")))
    assert desk.row(Ticket).caller_number == "+8613912345678"
    call = desk.row(Call)
    assert (call.sid, call.status, call.answered_at) == (event.call_sid, "in-progress", desk.clock())


def test_the_webhook_asks_for_work_and_does_none_of_it(desk: Any) -> None:
    phone = desk.call("1")
    phone.record()
    assert {job.kind: str(job.state) for job in desk.rows(Job)}["fetch_recording"] == "waiting"
    assert not list(desk.recordings_dir.glob("**/*.wav"))
