"""A caller on a live stream as the carrier would carry it: 20 ms frames in, played sound and marks back, and times."""

from __future__ import annotations

import asyncio
import base64
import itertools
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

FRAME_BYTES = 160
FRAME_S = 0.02
SILENT_FRAME = b"\xff" * FRAME_BYTES
QUIET_BEFORE_SPEAKING_S = 0.3


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where a stream is opened and with what."""

    url: str
    auth_token: str
    call_sid: str
    key: str


@dataclass(kw_only=True)
class Heard:
    """What one caller saw.

    Attributes:
        reply_s: from the last sound of an utterance to the first sound of the reply, each.
        key_s: from a key to the answer that stops the prompt, each.
        frames: frames of our sound that came.
        closed: the stream was closed by the desk before the caller hung up.
    """

    reply_s: list[float] = field(default_factory=list)
    key_s: list[float] = field(default_factory=list)
    frames: int = 0
    closed: bool = False


class StreamCaller:
    """Says its utterances in turn, each once a prompt has ended, for as long as it is told.

    Args:
        utterances: mu-law of each, trimmed to the speech; none for one who never speaks.
        key_every_s: presses a key so often; 0 for never.
    """

    def __init__(
        self, way: Way, utterances: Sequence[bytes], starts_at_s: float = 0.0, *, key_every_s: float = 0.0
    ) -> None:
        self.heard = Heard()
        self._key_every = round(key_every_s / FRAME_S)
        self._pressed_at: float | None = None
        self._way = way
        self._has_words = bool(utterances)
        self._utterances = itertools.cycle(utterances)
        self._starts_at_s = starts_at_s
        self._speech: deque[bytes] = deque()
        self._played_until = 0.0
        self._marks: list[tuple[float, str]] = []
        self._spoke_until: float | None = None
        self._awaiting = False
        self._prompted = False
        self._numbers = itertools.count(1)
        self._stream_sid = "MZ" + way.call_sid[2:]

    async def call(self, seconds: float) -> Heard:
        """Open the stream, talk for so long, hang up."""
        await asyncio.sleep(self._starts_at_s)
        signature = RequestValidator(self._way.auth_token).compute_signature(self._way.url, {})
        headers = {"X-Twilio-Signature": signature}
        async with connect(self._way.url, additional_headers=headers, max_queue=None, compression=None) as socket:
            await self._begin(socket)
            listening = asyncio.create_task(self._listen(socket))
            try:
                await self._talk(socket, seconds)
                await socket.send(self._message("stop", {"accountSid": "AC1", "callSid": self._way.call_sid}))
            except ConnectionClosed:
                self.heard.closed = True
            finally:
                listening.cancel()
        return self.heard

    async def _begin(self, socket: ClientConnection) -> None:
        await socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}')
        form = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
        start = {
            "accountSid": "AC" + "0" * 32,
            "streamSid": self._stream_sid,
            "callSid": self._way.call_sid,
            "tracks": ["inbound"],
            "mediaFormat": form,
            "customParameters": {"key": self._way.key},
        }
        await socket.send(self._message("start", start))

    async def _talk(self, socket: ClientConnection, seconds: float) -> None:
        began = time.perf_counter()
        for frame in itertools.count():
            due = began + frame * FRAME_S
            now = time.perf_counter()
            if now - began > seconds:
                return
            if due > now:
                await asyncio.sleep(due - now)
            await self._send_frame(socket, frame)
            if self._key_every and frame % self._key_every == self._key_every - 1:
                self._pressed_at = time.perf_counter()
                await socket.send(self._message("dtmf", {"track": "inbound_track", "digit": "1"}))
            await self._return_marks(socket)
            self._speak_when_asked()

    async def _send_frame(self, socket: ClientConnection, frame: int) -> None:
        payload = self._speech.popleft() if self._speech else SILENT_FRAME
        media = {
            "track": "inbound",
            "chunk": str(frame + 1),
            "timestamp": str(frame * 20),
            "payload": base64.b64encode(payload).decode(),
        }
        await socket.send(self._message("media", media))
        if payload is not SILENT_FRAME and not self._speech:
            self._spoke_until, self._awaiting = time.perf_counter(), True

    async def _return_marks(self, socket: ClientConnection) -> None:
        now = time.perf_counter()
        while self._marks and self._marks[0][0] <= now:
            _, name = self._marks.pop(0)
            await socket.send(self._message("mark", {"name": name}))

    def _speak_when_asked(self) -> None:
        quiet_s = time.perf_counter() - self._played_until
        if (
            self._has_words
            and self._prompted
            and not self._speech
            and not self._awaiting
            and quiet_s > QUIET_BEFORE_SPEAKING_S
        ):
            sound = next(self._utterances)
            self._speech.extend(
                sound[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\xff") for at in range(0, len(sound), FRAME_BYTES)
            )
            self._prompted = False

    async def _listen(self, socket: ClientConnection) -> None:
        async for text in socket:
            message = orjson.loads(text)
            now = time.perf_counter()
            match message["event"]:
                case "media":
                    self._take_sound(now, len(message["media"]["payload"]) * 3 // 4)
                case "mark":
                    self._marks.append((self._played_until, message["mark"]["name"]))
                case "clear":
                    if self._pressed_at is not None:
                        self.heard.key_s.append(now - self._pressed_at)
                        self._pressed_at = None
                    self._played_until = now
                    self._marks = [(now, name) for _, name in self._marks]

    def _take_sound(self, now: float, size: int) -> None:
        self.heard.frames += 1
        self._played_until = max(self._played_until, now) + size / 8000
        self._prompted = True
        if self._awaiting and self._spoke_until is not None:
            self.heard.reply_s.append(now - self._spoke_until)
            self._awaiting = False

    def _message(self, event: str, body: Mapping[str, object]) -> str:
        number = str(next(self._numbers))
        return orjson.dumps(
            {"event": event, "sequenceNumber": number, "streamSid": self._stream_sid, event: body}
        ).decode()
