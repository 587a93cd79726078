"""The browser phone's live sound, against a carrier that a test plays: microphone, playback, latency, and troubles."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from audio.codecs import mulaw
from audio.pcm import Pcm
from console.deps import Deps
from tests import find_browser
from tests.console.conftest import csrf_of, enter, make_app, serve, sign_in
from tests.console.scripted_carrier import TICKET, ScriptedCarrier

pytestmark = pytest.mark.browser
STREAM = {"stream_sid": "MZ" + "1" * 32, "code": None, "why": ""}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A desk whose telephone network is in the test's hands."""

    base: str
    app: Flask
    carrier: ScriptedCarrier


@pytest.fixture
def desk(values: Deps) -> Iterator[Desk]:
    """The pages with data and a scripted carrier."""
    with ScriptedCarrier() as carrier:
        given = Deps(db=values.db, recordings_dir=values.recordings_dir, simulator_url=carrier.url)
        app = make_app(given)
        server = serve(app)
        yield Desk(base=next(server), app=app, carrier=carrier)
        server.close()


def tone(seconds: float, hz: float = 440) -> bytes:
    """Mu-law of a clear tone."""
    at = np.arange(int(seconds * 8000)) / 8000
    return mulaw.encode(Pcm(samples=(12000 * np.sin(2 * np.pi * hz * at)).astype(np.int16), rate_hz=8000))


def until(found: Callable[[], object]) -> None:
    """Wait, for ten seconds at most, until something is so."""
    deadline = time.monotonic() + 10
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def call_in_a_stream(page: Page, desk: Desk) -> None:
    """Dial; the call is answered in a live stream."""
    enter(page, desk.base)
    page.goto(f"{desk.base}/phone")
    expect(page.locator("[data-live]")).to_be_hidden()
    page.get_by_role("button", name="Dial").click()
    until(lambda: desk.carrier.upgrades)
    desk.carrier.tell("answered")
    desk.carrier.tell("stream", state="began", **STREAM)
    expect(page.locator("[data-live]")).to_be_visible()


def test_a_caller_talks_hears_and_is_answered(tab: Page, desk: Desk) -> None:
    call_in_a_stream(tab, desk)
    state, talk = tab.locator("[data-live-state]"), tab.locator("[data-live-talk]")
    expect(state).to_have_text("Microphone off")
    assert desk.carrier.upgrades == [{"ticket": TICKET}]
    assert not desk.carrier.heard
    talk.focus()
    tab.keyboard.press("Enter")
    until(lambda: len(desk.carrier.heard) > 16000)
    sound = mulaw.decode(bytes(desk.carrier.heard)).samples
    assert np.abs(sound).max() > 3000, "the fake microphone beeps"
    meter = tab.get_by_role("meter", name="Loudness of the microphone")
    expect(meter).to_be_visible()
    assert 0 <= int(meter.get_attribute("aria-valuenow") or "-1") <= 100

    mute = tab.get_by_role("button", name="Mute")
    mute.click()
    expect(mute).to_have_attribute("aria-pressed", "true")
    expect(state).to_have_text("Muted")
    tab.wait_for_timeout(200)
    sent = len(desk.carrier.heard)
    tab.wait_for_timeout(300)
    assert len(desk.carrier.heard) == sent
    desk.carrier.tell("say", text="Which parcel?", language="", stream=True)
    desk.carrier.send(tone(6))
    expect(state).to_have_text("The desk speaks")
    expect(tab.locator("[data-talk]")).to_contain_text("Which parcel?")
    desk.carrier.send({"kind": "clear"})
    expect(state).to_have_text("Muted", timeout=3000)
    for ms in (600, 900, 1700):
        desk.carrier.send({"kind": "latency", "ms": ms})
    expect(tab.locator("[data-live-last]")).to_have_text("Answered after 1.7 s")
    expect(tab.locator("[data-live-median]")).to_have_text("median 0.9 s of 3")
    assert str(tab.locator("[data-live-picture]").get_attribute("aria-label")).endswith("0.6, 0.9, 1.7")
    assert tab.locator("[data-live-picture] rect").evaluate_all("all => all.map(x => x.getAttribute('class'))") == [
        "soon",
        "fair",
        "late",
    ]
    assert Axe().run(tab).response["violations"] == []

    tab.fill("#words", "the blue one")
    tab.keyboard.press("Enter")
    tab.locator("[data-key='5']").click()
    until(lambda: len(desk.carrier.deeds) == 2)
    assert desk.carrier.deeds == [("say", {"text": "the blue one"}), ("press", {"digits": "5"})]

    desk.carrier.tell("stream", state="ended", **STREAM)
    expect(state).to_have_text("By keys and typed words now")
    expect(talk).to_be_disabled()
    mute.click()
    tab.wait_for_timeout(200)
    sent = len(desk.carrier.heard)
    desk.carrier.tell("stream", state="began", **STREAM)
    until(lambda: len(desk.carrier.heard) > sent)
    tab.get_by_role("button", name="Hang up").click()
    expect(tab.locator("[data-live-state]")).to_have_text("Call ended")


