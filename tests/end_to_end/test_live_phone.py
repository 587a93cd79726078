"""A caller talks to the desk by a browser's microphone, over the whole way: device, carrier, web app, media server.

The microphone is Chromium's fake audio device playing a WAV; the voice on it is synthesized, the ears are real.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app import create_app
from audio.pcm import Pcm
from audio.voices.base import Voice
from audio.wav import write_wav
from config import Config
from flows.documents import parse
from flows.versions import find_flow, publish
from ivr.calls import Call
from ivr.lines import Line
from ivr.streams.rows import MediaServer, Stream
from ivr.turns import TurnRow
from simulator import SimulatedNetwork
from storage.database import Database
from tests import find_browser
from tests.console.conftest import add_users, chromium, enter, serve  # noqa: F401 - fixtures
from tests.end_to_end.processes import Process, free_port
from tests.end_to_end.rehearsal import url_of

pytestmark = pytest.mark.browser
NUMBER = "+12025550123"
ACCOUNT, TOKEN = "AC" + "3" * 32, "only for tests"
PATIENCE = 40_000
HEARD = ("Understood", "number")
FLOW = """
format: 1
name: parcels
title: {en-US: Parcel line}
languages: [en-US]
ear: house
start: menu
defaults: {person: person, failure: person}
nodes:
  menu:
    type: menu
    prompt: {en-US: "How can I help you: find a parcel, or make a complaint?"}
    say_options: false
    choices:
      - {key: "1", name: parcel, label: {en-US: find a parcel}}
      - {key: "2", name: complaint, label: {en-US: make a complaint}}
    exits: {parcel: number, complaint: person}
  number:
    type: collect
    kind: digits
    value: number
    min_length: 4
    max_length: 4
    confirm: always
    prompt:
      en-US: >-
        Please read the four digits of your parcel. They stand on the card that our courier has left in your letter box,
        at the lower end of it, on the left side, below the bar code and the name of the courier who was there.
    exits: {next: bye}
  person:
    type: open_ticket
    category: other
    reason: other
    exits: {next: bye}
  bye:
    type: hang_up
    prompt: {en-US: Thank you and goodbye.}
"""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A desk with one number that our own ear listens to."""

    base: str
    db: Database


@pytest.fixture
def desk(sqlite_db: Database, tmp_path: Path) -> Iterator[Desk]:
    """Network in real time, web application and media server."""
    add_users(sqlite_db)
    with sqlite_db.write() as s:
        publish(s, parse(FLOW), by="a test", note="", now=datetime.now(UTC), override_reason="a test")
        s.add(Line(number=NUMBER, label="Parcels", flow_id=find_flow(s, "parcels").id))
    web_port, media_port = free_port(), free_port()
    base = f"http://127.0.0.1:{web_port}"
    with ExitStack() as stack:
        network = stack.enter_context(SimulatedNetwork(ACCOUNT, TOKEN, clock="real"))
        config = Config(
            mode="test",
            data_dir=tmp_path,
            database_url=url_of(sqlite_db),
            secret_key="a secret key for a test, long enough",
            public_base_url=base,
            simulator_url=network.base_url,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_api_base_url=network.base_url,
            stream_url=f"ws://127.0.0.1:{media_port}/voice/stream",
            media_bind=f"127.0.0.1:{media_port}",
            stream_captions=True,
        )
        stack.enter_context(media_process(config, tmp_path / "media.log"))
        app: Flask = create_app(config)
        stack.callback(app.extensions["house"].close)
        network.add_number(NUMBER, voice_url=f"{base}/voice/incoming", status_callback=f"{base}/voice/status")
        server = serve(app, web_port)
        next(server)
        stack.callback(server.close)
        yield Desk(base=base, db=sqlite_db)


def media_process(config: Config, log: Path) -> Process:
    """`flask media`, which says so when it carries streams."""
    return Process([sys.executable, "-m", "flask", "--app", "app", "media"], config, log)


