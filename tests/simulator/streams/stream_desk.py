"""The desk's side of media streams for tests: a real websocket server in its own thread, scripted by a function."""

import asyncio
import base64
import json
import math
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK

FRAME = 160


def hum(seconds: float) -> bytes:
    """Something audible: mu-law that alternates between two loud code words."""
    return (b"\x20\x20\xa0\xa0" * 2000 * math.ceil(seconds))[: round(seconds * 8000)]


class Line:
    """One stream as the desk sees it."""

    def __init__(self, connection: ServerConnection) -> None:
        self.socket = connection
        self.path = connection.request.path
        self.headers = dict(connection.request.headers.raw_items())
        self.received: list[dict] = []
        self.frames_done = 0
        self.closed = threading.Event()
        self._waiting: tuple[int, asyncio.AbstractEventLoop, asyncio.Future] | None = None
        self._lock = threading.Lock()

    @property
    def start(self) -> dict:
        return next(message for message in self.received if message["event"] == "start")

    @property
    def sid(self) -> str:
        return self.start["streamSid"]

    def of(self, event: str) -> list[dict]:
        return [message for message in list(self.received) if message["event"] == event]

    @property
    def sound(self) -> bytes:
        return b"".join(base64.b64decode(message["media"]["payload"]) for message in self.of("media"))

    async def read(self) -> AsyncIterator[dict]:
        """The messages as they come; a frame counts as done when the next message is asked for."""
        while True:
            if self.received and self.received[-1]["event"] == "media":
                self._frame_done()
            try:
                self.received.append(json.loads(await self.socket.recv()))
            except ConnectionClosedOK:
                return
            yield self.received[-1]

    def _frame_done(self) -> None:
        with self._lock:
            self.frames_done += 1
            if self._waiting is not None and self.frames_done >= self._waiting[0]:
                _, loop, done = self._waiting
                self._waiting = None
                loop.call_soon_threadsafe(lambda: done.done() or done.set_result(None))

    async def wait_for_frames(self, frames: int) -> None:
        """Wait, in another thread's loop, until so many frames are done."""
        loop = asyncio.get_running_loop()
        with self._lock:
            if self.frames_done >= frames:
                return
            done = loop.create_future()
            self._waiting = (frames, loop, done)
        await done

    async def until(self, wanted: Callable[[dict], bool]) -> dict | None:
        """Read on until a message is as wanted; None when the stream ended before."""
        async for message in self.read():
            if wanted(message):
                return message
        return None

    async def until_mark(self, name: str) -> dict | None:
        return await self.until(lambda message: message.get("mark", {}).get("name") == name)

    async def until_frame(self, at_ms: int | None = None) -> dict | None:
        """Read on until some sound, or until that of a moment."""
        return await self.until(
            lambda message: (
                message["event"] == "media" and (at_ms is None or int(message["media"]["timestamp"]) >= at_ms)
            )
        )

    async def until_the_end(self) -> None:
        await self.until(lambda message: False)

    async def send(self, **message: object) -> None:
        await self.socket.send(json.dumps(message))

    async def media(self, sound: bytes) -> None:
        await self.send(event="media", streamSid=self.sid, media={"payload": base64.b64encode(sound).decode()})

    async def mark(self, name: str) -> None:
        await self.send(event="mark", streamSid=self.sid, mark={"name": name})

    async def clear(self) -> None:
        await self.send(event="clear", streamSid=self.sid)

    async def prompt(self, number: int, text: str, seconds: float) -> None:
        """A prompt with its caption, sent at once."""
        await self.mark(f"b{number} {text}")
        await self.media(hum(seconds))
        await self.mark(f"e{number}")


async def listen(line: Line) -> None:
    """A desk that says nothing."""
    await line.until_the_end()


class StreamDesk:
    """Listens until the block ends; `talk` is called with the Line of every stream, and its return closes it."""

    def __init__(
        self, talk: Callable[[Line], Awaitable[None]] = listen, *, status: int = 101, code: int = 1000
    ) -> None:
        self.talk = talk
        self.lines: list[Line] = []
        self.errors: list[BaseException] = []
        self.port = 0
        self._status = status
        self._code = code
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> "StreamDesk":
        self._thread.start()
        assert self._ready.wait(10)
        self.url = f"ws://127.0.0.1:{self.port}/media"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)
        assert self.errors == []

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        listening = socket.socket()
        # A small window, so that an app that does not read is noticed soon.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listening.bind(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        options = {"process_request": self._refuse, "compression": None, "close_timeout": 1}
        async with serve(self._answer, sock=listening, **options):
            self._ready.set()
            await self._over.wait()

    def _refuse(self, connection, request):
        return None if self._status == 101 else connection.respond(HTTPStatus(self._status), "no\n")

    async def _answer(self, connection: ServerConnection) -> None:
        line = Line(connection)
        self.lines.append(line)
        try:
            await line.until(lambda message: message["event"] == "start")
            await self.talk(line)
            await connection.close(self._code)
        except ConnectionClosed:
            pass
        except Exception as error:
            self.errors.append(error)
        finally:
            line.closed.set()

    @property
    def line(self) -> Line:
        """The one stream there was."""
        (line,) = self.lines
        return line

    def connect(self, inside: str = "", **attributes: str) -> str:
        """TwiML that connects a call to this desk."""
        more = "".join(f" {name}={json.dumps(value)}" for name, value in attributes.items())
        return f'<Connect><Stream url="{self.url}"{more}>{inside}</Stream></Connect>'

    def frames_done(self, sid: str) -> int:
        """How many frames of a stream the desk has finished with."""
        return sum(line.frames_done for line in self.lines if len(line.received) > 1 and line.sid == sid)

    async def keep_step(self, sid: str, frames: int) -> None:
        """For `SimulatedNetwork.keep_step`: wait until the desk has finished with so many frames."""
        while not (found := [line for line in self.lines if len(line.received) > 1 and line.sid == sid]):
            await asyncio.sleep(0.001)
        await found[0].wait_for_frames(frames)


def settled(line: Line) -> Line:
    """The line, once its socket is closed and all it received is there."""
    assert line.closed.wait(10)
    return line
