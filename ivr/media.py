"""The media server: live streams of calls, in a process of its own, on one event loop.

It shares nothing with the web application but the database. A carrier connects to one path, signed; plain HTTP is
answered on /health alone.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus

from websockets.asyncio.server import Server, ServerConnection
from websockets.asyncio.server import serve as serve_websockets
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from ivr.errors import place_of
from ivr.streams.doorway import Doorway
from ivr.streams.ending import Ending, close_socket
from ivr.streams.figures import Figures
from ivr.streams.live_stream import UNREADABLE_AT_MOST, LiveStream
from ivr.streams.lockstep import EVERY_FRAME
from ivr.streams.media_deps import MediaDeps
from telephony.media import MediaDialect, MediaError, StreamStarted
from telephony.provider import HttpRequest

__all__ = ["MediaDeps", "MediaServer", "run", "serve"]

log = logging.getLogger(__name__)

BEAT_EVERY_S = 2.0
LARGEST_MESSAGE_BYTES = 64 * 1024
_ENDED_KEPT = 1_000
# Twilio opens at most a few streams a second for one server; so many at once wait in the kernel, not in us.
_BACKLOG = 512

_wire_log = logging.getLogger(f"{__name__}.wire")
_wire_log.setLevel(logging.CRITICAL)  # What a stranger sends to the port is no error of ours.


class MediaServer:
    """Every live stream of one process."""

    def __init__(self, media: MediaDeps) -> None:
        if media.calls.provider.media is None:
            raise ValueError(f"The provider {media.calls.provider.name} has no live streams.")
        self._media = media
        self._doorway = Doorway(media.doors, media.calls)
        self._figures = Figures()
        self._streams: dict[str, LiveStream] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._opened = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Carry streams until `stop`; then every call is sent back to the webhooks before this returns."""
        self._media.make_activity()  # The first one loads a model, which no caller should wait for.
        host, port = self._media.bind
        server = await serve_websockets(
            self._hold,
            host,
            port,
            process_request=self._admit,
            compression=None,  # Sound does not shrink, and deflating costs more than all the rest.
            max_size=LARGEST_MESSAGE_BYTES,
            close_timeout=3,
            server_header=None,
            logger=_wire_log,
            backlog=_BACKLOG,
        )
        beat = asyncio.create_task(self._beat())
        try:
            port = next(iter(server.sockets)).getsockname()[1]
            log.info("live streams on port %d", port)
            self._media.on_ready(port)
            await stop.wait()
        finally:
            beat.cancel()
            await self._tell({})  # No call is sent here any more.
            await self._close(server)
            self._doorway.close()

    def frames_done(self, stream_sid: str) -> int:
        """How many messages with sound of a stream are done with, all that they caused included; see `Lockstep`.

        0 for a stream that has not said its sid yet, more than any carrier sends for one that is over.
        """
        if stream_sid in self._ended:
            return EVERY_FRAME
        stream = self._streams.get(stream_sid)
        return 0 if stream is None else stream.frames_done

    def figures(self) -> Mapping[str, Mapping[str, float]]:
        """How quick the latest turns were, in milliseconds, and how many streams there are."""
        return {"streams": {"now": len(self._streams), "opened": self._opened}, **self._figures.summary()}

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Only a signed upgrade on the one path becomes a stream."""
        if request.path == "/health":
            return connection.respond(HTTPStatus.OK, "ok\n")
        if request.path != self._media.path:
            return connection.respond(HTTPStatus.NOT_FOUND, "There is nothing here.\n")
        headers = {name.lower(): value for name, value in request.headers.raw_items()}
        sent = HttpRequest(method="GET", target=request.path, headers=headers, form={})
        calls = self._media.calls
        if not calls.provider.verify_stream(sent, calls.stream_url):
            log.warning("refused a stream: it is not signed by %s", calls.provider.name)
            return connection.respond(HTTPStatus.FORBIDDEN, "The request is not signed.\n")
        return None

    async def _hold(self, socket: ServerConnection) -> None:
        """One connection, from its upgrade to its close."""
        dialect = self._media.calls.provider.media
        if dialect is None:
            return
        try:
            await self._carry(socket, dialect)
        except Exception as error:
            log.error("a stream could not be carried: %s", place_of(error))  # noqa: TRY400 - the text may be private.
            await close_socket(socket)

    async def _carry(self, socket: ServerConnection, dialect: MediaDialect) -> None:
        started = await self._started(socket, dialect)
        if started is None:
            await close_socket(socket)
            return
        if started.stream_sid in self._streams:
            log.warning("refused a stream of %s: its sid is in use", started.call_sid)
            await close_socket(socket)
            return
        stream = LiveStream(self._media, self._doorway, self._figures, socket, dialect, started, self._let_in)
        self._streams[started.stream_sid] = stream
        self._opened += 1
        try:
            await stream.run()
        finally:
            del self._streams[started.stream_sid]
            self._ended[started.stream_sid] = None
            if len(self._ended) > _ENDED_KEPT:
                self._ended.popitem(last=False)

    def _let_in(self, newer: LiveStream) -> None:
        """One live stream for each call: once the house let the newer one in, older ones end."""
        for stream in self._streams.values():
            if stream is not newer and stream.call_sid == newer.call_sid:
                stream.end(Ending.SUPERSEDED)

    async def _started(self, socket: ServerConnection, dialect: MediaDialect) -> StreamStarted | None:
        """Which stream it is; None when it does not say so in time. What comes before means nothing."""
        unreadable = 0
        try:
            async with asyncio.timeout(self._media.start_within_s):
                while unreadable <= UNREADABLE_AT_MOST:
                    message = await socket.recv()
                    try:
                        event = dialect.read(message)
                    except MediaError:
                        unreadable += 1
                        continue
                    if isinstance(event, StreamStarted):
                        return event
        except (TimeoutError, ConnectionClosed):
            pass
        log.warning("closed a connection that did not say which stream it is")
        return None

    async def _beat(self) -> None:
        """Tell that we live and what room there is, and give up streams of which nothing is heard."""
        while True:
            await self._tell({language: self._media.ears.room(language) for language in self._media.languages})
            silent_since = time.monotonic() - self._media.silent_after_s
            for stream in list(self._streams.values()):
                if stream.heard_at < silent_since:
                    stream.end(Ending.SILENT)
            await asyncio.sleep(BEAT_EVERY_S)

    async def _tell(self, room: Mapping[str, int]) -> None:
        try:
            await self._doorway.beat(self._media.name, len(self._streams), room)
        except Exception as error:
            log.error("the media server could not tell that it lives: %s", place_of(error))  # noqa: TRY400 - see above.

    async def _close(self, server: Server) -> None:
        server.close(close_connections=False)
        for stream in list(self._streams.values()):
            stream.end(Ending.MOVED)
        while self._streams:
            await asyncio.sleep(0.02)
        await asyncio.gather(*(close_socket(connection) for connection in list(server.connections)))
        await server.wait_closed()


async def serve(media: MediaDeps, stop: asyncio.Event) -> None:
    """Carry live streams until `stop`."""
    await MediaServer(media).run(stop)


def run(opened: Callable[[], AbstractAsyncContextManager[MediaDeps]]) -> None:
    """Carry live streams until the process is asked to end, on uvloop where there is one.

    `opened` makes what the server needs, within its event loop, and gives it back.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_until_signalled(opened))


async def _until_signalled(opened: Callable[[], AbstractAsyncContextManager[MediaDeps]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with opened() as media:
        await serve(media, stop)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
