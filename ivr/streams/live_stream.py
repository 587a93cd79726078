"""One live stream of one call: its socket is read in one place, written in one place, and neither waits for the house.

All that is known of a call lies in here and in what it holds; nothing of it outlives the stream.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from audio.hearing.ears import EarFailedError, NoEarError
from ivr.errors import place_of
from ivr.streams.conductor import Conductor
from ivr.streams.doors import StreamGoneError, StreamRefusedError
from ivr.streams.doorway import Doorway
from ivr.streams.ending import Ending, close_socket, tell
from ivr.streams.figures import Figures
from ivr.streams.lockstep import Lockstep
from ivr.streams.media_deps import MediaDeps
from ivr.streams.outbox import Outbox
from ivr.streams.tasks import Tasks
from telephony.media import MediaDialect, MediaError, SoundHeard, StreamStarted, StreamStopped

log = logging.getLogger(__name__)

UNREADABLE_AT_MOST = 50
"""Messages of one stream that nobody can read; after more, whoever sends them is no carrier of ours."""

_ENDINGS: Mapping[type[Exception], Ending] = {
    ConnectionClosed: Ending.CUT,
    StreamRefusedError: Ending.REFUSED,
    StreamGoneError: Ending.GONE,
    NoEarError: Ending.OVERLOAD,
    EarFailedError: Ending.RECOGNISER,
}


class LiveStream:
    """A stream whose carrier has said which call it is. `run` holds it to its end.

    `on_entered` is told once the house has let it in.

    Attributes:
        heard_at: when its last message came, in seconds of `time.monotonic`.
    """

    def __init__(
        self,
        media: MediaDeps,
        doorway: Doorway,
        figures: Figures,
        socket: ServerConnection,
        dialect: MediaDialect,
        started: StreamStarted,
        on_entered: Callable[[LiveStream], None],
    ) -> None:
        self.call_sid, self.stream_sid = started.call_sid, started.stream_sid
        self.heard_at = time.monotonic()
        self._started, self._socket, self._dialect, self._doorway = started, socket, dialect, doorway
        self._on_entered = on_entered
        self._outbox = Outbox(dialect, started.stream_sid)
        self._tasks = Tasks(self._fail)
        self._conductor = Conductor(media, doorway, figures, self._outbox, self._tasks.spawn, self.end)
        self._lockstep = Lockstep(lambda: self._conductor.is_idle)
        self._unreadable = 0
        self._ending: Ending | None = None
        self._over = asyncio.Event()

    @property
    def frames_done(self) -> int:
        """How many messages with sound are done with; see `Lockstep`."""
        return self._lockstep.frames_done

    def end(self, ending: Ending) -> None:
        """End the stream; the first reason counts."""
        if self._ending is None:
            self._ending = ending
            self._over.set()

    async def run(self) -> None:
        """Hold the stream until it ends; then the house is told, the ear given back, and the socket closed."""
        log.info("the stream of %s began", self.call_sid)
        reader = self._tasks.spawn(self._read())
        self._tasks.spawn(self._outbox.drain(self._socket.send))
        self._conductor.enter(self._started, lambda: self._on_entered(self))
        try:
            await self._over.wait()
            self._tasks.cancel(but=(reader, self._conductor.step))
            await self._conductor.settled()
            self._conductor.close()
            await self._tell()
        finally:
            self._conductor.close()
            await close_socket(self._socket)
            self._lockstep.over()
            await self._tasks.gone()
            log.info("the stream of %s ended: %s", self.call_sid, self._ending)

    async def _tell(self) -> None:
        if self._conductor.turn is None or self._ending is None:
            return
        try:
            await tell(self._doorway, self._conductor.turn, self._ending)
        except Exception as error:
            # The carrier asks for the next instructions all the same, and a stream that left no word counts as cut.
            log.error("the end of the stream of %s was not noted: %s", self.call_sid, place_of(error))  # noqa: TRY400

    def _fail(self, error: Exception) -> None:
        ending = next((ending for kind, ending in _ENDINGS.items() if isinstance(error, kind)), Ending.ERROR)
        if ending is Ending.ERROR:
            log.error("the stream of %s failed: %s", self.call_sid, place_of(error))
        self.end(ending)

    async def _read(self) -> None:
        """Take every message, also those that come while the stream ends: they mean nothing then."""
        while True:
            message = await self._socket.recv()
            self.heard_at = time.monotonic()
            if self._ending is not None:
                continue
            try:
                self._take(message)
            except MediaError as error:
                self._skip(error)
            except Exception as error:
                self._fail(error)

    def _take(self, message: str | bytes) -> None:
        event = self._dialect.read(message)
        match event:
            case StreamStopped():
                self.end(Ending.STOPPED)
            case SoundHeard():
                self._conductor.sound(event)
                self._lockstep.frame()
            case None | StreamStarted():
                pass
            case _:
                self._conductor.take(event)

    def _skip(self, error: MediaError) -> None:
        self._unreadable += 1
        if self._unreadable == 1:
            log.warning("skipped a message of the stream of %s: %s", self.call_sid, error)
        if self._unreadable > UNREADABLE_AT_MOST:
            log.warning("the stream of %s has %d unreadable messages", self.call_sid, self._unreadable)
            self.end(Ending.ERROR)
