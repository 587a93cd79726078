"""The websocket of a stream: opened as the carrier opens it, written without ever waiting for the app to read."""

import asyncio
import contextlib
import socket
from collections.abc import Callable

import aiohttp

from simulator.carrier import Carrier
from simulator.errors import SimulatorError
from simulator.signature import sign

HANDSHAKE, UNREACHABLE, CONGESTED = 31920, 31901, 31930
OPENING_S = 10.0
CLOSING_S = 2.0
# Five seconds of sound may wait for an app that does not read; what comes on top is discarded.
MOST_WAITING = 250
_SYSTEM_BUFFER = 64 * 1024


class StreamRefusedError(SimulatorError):
    """No stream came about; `code` is Twilio's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class StreamSocket:
    """One open socket. `over` is done when it is closed, with the close code (1006: it broke)."""

    def __init__(
        self,
        wire: aiohttp.ClientWebSocketResponse,
        on_text: Callable[[str], None],
        on_binary: Callable[[], None],
        on_over: Callable[[], None],
    ) -> None:
        self._wire = wire
        self._on_text, self._on_binary, self._on_over = on_text, on_binary, on_over
        self._outbox: asyncio.Queue[str | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        self.over: asyncio.Future[int] = loop.create_future()
        self._writing = loop.create_task(self._write())
        self._reading = loop.create_task(self._read())

    @property
    def is_congested(self) -> bool:
        """Whether the app has stopped reading."""
        return self._outbox.qsize() >= MOST_WAITING

    def send(self, message: str) -> None:
        """Send a message soon; after the end of the socket it goes nowhere."""
        if not self.over.done():
            self._outbox.put_nowait(message)

    async def close(self) -> None:
        """Send what waits, then close; an app that does not play along is left after two seconds."""
        self._outbox.put_nowait(None)
        await asyncio.wait({self._writing}, timeout=CLOSING_S)
        with contextlib.suppress(TimeoutError, aiohttp.ClientError, ConnectionError):
            await asyncio.wait_for(self._wire.close(), CLOSING_S)
        self._finish(1000)
        await self._stop_tasks()

    def abandon(self) -> None:
        """Leave the socket as it is; nothing is read or written any more."""
        for task in (self._writing, self._reading):
            task.cancel()

    async def cut(self) -> None:
        """The network breaks: no stop, no close frame."""
        wire = self._wire.get_extra_info("socket")
        if wire is not None:
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
        self._finish(1006)
        await self._stop_tasks()
        with contextlib.suppress(TimeoutError, aiohttp.ClientError, ConnectionError):
            await asyncio.wait_for(self._wire.close(), CLOSING_S)

    async def _stop_tasks(self) -> None:
        self.abandon()
        await asyncio.gather(self._writing, self._reading, return_exceptions=True)

    async def _write(self) -> None:
        while (message := await self._outbox.get()) is not None:
            try:
                await self._wire.send_str(message)
            except (aiohttp.ClientError, ConnectionError, RuntimeError):
                self._finish(1006)
                return

    async def _read(self) -> None:
        async for message in self._wire:
            if message.type is aiohttp.WSMsgType.TEXT:
                self._on_text(message.data)
            elif message.type is aiohttp.WSMsgType.BINARY:
                self._on_binary()
        self._finish(self._wire.close_code or 1006)

    def _finish(self, code: int) -> None:
        if not self.over.done():
            self.over.set_result(code)
            self._on_over()


async def open_wire(carrier: Carrier, url: str) -> aiohttp.ClientWebSocketResponse:
    """Knock at the app with a signed upgrade. Raises StreamRefusedError."""
    headers = {"x-twilio-signature": sign(carrier.settings.auth_token, url, ()), "User-Agent": "TwilioProxy/1.1"}
    knocking = carrier.webhooks.session.ws_connect(
        url, headers=headers, timeout=aiohttp.ClientWSTimeout(ws_close=CLOSING_S), max_msg_size=16 << 20
    )
    try:
        with carrier.clock.busy():
            wire = await asyncio.wait_for(knocking, OPENING_S)
    except aiohttp.WSServerHandshakeError as error:
        raise StreamRefusedError(HANDSHAKE, f"The app answered {error.status} instead of 101.") from error
    except TimeoutError as error:
        raise StreamRefusedError(UNREACHABLE, f"The app did not answer within {OPENING_S:g} s.") from error
    except (aiohttp.ClientError, OSError) as error:
        raise StreamRefusedError(UNREACHABLE, "The app could not be reached.") from error
    # The system would take minutes of sound for an app that does not read, and nobody would notice.
    under = wire.get_extra_info("socket")
    if under is not None:
        under.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SYSTEM_BUFFER)
    return wire
