"""A desk whose calls are heard in live streams, for measuring: a flow that asks for ever, and a media server."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

from audio.catalogue import primary
from bench.house import settings
from bench.server import HOST, ROOT, free_port, wait_ready
from bench.speech.stream_caller import Way
from config import Config
from flows.documents import from_json
from flows.versions import publish
from house import House
from ivr.begin import begin_call
from ivr.lines import Line
from ivr.streams import doors
from ivr.streams.offering import ALIVE_WITHIN
from storage import migrate
from telephony.calls import CallEvent, CallStatus, Direction
from tickets.taxonomy import ensure_defaults

NUMBER = "+864008001266"


@contextmanager
def live_desk(
    folder: Path, *, language: str, phrases: tuple[str, ...], engines: str = "", more: Mapping[str, str] | None = None
) -> Iterator[LiveDesk]:
    """The desk with its media server; the flow offers `phrases` and asks again after each answer.

    Args:
        folder: of the database and the log; made if it is not there.
        engines: as the setting SPEECH_ENGINES.
        more: further environment of the media server.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    base = settings(folder, port=9).environment()
    environment = {
        **base,
        "STREAM_URL": f"ws://{HOST}:{port}/voice/stream",
        "MEDIA_BIND": f"{HOST}:{port}",
        "STREAM_CAPTIONS": "",
        "CLOCK_SHIFT_S": "0",
        "SPEECH_ENGINES": engines,
        **(more or {}),
    }
    house = House(Config.from_environment(environment))
    log = folder / "media.log"
    try:
        migrate.upgrade(house.db)
        _furnish(house, language, phrases)
        with log.open("wb") as out:
            command = (sys.executable, "-m", "flask", "--app", "app", "media")
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            wait_ready(process, f"http://{HOST}:{port}", log)
            yield LiveDesk(house, process.pid, environment)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    finally:
        house.close()


class LiveDesk:
    """Takes calls as the web application would, and names the media server's process."""

    def __init__(self, house: House, pid: int, environment: Mapping[str, str]) -> None:
        self.house = house
        self.pid = pid
        self._environment = environment
        self._numbers = itertools.count(1)

    def wait_for_room(self, language: str, within_s: float = 30.0) -> None:
        """Who was late says for some seconds that it has no room; wait until it has. Raises TimeoutError."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            with self.house.db.read() as session:
                servers = doors.media_servers(session, self.house.now() - ALIVE_WITHIN)
                if any(server.room.get(primary(language), 0) for server in servers):
                    return
            time.sleep(0.2)
        raise TimeoutError(f"The media server had no room in {language} for {within_s:g} s.")

    def ring(self) -> Way:
        """A call comes in; where its stream is to be opened. Raises LookupError when the carrier is to listen."""
        sid = f"CA{next(self._numbers):032x}"
        event = CallEvent(
            call_sid=sid,
            from_number="+8613800138000",
            to_number=NUMBER,
            status=CallStatus.RINGING,
            direction=Direction.INBOUND,
        )
        document = ElementTree.fromstring(begin_call(self.house.calls, event))
        stream = document.find("Connect/Stream")
        if stream is None:
            raise LookupError("The call was left to the carrier's recogniser.")
        key = next(p.attrib["value"] for p in stream.iter("Parameter") if p.attrib["name"] == "key")
        token = self._environment["TWILIO_AUTH_TOKEN"]
        return Way(url=stream.attrib["url"], auth_token=token, call_sid=sid, key=key)


def _furnish(house: House, language: str, phrases: tuple[str, ...]) -> None:
    prompt = {"en": "Yes?", "zh": "请讲。", "ko": "네?"}.get(language.split("-")[0], "1")
    choices = [
        {"key": str(n % 100), "name": f"c{n}", "label": {language: phrase}} for n, phrase in enumerate(phrases, 10)
    ]
    menu = {
        "type": "menu",
        "prompt": {language: prompt},
        "say_options": False,
        "choices": choices,
        "exits": {choice["name"]: "menu" for choice in choices} | {"person": "menu", "failed": "menu"},
    }
    document = from_json(
        {
            "format": 1,
            "name": "bench",
            "title": {language: "bench"},
            "languages": [language],
            "start": "menu",
            "ear": "house",
            "voice": {language: "house"},
            "defaults": {"max_errors_per_node": 5, "max_errors_per_call": 20, "timeout_s": 30},
            "nodes": {"menu": menu},
        }
    )
    with house.db.write() as session:
        ensure_defaults(session)
        version = publish(session, document, by="bench", note="", now=house.now(), override_reason="a measurement")
        session.add(Line(number=NUMBER, label="bench", flow_id=version.flow_id))