def test_a_line_that_is_cut_is_told_and_the_words_are_read_out_again(tab: Page, desk: Desk) -> None:
    call_in_a_stream(tab, desk)
    expect(tab.locator("[data-live-state]")).to_have_text("Microphone off")
    desk.carrier.drop()
    expect(tab.locator("[data-live-state]")).to_have_text("No live sound")
    expect(tab.locator("[data-live-problem]")).to_have_text(
        "The live sound cannot be had. Keys and typed words still work."
    )
    expect(tab.locator("[data-live-talk]")).to_be_disabled()


@pytest.mark.parametrize(
    ("host", "granted", "sentence"),
    [
        ("127.0.0.1", True, "No microphone is connected."),
        ("127.0.0.1", False, "does not let this page use the microphone"),
        ("desk.test", False, "only to pages opened over https, or on this machine itself"),
    ],
    ids=["no device", "refused", "no secure page"],
)
def test_why_the_microphone_cannot_be_had_is_told(
    chromium: Browser, desk: Desk, host: str, granted: bool, sentence: str
) -> None:
    flags = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP desk.test 127.0.0.1"]
    # A browser that asks for permission, and has the other tests' fake microphone only where it is not to be used.
    flags += [] if granted else ["--use-fake-device-for-media-stream"]
    browser = chromium.browser_type.launch(executable_path=find_browser.find(), args=flags)
    page = browser.new_context(locale="en-GB", permissions=["microphone"] if granted else []).new_page()
    base = desk.base.replace("127.0.0.1", host)
    enter(page, base)
    page.goto(f"{base}/phone")
    page.get_by_role("button", name="Dial").click()
    expect(page.locator("[data-state]")).to_have_text("Ringing")
    until(lambda: host != "127.0.0.1" or desk.carrier.upgrades)
    desk.carrier.tell("answered")
    desk.carrier.tell("stream", state="began", **STREAM)
    if host == "127.0.0.1":
        page.get_by_role("button", name="Talk").click()
    expect(page.locator("[data-live-problem]")).to_contain_text(sentence)
    browser.close()


def test_the_browsers_mu_law_is_the_houses(tab: Page, desk: Desk) -> None:
    enter(tab, desk.base)
    every = np.arange(-32768, 32768, 7).astype(np.int16)
    script = """async (samples) => {
      const { decode, encode } = await import("/assets/mulaw.js");
      const { Resampler } = await import("/assets/resampling.js");
      const tone = Float32Array.from({ length: 48000 }, (_, i) => Math.sin(2 * Math.PI * 1000 * i / 48000));
      const high = Float32Array.from({ length: 48000 }, (_, i) => Math.sin(2 * Math.PI * 5500 * i / 48000));
      const loud = (x) => Math.sqrt(x.slice(1000, 7000).reduce((sum, y) => sum + y * y, 0) / 6000);
      const down = (x) => {
        const resampler = new Resampler(48000, 8000), made = [];
        for (let i = 0; i < x.length; i += 128) made.push(...resampler.push(x.slice(i, i + 128)));
        return made;
      };
      return JSON.stringify({
        decoded: [...decode(Uint8Array.from({ length: 256 }, (_, i) => i))].map((x) => x * 32768),
        encoded: [...encode(Float32Array.from(samples, (x) => x / 32768))],
        made: down(tone).length, kept: loud(down(tone)), folded: loud(down(high)),
      });
    }"""
    found = json.loads(tab.evaluate(script, every.tolist()))
    assert found["decoded"] == mulaw.decode(bytes(range(256))).samples.tolist()
    assert bytes(found["encoded"]) == mulaw.encode(Pcm(samples=every, rate_hz=8000))
    assert 7950 <= found["made"] <= 8000
    assert found["kept"] == pytest.approx(0.5**0.5, rel=0.01)
    assert found["folded"] < 0.001


def test_the_sounds_address_is_only_for_the_login_that_dialled_and_the_policy_names_the_carrier(desk: Desk) -> None:
    mine, other = sign_in(desk.app.test_client()), sign_in(desk.app.test_client(), "ops")
    headers = {"X-CSRFToken": csrf_of(mine)}
    line = mine.get("/phone").get_data(as_text=True).split('id="to"')[1].split('value="')[1].split('"')[0]
    phone = mine.post("/phone/calls", json={"to": line, "from": "+12025550143"}, headers=headers).get_json()["id"]
    answer = mine.post(f"/phone/calls/{phone}/audio", headers=headers)
    socket = desk.carrier.url.replace("http://", "ws://")
    assert answer.get_json() == {"url": f"{socket}/phones/p1/audio?ticket={TICKET}"}
    assert mine.post(f"/phone/calls/{phone}/audio").status_code == 400, "without the forgery token"
    assert other.post(f"/phone/calls/{phone}/audio", headers={"X-CSRFToken": csrf_of(other)}).status_code == 404
    assert desk.app.test_client().post(f"/phone/calls/{phone}/audio").status_code == 401
    policy = mine.get("/phone").headers["Content-Security-Policy"]
    assert f"connect-src 'self' {socket};" in policy
    assert "connect-src 'self';" in mine.get("/live").headers["Content-Security-Policy"]


def test_without_a_carrier_the_policy_allows_no_other_address(app: Flask) -> None:
    assert "connect-src 'self';" in sign_in(app.test_client()).get("/phone").headers["Content-Security-Policy"]
