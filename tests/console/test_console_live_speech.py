"""Live speech on the pages: what a call hears now, how an answer was heard, who listens, and whether anybody can."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select

from console.deps import Deps
from flows.documents import from_json
from flows.versions import find_flow, publish
from ivr.calls import Call
from ivr.lines import Line
from ivr.streams.rows import MediaServer, Stream
from ivr.turns import TurnRow
from storage.database import Database
from tests.console.conftest import NOW, csrf_of, enter, sign_in
from tests.console.seeding import HOSTILE
from tests.studio.studio_desk import small_flow, studio_app
from tickets.audit import AuditRow


def live_call(values: Deps) -> int:
    """A call that goes on."""
    with values.db.read() as s:
        return int(s.scalars(select(Call.id).where(Call.status == "in-progress").order_by(Call.id)).first() or 0)


def stream(call_id: int, key: str, state: str, **more: object) -> Stream:
    """A stream of a call, offered three minutes ago."""
    return Stream(call_id=call_id, key=key, state=state, offered_at=NOW - timedelta(minutes=3), **more)


@pytest.mark.browser
def test_partial_words_appear_on_the_live_page_by_themselves(tab: Page, served: str, values: Deps) -> None:
    call_id = live_call(values)
    with values.db.write() as s:
        s.add(stream(call_id, "a", "live", began_at=NOW))
    enter(tab, served)
    tab.goto(f"{served}/live")
    expect(tab.locator("[data-beat-word]")).to_have_text("Up to date")
    card = tab.locator(".live-call", has=tab.locator(f'[href="/calls/{call_id}"]'))
    expect(card).to_contain_text("Our recogniser")
    expect(tab.locator(".live-call").filter(has_text="The carrier’s recogniser")).to_have_count(1)
    expect(tab.locator(".hears")).to_have_count(0)
    for words in ("track", f"tracking num {HOSTILE}"):
        with values.db.write() as s:
            s.scalars(select(Stream)).one().hearing = words
        expect(card.locator(".hears")).to_have_text(f"hears: {words}…")
    with values.db.write() as s:
        s.scalars(select(Stream)).one().hearing = ""
    expect(tab.locator(".hears")).to_have_count(0)


def test_a_calls_page_says_how_its_answers_were_heard_and_how_its_streams_went(
    admin: FlaskClient, values: Deps
) -> None:
    call_id = live_call(values)
    notes = (
        {"engine": "pocketsphinx+whisper", "decode_ms": 182.4, "interrupted": {"prompt": 0, "after_ms": 840},
         "latency_ms": {"endpoint": 450.0, "decode": 182.4}},
        {"engine": "vosk", "interrupted": {"prompt": 1, "after_ms": 1260},
         "latency_ms": {"turn_before": 31.0, "voice_before": 4.2, "first_audio_before": 668.9}},
        {"engine": 7, "decode_ms": "soon", "interrupted": [], "latency_ms": {"endpoint": None}},
    )  # fmt: skip
    with values.db.write() as s:
        for number, note in enumerate(notes, 90):
            heard = {"kind": "speech", "text": "tracking number", "confidence": 0.9, "note": note}
            s.add(TurnRow(call_id=call_id, number=number, at=NOW, heard=heard, said=[], events=[]))
        s.add(stream(call_id, "a", "failed", why="cut", began_at=NOW - timedelta(minutes=2), ended_at=NOW))
        s.add(stream(call_id, "b", "failed", why="a new reason", ended_at=NOW))
        s.add(stream(call_id, "c", "live", began_at=NOW, hearing="five sev"))
    page = admin.get(f"/calls/{call_id}").get_data(as_text=True)
    assert (
        "heard by PocketSphinx + Whisper in 182 ms · interrupted the prompt after 0.8 s · answered after 0.7 s" in page
    )
    assert "(end of speech 450 ms, recogniser 182 ms, turn 31 ms, voice 4 ms)" in page
    assert "heard by Vosk · interrupted part 2 of the prompt after 1.3 s" in page
    assert "The connection was cut; the question was asked again." in page
    assert "a new reason" in page
    assert "The call is in it now." in page
    assert "five sev…" in page
    assert "five sev…" in admin.get(f"/calls/{call_id}/conversation").get_data(as_text=True)


def test_the_overview_says_whether_anybody_can_listen(agent: FlaskClient, values: Deps) -> None:
    def overview() -> str:
        return agent.get("/overview/speech").get_data(as_text=True)

    assert "No media server runs; calls use the carrier’s recogniser." in overview()
    assert "Not running" in agent.get("/").get_data(as_text=True)
    with values.db.write() as s:
        s.add(MediaServer(name="one", at=NOW - timedelta(seconds=3), streams=2, room={"en": 4, "zh": 0}))
        s.add(MediaServer(name="two", at=NOW - timedelta(seconds=1), streams=1, room={"en": 1}))
        s.add(MediaServer(name="gone", at=NOW - timedelta(minutes=5), streams=9, room={"ko": 9}))
    page = overview()
    for words in ("Runs", "listens to 3 calls now", "2 media servers", "English: room for 5 more", "Chinese: no room"):
        assert words in page
    assert "Korean" not in page
    with values.db.write() as s:
        for server in s.scalars(select(MediaServer)):
            server.room = {"en": 0}
    assert "Full" in overview()
    with values.db.write() as s:
        for server in s.scalars(select(MediaServer)):
            server.at = NOW - timedelta(minutes=2)
    assert "has been silent since 20 Nov 14:28" in overview()


@pytest.fixture
def numbers(sqlite_db: Database, tmp_path: Path) -> Flask:
    """Two flows, one of them heard by ourselves, and a number on each."""
    app = studio_app(sqlite_db, tmp_path)
    with sqlite_db.write() as s:
        publish(s, from_json(small_flow()), by="Ada", note="", now=NOW)
        publish(s, from_json(small_flow("ours", title={"en": "Ours"}, ear="house")), by="Ada", note="", now=NOW)
        for number, name in (("+442071838750", "hotline"), ("+442071838751", "ours")):
            s.add(Line(number=number, label=name, flow_id=find_flow(s, name).id))
    return app


def test_an_administrator_chooses_a_numbers_ear_and_it_is_recorded(numbers: Flask, sqlite_db: Database) -> None:
    client = sign_in(numbers.test_client(), "admin")
    form = {"csrf_token": csrf_of(client), "number": "+442071838750", "label": "hotline", "flow": "1", "when": "always"}
    assert client.post("/numbers/1", data={**form, "ear": "both"}).status_code == 422
    client.post("/numbers/1", data={**form, "ear": "house"})
    page = client.get("/numbers").get_data(as_text=True)
    assert "ear: — → Our recogniser" in page
    assert page.count("Ear: Our recogniser") == 2
    assert page.count("(as the flow says)") == 1
    assert "no media server runs" in page
    assert '<option value="house" selected>' in client.get("/numbers/1").get_data(as_text=True)
    client.post("/numbers/1", data={**form, "ear": "carrier"})
    assert "ear: Our recogniser → The carrier’s recogniser" in client.get("/numbers").get_data(as_text=True)
    with sqlite_db.read() as s:
        assert s.get_one(Line, 1).ear == "carrier"
        changes = s.scalars(select(AuditRow.details).where(AuditRow.action == "line.change").order_by(AuditRow.id))
        assert [x["changes"]["ear"] for x in changes] == [["", "house"], ["house", "carrier"]]


def test_a_flow_shows_its_ear(numbers: Flask) -> None:
    client = sign_in(numbers.test_client(), "ops")
    assert client.get("/flows").get_data(as_text=True).count("Our recogniser") == 1
    assert "Our recogniser" in client.get("/flows/ours").get_data(as_text=True)
    assert "The carrier’s recogniser" in client.get("/flows/hotline").get_data(as_text=True)
