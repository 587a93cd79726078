"""A media server on a real port, and a carrier that speaks Media Streams to it over a real socket, in lockstep."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import threading
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stream_lab import HUM, QUIET, PlayingCarrier
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from audio.errors import NotAudio, Unreadable
from audio.hearing.data_voice import DataWords, encode
from audio.hearing.scripted import ScriptedActivity, ScriptedEars
from audio.speaking.speaker import SpokenPart
from ivr.deps import Deps
from ivr.media import MediaDeps, MediaServer
from ivr.streams.doors import StreamGoneError, StreamRefusedError, StreamTurn
from storage.database import Database
from telephony.calls import Heard
from telephony.twilio.provider import TwilioProvider
from telephony.verbs import Verb

STREAM_URL = "wss://desk.example/voice/stream"
AUTH = "a-token"
SIGNATURE = RequestValidator(AUTH).compute_signature(STREAM_URL, {})
WORD_MS = 200


class HummingSpeaker:
    """Hums 200 ms for each word, part by part; remembers what it was asked. `fails` makes it raise."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.played: list[str] = []
        self.fails = False

    async def say(self, text: str, language: str, voice: str = "") -> AsyncIterator[SpokenPart]:
        self.said.append((text, language))
        if self.fails:
            raise RuntimeError("the voice is broken")
        for word in text.split():
            await asyncio.sleep(0)
            yield SpokenPart(text=word, payload=b"\x55" * (8 * WORD_MS))

    async def play(self, path: Path, text: str = "") -> AsyncIterator[SpokenPart]:
        self.played.append(path.name)
        if path.read_bytes() != b"good":
            raise NotAudio(Unreadable.NOT_A_WAV, "It is no WAV.")
        yield SpokenPart(text=text, payload=b"\x56" * 800)

    async def close(self) -> None:
        """Holds nothing."""