class Caller:
    """A person at the browser's microphone; the fake audio device plays a sentence whenever it is opened."""

    SILENCE_S = 30.0

    def __init__(self, page: Page, wav: Path, voice: Voice) -> None:
        self.page = page
        self._wav = wav
        self._voice = voice
        self._sounds: dict[str, Pcm] = {}

    @property
    def state(self):
        """Who speaks, in words."""
        return self.page.locator("[data-live-state]")

    def hears(self, words: str) -> None:
        """Wait until a prompt has these words."""
        expect(self.page.locator("[data-talk]")).to_contain_text(words, timeout=PATIENCE)

    def hears_to_the_end(self, words: str) -> None:
        """Wait until a prompt has these words and it is the caller's turn."""
        self.hears(words)
        expect(self.state).to_have_text("The desk speaks", timeout=PATIENCE)
        expect(self.state).to_have_text("Microphone off", timeout=PATIENCE)

    def learns(self, *texts: str) -> None:
        """Have these ready to be said without a pause for thought."""
        self._sounds |= {text: self._voice.synthesize(text, "en-US") for text in texts}

    def says(self, text: str) -> None:
        """Open the microphone, speak, and close it."""
        sound = self._sounds[text]
        silence = np.zeros(int(self.SILENCE_S * sound.rate_hz), np.int16)
        write_wav(self._wav, Pcm(samples=np.concatenate([sound.samples, silence]), rate_hz=sound.rate_hz))
        self.page.get_by_role("button", name="Talk", exact=True).click()
        self.page.wait_for_timeout(sound.duration_s * 1000 + 400)
        self.page.get_by_role("button", name="Stop talking").click()


@pytest.fixture
def voice() -> Iterator[Voice]:
    """A clear voice, where it is installed."""
    piper = pytest.importorskip("audio.voices.piper", reason="piper is not installed")
    found: Voice = piper.PiperVoice()
    yield found
    found.close()


@pytest.fixture
def caller(chromium: Browser, desk: Desk, voice: Voice, tmp_path: Path) -> Iterator[Caller]:  # noqa: F811
    """Signed in, on the phone page."""
    wav = tmp_path / "caller.wav"
    flags = ["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    flags += [f"--use-file-for-fake-audio-capture={wav}"]
    browser = chromium.browser_type.launch(executable_path=find_browser.find(), args=flags)
    page = browser.new_context(locale="en-GB").new_page()
    page.set_default_timeout(PATIENCE)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda m: broken.append(m.text) if "Content Security Policy" in m.text else None)
    enter(page, desk.base, "admin")
    page.goto(f"{desk.base}/phone")
    yield Caller(page, wav, voice)
    browser.close()
    assert broken == []


def until_somebody_listens(desk: Desk) -> None:
    """Wait until a media server has room for a call in English."""
    deadline = time.monotonic() + 60
    while True:
        with desk.db.read() as s:
            if any(room.get("en") for room in s.scalars(select(MediaServer.room))):
                return
        assert time.monotonic() < deadline, "no media server has room for English"
        time.sleep(0.2)


def test_a_caller_says_a_menu_word_interrupts_reads_a_number_and_corrects_a_digit(desk: Desk, caller: Caller) -> None:
    caller.learns("Find a parcel.", "One, two, three, four.", "No, the last one is seven.", "Yes.")
    page = caller.page
    watch = page.context.new_page()
    watch.goto(f"{desk.base}/live")
    until_somebody_listens(desk)
    page.bring_to_front()
    page.get_by_role("button", name="Dial").click()
    caller.hears_to_the_end("How can I help you")
    caller.says("Find a parcel.")
    caller.hears("Please read the four digits")
    expect(page.locator("[data-live-last]")).to_contain_text("Answered after")
    caller.says("One, two, three, four.")
    caller.hears_to_the_end("1 2 3 4")
    caller.says("No, the last one is seven.")
    caller.hears_to_the_end("1 2 3 7")
    expect(page.locator("[data-live-heard]")).to_have_text(re.compile("Heard last: no the last one is seven · "))
    expect(watch.locator(".live-call")).to_contain_text("Our recogniser")
    caller.says("Yes.")
    caller.hears("Thank you and goodbye.")
    expect(page.locator("[data-state]")).to_have_text("Call ended", timeout=PATIENCE)
    with desk.db.read() as s:
        call = s.scalars(select(Call)).one()
        streams = [(stream.state, stream.why) for stream in s.scalars(select(Stream))]
        turns = list(s.scalars(select(TurnRow).order_by(TurnRow.number)))
    understood = [e["value"] for turn in turns for e in turn.events if (e["type"], e.get("node")) == HEARD]
    assert understood[-1] == "1237"
    assert streams == [("left", "")]
    notes = [turn.heard.get("note", {}) for turn in turns if turn.heard["kind"] == "speech"]
    assert any(note.get("interrupted") for note in notes)
    assert all(note["engine"] and note["latency_ms"]["endpoint"] > 0 for note in notes)
    page.goto(f"{desk.base}/calls/{call.id}")
    expect(page.locator("#conversation")).to_contain_text("interrupted the prompt after")
    expect(page.locator("#conversation")).to_contain_text("answered after")
