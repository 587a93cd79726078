"""The browser phone against the real engine over the simulated network: what a caller meets, in a real browser."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import phonenumbers
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select

from console.deps import Deps
from console.phone import plausible_caller
from flows.documents import parse
from flows.versions import find_flow, publish
from ivr import webhooks
from ivr.calls import Call
from ivr.deps import Deps as CallDeps
from ivr.lines import Line
from ivr.recordings import Recording
from simulator import SimulatedNetwork
from storage.database import Database
from telephony.twilio.provider import TwilioProvider
from tests.console.conftest import add_users, csrf_of, enter, make_app, serve, sign_in, write_wav
from tickets.ticket import Ticket

SERVICE = "+442071838750"
FIRST = "+864008001234"
ACCOUNT, TOKEN = "AC" + "1" * 32, "only for tests"
HOTLINE = """
format: 1
name: hotline
title: {en-US: Courier hotline, zh-CN: 快递热线}
languages: [en-US, zh-CN]
start: language
defaults: {person: open, failure: open}
nodes:
  language:
    type: language
    choices:
      - {key: "1", language: en-US, prompt: "For English press 1."}
      - {key: "2", language: zh-CN, prompt: "中文请按2。"}
    exits: {next: menu}
  menu:
    type: menu
    prompt: {en-US: "How can I help?", zh-CN: "请问有什么可以帮您？"}
    choices:
      - {key: "1", name: complain, label: {en-US: a complaint, zh-CN: 投诉}}
      - {key: "2", name: tell, label: {en-US: telling us something, zh-CN: 反馈}}
    exits: {complain: leave_word, tell: listen}
  leave_word:
    type: record
    prompt: {en-US: "Speak now.", zh-CN: "请留言。"}
    exits: {next: open, empty: open}
  listen:
    type: listen
    prompt: {en-US: "What happened?", zh-CN: "发生了什么？"}
    value: story
    exits: {next: open}
  open:
    type: open_ticket
    category: complaint
    reason: complaint
    exits: {next: bye}
  bye:
    type: hang_up
    prompt: {en-US: "Goodbye.", zh-CN: "再见。"}
"""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A desk that can be called."""

    base: str
    db: Database
    app: Flask


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def set_up_line(db: Database) -> None:
    """One number with the hotline on it."""
    now = datetime.now(UTC)
    with db.write() as s:
        publish(s, parse(HOTLINE), by="a test", note="", now=now, override_reason="a test")
        s.add(Line(number=SERVICE, label="Hotline", flow_id=find_flow(s, "hotline").id))


@pytest.fixture
def reachable(sqlite_db: Database, recordings: Path) -> Iterator[Desk]:
    """A desk, its webhooks and a simulated carrier in real time."""
    add_users(sqlite_db)
    set_up_line(sqlite_db)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with SimulatedNetwork(ACCOUNT, TOKEN, clock="real") as network:
        app = make_app(Deps(db=sqlite_db, recordings_dir=recordings, simulator_url=network.base_url))
        provider = TwilioProvider(ACCOUNT, TOKEN, base, network.base_url)
        app.register_blueprint(
            webhooks.create_blueprint(CallDeps(db=sqlite_db, provider=provider, public_base_url=base))
        )
        network.add_number(SERVICE, voice_url=f"{base}/voice/incoming", status_callback=f"{base}/voice/status")
        server = serve(app, port)
        next(server)
        yield Desk(base=base, db=sqlite_db, app=app)
        server.close()


@pytest.mark.browser
def test_a_complaint_in_chinese_is_left_and_its_ticket_stands_on_the_page(
    tab: Page, reachable: Desk, tmp_path: Path
) -> None:
    write_wav(tmp_path / "complaint.wav", 4.0)
    enter(tab, reachable.base)
    tab.goto(f"{reachable.base}/phone")
    tab.get_by_role("button", name="Dial").click()
    talk, path = tab.locator("[data-talk]"), tab.locator("[data-path]")
    expect(talk).to_contain_text("For English press 1.")
    expect(tab.locator("[data-state]")).to_have_text("Talking")
    tab.get_by_role("button", name="2 ABC").or_(tab.locator("[data-key='2']")).first.click()
    expect(talk).to_contain_text("请问有什么可以帮您？")
    tab.locator("#main").focus()
    tab.keyboard.press("1")
    expect(talk).to_contain_text("请留言。")
    expect(tab.locator("[data-recorder]")).to_be_visible()
    tab.set_input_files("#wav", str(tmp_path / "complaint.wav"))
    expect(talk).to_contain_text("Recording kept", timeout=30_000)
    expect(talk).to_contain_text("再见。", timeout=40_000)
    expect(tab.locator("[data-state]")).to_have_text("Call ended", timeout=40_000)
    expect(path.locator("li")).to_have_text(["language", "menu", "leave_word", "open", "bye"])
    with reachable.db.read() as s:
        ticket = s.scalars(select(Ticket)).one()
        number = ticket.number
        assert ticket.language == "zh-CN"
        assert s.scalars(select(Recording)).one().duration_s in (4, 5), "the whole sound was recorded"
    tab.locator("[data-ticket] a").click()
    expect(tab.locator("#ticket-head")).to_contain_text(number)
    expect(tab.locator("#timeline")).to_contain_text("请留言。")