@dataclass
class ScriptedDoors:
    """A house that lets every key in once and gives the turns it was told to, one after the other.

    Attributes:
        turns: the verbs of each turn by key. An exception among them is raised instead.
        told: everything the streams asked, in order: ("answer", stream_id, heard), ("leave", stream_id, said, why), …
        waiting: how often a lookup is still under way when asked.
        open: set while answers are let through.
    """

    turns: Mapping[str, list[Any]] = field(default_factory=dict)
    filler: tuple[Any, ...] = ()
    waiting: int = 0
    told: list[tuple[Any, ...]] = field(default_factory=list)
    notes: list[Mapping[str, Any]] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    _left: dict[int, deque[Any]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.open.set()

    def enter(self, deps: Deps, *, key: str, call_sid: str, stream_sid: str) -> StreamTurn:
        with self._lock:
            if key not in self.turns or key in self._used:
                raise StreamRefusedError("Nobody offered it.")
            self._used.add(key)
            number = len(self._used)
            self._left[number] = deque(self.turns[key])
            self.told.append(("enter", number, call_sid))
        turn = StreamTurn(
            stream_id=number,
            call_id=number,
            call_sid=call_sid,
            token="t",
            number=1,
            language="en-US",
            verbs=(),
            filler=self.filler,
        )
        return self._next(turn)

    def answer(self, deps: Deps, turn: StreamTurn, heard: Heard, *, note: Mapping[str, Any] | None = None) -> Any:
        self.open.wait(10)
        with self._lock:
            self.told.append(("answer", turn.stream_id, heard))
            self.notes.append(dict(note or {}))
        return self._next(replace(turn, number=turn.number + 1))

    def waits(self, deps: Deps, turn: StreamTurn) -> bool:
        self.waiting -= 1
        return self.waiting >= 0

    def leave(self, deps: Deps, turn: StreamTurn, *, said: bool = False, why: str = "") -> None:
        self.told.append(("leave", turn.stream_id, said, why))

    def over(self, deps: Deps, stream_id: int, why: str) -> None:
        self.told.append(("over", stream_id, why))

    def partial(self, deps: Deps, stream_id: int, words: str) -> None:
        self.told.append(("partial", stream_id, words))

    def beat(self, deps: Deps, *, name: str, streams: int, room: Mapping[str, int]) -> None:
        self.told.append(("beat", name, streams, dict(room)))

    def of(self, *kinds: str) -> list[tuple[Any, ...]]:
        """What was told of some kinds."""
        return [told for told in self.told if told[0] in kinds]

    def _next(self, turn: StreamTurn) -> StreamTurn:
        verbs = self._left[turn.stream_id].popleft() if self._left[turn.stream_id] else StreamGoneError("Elsewhere.")
        if isinstance(verbs, Exception):
            raise verbs
        return replace(turn, verbs=tuple(verbs))


@dataclass(kw_only=True)
class House:
    """A running media server with what its calls are given."""

    doors: ScriptedDoors
    ears: ScriptedEars
    speaker: HummingSpeaker
    server: MediaServer
    port: int
    stop: asyncio.Event

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/voice/stream"

    async def empty(self) -> None:
        """Wait until no stream is left."""
        async with asyncio.timeout(10):
            while self.server.figures()["streams"]["now"]:
                await asyncio.sleep(0.005)

    async def told(self, *kinds: str, times: int = 1) -> list[tuple[Any, ...]]:
        """Wait until the streams told so much."""
        async with asyncio.timeout(10):
            while len(self.doors.of(*kinds)) < times:
                await asyncio.sleep(0.005)
        return self.doors.of(*kinds)


@asynccontextmanager
async def media_server(turns: Mapping[str, list[Any]], **fields: Any) -> AsyncIterator[House]:
    """A media server that stops at the end. `fields` are those of MediaDeps, or of the doors."""
    own = {name: fields.pop(name) for name in ("filler", "waiting") if name in fields}
    doors, ears, speaker, stop = ScriptedDoors(turns, **own), ScriptedEars(), HummingSpeaker(), asyncio.Event()
    ears = fields.pop("ears", ears)
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    calls = Deps(
        db=Database("sqlite:///never-opened.db"),  # The scripted doors ask no database.
        provider=TwilioProvider("AC1", AUTH, "https://desk.example"),
        public_base_url="https://desk.example",
        stream_url=STREAM_URL,
    )
    media = MediaDeps(
        **{
            "calls": calls,
            "ears": ears,
            "make_activity": ScriptedActivity,
            "speaker": speaker,
            "doors": doors,
            "on_ready": ready.set_result,
            "filler_after_s": 30.0,
            **fields,
        }
    )
    server = MediaServer(media)
    running = asyncio.create_task(server.run(stop))
    try:
        port = await ready
        yield House(doors=doors, ears=ears, speaker=speaker, server=server, port=port, stop=stop)
    finally:
        stop.set()
        await running
        calls.db.dispose()


class Caller(PlayingCarrier):
    """A carrier's end of one stream. Sends 20 ms, waits until the server is done with it, plays 20 ms."""

    def __init__(self, house: House, connection: ClientConnection, call: str, stream: str) -> None:
        super().__init__()
        self.house, self.socket, self.call_sid, self.stream_sid = house, connection, call, stream
        self.received: list[dict[str, Any]] = []
        self.sent = 0
        self.is_closed = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def start(self, key: str, **fields: Any) -> Caller:
        await self.tell({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        start = {
            "accountSid": "AC1",
            "streamSid": self.stream_sid,
            "callSid": self.call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"key": key},
        }
        await self.tell(
            {"event": "start", "sequenceNumber": "1", "start": start, "streamSid": self.stream_sid, **fields}
        )
        return self

    async def tell(self, message: dict[str, Any]) -> None:
        await self.socket.send(json.dumps(message))

    async def frame(self, payload: bytes, *, in_step: bool = True) -> None:
        media = {"track": "inbound", "chunk": str(self.sent + 1), "timestamp": str(self.sent * 20)}
        media["payload"] = base64.b64encode(payload).decode()
        self.sent += 1
        try:
            await self.tell(
                {"event": "media", "sequenceNumber": "3", "media": media, "streamSid": self.stream_sid},
            )
            if in_step:
                await self.in_step()
            for _ in range(max(1, len(payload) // 160)):
                self.play()
                await self._give_marks()
        except ConnectionClosed:
            return

    async def in_step(self) -> None:
        async with asyncio.timeout(10):
            looked = 0
            while self.house.server.frames_done(self.stream_sid) < self.sent:
                looked += 1
                await asyncio.sleep(0 if looked < 6 else 0.001)
        for _ in range(3):
            await asyncio.sleep(0)  # What was sent is read.

    async def sound(self, payload: bytes, frame_bytes: int = 160) -> Caller:
        for at in range(0, len(payload), frame_bytes):
            if self.is_closed.is_set():
                break
            await self.frame(payload[at : at + frame_bytes])
        return self

    async def quiet(self, ms: int) -> Caller:
        return await self.sound(QUIET * (ms // 20))

    async def hum(self, ms: int) -> Caller:
        return await self.sound(HUM * (ms // 20))

    async def speak(self, text: str, frame_bytes: int = 160) -> Caller:
        return await self.sound(encode(DataWords(text=text, confidence=0.9)), frame_bytes)

    async def press(self, keys: str) -> Caller:
        for key in keys:
            dtmf = {"track": "inbound_track", "digit": key}
            await self.tell({"event": "dtmf", "streamSid": self.stream_sid, "sequenceNumber": "5", "dtmf": dtmf})
        return self

    async def hang_up(self) -> None:
        stop = {"accountSid": "AC1", "callSid": self.call_sid}
        await self.tell({"event": "stop", "sequenceNumber": "5", "stop": stop, "streamSid": self.stream_sid})

    async def closed(self) -> int | None:
        async with asyncio.timeout(10):
            await self.is_closed.wait()
        return self.socket.close_code

    async def _give_marks(self) -> None:
        while self.marks:
            name = {"name": self.marks.popleft()}
            await self.tell({"event": "mark", "sequenceNumber": "4", "streamSid": self.stream_sid, "mark": name})

    async def _read(self) -> None:
        try:
            while True:
                message = json.loads(await self.socket.recv())
                self.received.append(message)
                match message["event"]:
                    case "media":
                        self.put(base64.b64decode(message["media"]["payload"]))
                    case "mark":
                        self.put(message["mark"]["name"])
                    case "clear":
                        self.clear()
                        await self._give_marks()
        except ConnectionClosed:
            self.is_closed.set()


@asynccontextmanager
async def caller(
    house: House, key: str = "k", call: str = "CA1", stream: str = "MZ1", *, start: bool = True, buffer_bytes: int = 0
) -> AsyncIterator[Caller]:
    """A connection of the carrier; it is gone at the end. `buffer_bytes`: how little its kernel takes unread."""
    headers = {"X-Twilio-Signature": SIGNATURE}
    line = socket.socket()
    if buffer_bytes:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
    line.setblocking(False)
    await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", house.port))
    options = {"additional_headers": headers, "compression": None, "close_timeout": 1, "sock": line}
    async with connect(house.url, **options) as connection:
        carrier = Caller(house, connection, call, stream)
        yield await carrier.start(key) if start else carrier


def turns(*each: tuple[Verb, ...] | Exception) -> dict[str, list[Any]]:
    """The turns of the one key "k"."""
    return {"k": list(each)}
