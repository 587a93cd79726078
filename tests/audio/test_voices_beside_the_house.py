"""Voices beside the house's: a web service that may misbehave, Piper, and the names by which flows call them."""

from __future__ import annotations

import asyncio
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from audio.errors import VoiceFailed, VoiceMissing
from audio.house_voice import HouseVoice
from audio.loudness import speech_level_dbfs
from audio.pcm import silence
from audio.prompts import PromptItem
from audio.speaking.house_speaker import HouseSpeaker
from audio.speaking_rate import estimate_seconds
from audio.voices import http as http_voice
from audio.voices.base import Voice, VoiceGone
from audio.voices.book import VoiceBook, VoiceSettings, is_own, voice_problem
from audio.voices.http import HttpVoice
from audio.voices.piper import PiperVoice, speakers
from audio.voices.scripted import ScriptedVoice
from audio.wav import wav_bytes

TEXT = "Your parcel is here."
EN = "en-US"


@dataclass
class Service:
    """A voice service on this machine."""

    address: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    answer: Callable[[http.server.BaseHTTPRequestHandler, dict[str, Any]], None] | None = None
    over: threading.Event = field(default_factory=threading.Event)


def send(handler: http.server.BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def speaks(handler: http.server.BaseHTTPRequestHandler, question: dict[str, Any]) -> None:
    """As a service should."""
    send(handler, wav_bytes(ScriptedVoice().synthesize(question["text"], question["language"])))


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service(answer=speaks)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.asked.append(question)
            service.tokens.append(self.headers.get("Authorization"))
            if service.answer is not None:
                service.answer(self, question)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    service.address = f"http://127.0.0.1:{server.server_port}/speak"
    yield service
    service.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_service_is_asked_with_text_language_voice_and_token(service: Service) -> None:
    voice = HttpVoice(service.address, "geheim")
    assert isinstance(voice, Voice)
    sound = voice.synthesize(f"  {TEXT}\n", EN, "Clara")
    assert sound.rate_hz == 8000
    assert speech_level_dbfs(sound) == pytest.approx(-20, abs=1.5)
    assert service.asked == [{"text": TEXT, "language": EN, "voice": "Clara"}]
    assert service.tokens == ["Bearer geheim"]


def trickle(service: Service) -> Callable[[http.server.BaseHTTPRequestHandler, dict[str, Any]], None]:
    def answer(handler: http.server.BaseHTTPRequestHandler, _question: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        try:
            while not service.over.wait(0.05):
                handler.wfile.write(bytes(http_voice._BLOCK_BYTES))
        except OSError:
            return

    return answer


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        ("silence", VoiceGone, "ReadTimeout"),
        ("trickle", VoiceGone, "took longer"),
        ("500", VoiceGone, "answered 500"),
        ("401", VoiceGone, "answered 401"),
        ("redirect", VoiceGone, "answered 302"),
        ("422", VoiceFailed, "answered 422"),
        ("large", VoiceFailed, "more than 8 MB"),
        ("page", VoiceFailed, "is no sound"),
        ("quiet", VoiceFailed, "no sound for this text"),
    ],
)
def test_a_service_that_misbehaves_is_an_error_of_a_sentence(
    service: Service, answer: str, kind: type[VoiceFailed], says: str
) -> None:
    answers: dict[str, Callable[[http.server.BaseHTTPRequestHandler, dict[str, Any]], None]] = {
        "silence": lambda _handler, _question: service.over.wait(5) and None,
        "trickle": trickle(service),
        "redirect": lambda handler, _: send(handler, b"", 302, Location=service.address),
        "large": lambda handler, _: send(handler, bytes(9 << 20)),
        "page": lambda handler, _: send(handler, b"<html>Sign in</html>"),
        "quiet": lambda handler, _: send(handler, wav_bytes(silence(2))),
    }
    service.answer = answers.get(answer, lambda handler, _: send(handler, b"no", int(answer)))
    with pytest.raises(VoiceFailed, match=says) as failed:
        HttpVoice(service.address, timeout_s=0.2).synthesize(TEXT, EN)
    assert type(failed.value) is kind
    assert TEXT not in str(failed.value)
    assert len(service.asked) == 1


def test_what_is_no_web_address_is_never_asked() -> None:
    for url in ("", "file:///etc/passwd", "ftp://host/x", "HTTP_VOICE"):
        with pytest.raises(VoiceGone, match="HTTP_VOICE_URL"):
            HttpVoice(url).synthesize(TEXT, EN)
    with pytest.raises(VoiceGone, match="cannot be reached"):
        HttpVoice("http://127.0.0.1:9/").synthesize(TEXT, EN)


def test_a_live_call_hears_the_house_when_the_service_fails_and_the_service_rests(
    service: Service, tmp_path: Path
) -> None:
    house = ScriptedVoice()

    async def talk() -> list[str]:
        speaker = HouseSpeaker(VoiceBook(house, VoiceSettings(http_url=service.address)), tmp_path)
        try:
            return [part.text async for part in speaker.say("One. Two. Three.", EN, "http:Clara")]
        finally:
            await speaker.close()

    assert asyncio.run(talk()) == ["One.", "Two.", "Three."]
    assert (len(service.asked), house.said) == (3, [])
    service.answer = lambda handler, _: send(handler, b"", 500)
    assert asyncio.run(talk()) == ["One.", "Two.", "Three."]
    assert len(service.asked) == 4
    assert [text for text, _ in house.said] == ["One.", "Two.", "Three."]