@pytest.mark.browser
def test_typed_words_are_said_and_a_hang_up_ends_the_call(tab: Page, reachable: Desk) -> None:
    enter(tab, reachable.base)
    tab.goto(f"{reachable.base}/phone")
    tab.get_by_role("button", name="Dial").click()
    talk = tab.locator("[data-talk]")
    expect(talk).to_contain_text("For English")
    tab.locator("[data-key='1']").click()
    expect(talk).to_contain_text("How can I help?")
    tab.fill("#words", "telling us something")
    tab.keyboard.press("Enter")
    expect(talk).to_contain_text("What happened?")
    tab.get_by_role("button", name="Hang up").click()
    expect(tab.locator("[data-state]")).to_have_text("Call ended")
    expect(tab.get_by_role("button", name="Dial")).to_be_enabled()
    expect(tab.locator("[data-path] li")).to_have_text(["language", "menu", "listen"])
    with reachable.db.read() as s:
        assert s.scalars(select(Call)).one().sid


@pytest.mark.browser
def test_a_message_by_microphone_may_last_longer_than_the_silence_that_ends_it(tab: Page, reachable: Desk) -> None:
    enter(tab, reachable.base)
    tab.goto(f"{reachable.base}/phone")
    tab.get_by_role("button", name="Dial").click()
    talk = tab.locator("[data-talk]")
    for key, heard in (("1", "For English"), ("1", "How can I help?")):
        expect(talk).to_contain_text(heard)
        tab.locator(f"[data-key='{key}']").click()
    expect(tab.locator("[data-recorder]")).to_be_visible()
    tab.get_by_role("button", name="Speak by microphone").click()
    stop = tab.get_by_role("button", name="Stop and send")
    expect(stop).to_be_visible()
    tab.wait_for_timeout(8000)
    stop.click()
    expect(talk).to_contain_text("s of sound")
    expect(talk).to_contain_text("Recording kept", timeout=30_000)
    expect(talk).not_to_contain_text("Nothing was recorded")
    with reachable.db.read() as s:
        assert s.scalars(select(Recording.duration_s)).one() >= 7


def test_the_first_line_is_offered_first_and_called_by_a_number_of_its_country(
    admin: FlaskClient, values: Deps
) -> None:
    with values.db.write() as s:
        s.add(Line(number="+12025550123", label="Utilities"))
        s.add(Line(number="+82215881234", label="Messages"))
    page = admin.get("/phone").get_data(as_text=True)
    options = page.split('id="to"')[1].split("</select>")[0]
    assert [part.split('"')[0] for part in options.split('value="')[1:]] == [FIRST, "+12025550123", "+82215881234"]
    assert f'value="{FIRST}" selected' in options
    assert 'id="from" type="tel" value="+8613800138000"' in page
    other = admin.get("/phone", query_string={"number": "+82215881234"}).get_data(as_text=True)
    assert 'value="+82215881234" selected' in other
    assert 'id="from" type="tel" value="+821' in other


@pytest.mark.parametrize("called", [SERVICE, "+12025550123", "+82215881234", "+493012345678", "+61291920123"])
def test_a_plausible_caller_has_a_possible_number(called: str) -> None:
    assert phonenumbers.is_possible_number(phonenumbers.parse(plausible_caller(called)))


def test_a_phone_belongs_to_the_login_that_dialled(reachable: Desk) -> None:
    mine, other = sign_in(reachable.app.test_client()), sign_in(reachable.app.test_client(), "ops")
    headers = {"X-CSRFToken": csrf_of(mine)}
    answer = mine.post("/phone/calls", json={"to": SERVICE, "from": "+12025550143"}, headers=headers)
    phone = answer.get_json()["id"]
    assert mine.get(f"/phone/calls/{phone}/events").status_code == 200
    assert other.get(f"/phone/calls/{phone}/events").status_code == 404
    assert other.post(f"/phone/calls/{phone}/hangup", headers={"X-CSRFToken": csrf_of(other)}).status_code == 404
    assert mine.post(f"/phone/calls/{phone}/hangup", json={}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("to", "from_"), [("+12125551212", "+12025550143"), (SERVICE, "me"), (SERVICE, ""), ("", "+12025550143")]
)
def test_only_our_own_numbers_are_called_and_by_a_number(reachable: Desk, to: str, from_: str) -> None:
    client = sign_in(reachable.app.test_client())
    answer = client.post("/phone/calls", json={"to": to, "from": from_}, headers={"X-CSRFToken": csrf_of(client)})
    assert answer.status_code == 400
    assert answer.get_json()["error"]


def test_what_is_no_sound_and_what_was_not_played_is_refused(reachable: Desk) -> None:
    client = sign_in(reachable.app.test_client())
    headers = {"X-CSRFToken": csrf_of(client)}
    phone = client.post("/phone/calls", json={"to": SERVICE, "from": "anonymous"}, headers=headers).get_json()["id"]
    assert client.post(f"/phone/calls/{phone}/sound", data=b"MZ", headers=headers).status_code == 400
    for url in ("http://127.0.0.1:1/secret", "file:///etc/passwd", ""):
        assert client.get(f"/phone/calls/{phone}/play", query_string={"url": url}).status_code in (404, 409)
    assert client.post(f"/phone/calls/{phone}/explode", json={}, headers=headers).status_code == 404
    client.post(f"/phone/calls/{phone}/hangup", json={}, headers=headers)


def test_without_a_carrier_the_phone_says_so(app: Flask) -> None:
    client = sign_in(app.test_client())
    assert "No simulated carrier is set up here" in client.get("/phone").get_data(as_text=True)
    answer = client.post(
        "/phone/calls",
        json={"to": "+864008001234", "from": "+12025550143"},
        headers={"X-CSRFToken": csrf_of(client)},
    )
    assert answer.status_code == 502
    assert "does not answer" in answer.get_json()["error"]