def test_prompts_are_kept_by_voice_and_the_house_stands_in(service: Service, tmp_path: Path) -> None:
    house = ScriptedVoice()
    prompts = HouseVoice(tmp_path, house, book=VoiceBook(house, VoiceSettings(http_url=service.address)))
    items = [PromptItem(text=TEXT, language=EN, voice=name) for name in ("", "http", "http:Clara", "piper:nobody")]
    report = prompts.prepare(items)
    assert list(report.keys) == items
    keys = list(report.keys.values())
    assert len(set(keys)) == 3
    assert keys[0] == keys[3] == prompts.key(TEXT, EN) == prompts.key(TEXT, EN, "Polly.Zhiyu")
    assert keys[2] == prompts.key(TEXT, EN, "http:Clara")
    assert all(prompts.has(item) for item in items)
    fresh = prompts.key("Dear Ms Wang.", EN, "http")
    service.answer = lambda handler, _: send(handler, b"", 500)
    failed = prompts.prepare([PromptItem(text="Again.", language=EN, voice="http"), PromptItem(text="B.", language=EN)])
    assert [(failure.item.text, failure.item.voice, failure.retryable) for failure in failed.failures] == [
        ("Again.", "http", True)
    ]
    found = prompts.sound(fresh or "")
    assert found is not None
    assert found[1] == "Dear Ms Wang."
    assert house.said[-1] == ("Dear Ms Wang.", EN)
    assert prompts.key("Another.", EN) is not None  # The house voice itself does not rest.
    written = max(path.stat().st_mtime for path in tmp_path.rglob("*.json"))
    assert prompts.forget(60, items, now_s=written + 120) == 3
    assert all(prompts.has(item) for item in items)


def test_a_flows_voice_is_one_of_ours_or_the_providers() -> None:
    assert [is_own(name) for name in ("house", "piper", "piper:joe", "http:Clara", "", "Polly.Zhiyu", "alice")] == [
        True,
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_voice_that_will_not_be_heard_is_reported_with_a_way_out(tmp_path: Path) -> None:
    with_service = VoiceSettings(http_url="https://voice.example/speak")
    for name in ("", "house", "Polly.Zhiyu", "Google.cmn-CN-Wavenet-A", "alice"):
        assert voice_problem(name, "zh-CN") is None
    assert voice_problem("http:Clara", EN, with_service) is None
    assert voice_problem("http", EN) == "No voice service is set up: HTTP_VOICE_URL is empty."
    assert "begin with https" in (voice_problem("http", EN, VoiceSettings(http_url="voice.example")) or "")
    assert "There is no voice called hosue" in (voice_problem("hosue", EN) or "")
    assert "does not speak tlh" in (voice_problem("house", "tlh") or "")
    assert "piper" in (voice_problem("piper:nobody", EN, VoiceSettings(folder=tmp_path)) or "").lower()
    assert "zh-CN" in (voice_problem("piper", "zh-CN") or "no voice zh-CN")


def test_piper_voices_of_a_folder_are_found_by_name_and_language(tmp_path: Path) -> None:
    for stem, code in (("zh_CN-huayan-medium", "zh_CN"), ("en_GB-alan-low", "en_GB"), ("mine", "en_US")):
        (tmp_path / f"{stem}.onnx").write_bytes(b"model")
        (tmp_path / f"{stem}.onnx.json").write_text(json.dumps({"language": {"code": code}}))
    (tmp_path / "de_DE-lonely-low.onnx").write_bytes(b"a model without settings is none")
    found = {speaker.name: speaker.language for speaker in speakers(tmp_path)}
    assert {"huayan": "zh-CN", "alan": "en-GB", "mine": "en-US"}.items() <= found.items()
    assert "lonely" not in found


@pytest.fixture(scope="module")
def piper() -> Iterator[PiperVoice]:
    pytest.importorskip("piper")
    voice = PiperVoice()
    yield voice
    voice.close()


@pytest.mark.speech
def test_piper_speaks_what_its_voice_files_can(piper: PiperVoice) -> None:
    assert isinstance(piper, Voice)
    text = "Welcome. Your code is A B, 1 2 3."
    sound = piper.synthesize(text, EN, "joe")
    assert sound.rate_hz == 8000
    assert speech_level_dbfs(sound) == pytest.approx(-20, abs=1.5)
    assert sound.duration_s == pytest.approx(estimate_seconds(text, EN), rel=0.4)
    with pytest.raises(VoiceMissing, match="zh-CN"):
        piper.synthesize("您好", "zh-CN")
    with pytest.raises(VoiceMissing, match="nobody"):
        piper.synthesize(TEXT, EN, "nobody")
    chosen = VoiceBook(ScriptedVoice()).find("piper", EN)
    assert chosen is not None
    assert chosen.voice_name == "joe"
