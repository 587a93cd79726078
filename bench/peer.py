"""A small HTTP/1.1 peer on raw streams: posts signed webhooks over one kept-alive connection.

A full client library would cost more CPU than the server it measures.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server answered: status, body and how long it took in milliseconds."""

    status: int
    body: str
    ms: float


class Peer:
    """One connection to the measured server."""

    def __init__(self, base_url: str, token: str) -> None:
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._base_url, self._key = base_url, token.encode()
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    async def close(self) -> None:
        """Disconnect."""
        if self._writer:
            self._writer.close()

    async def post(self, target: str, form: dict[str, str]) -> Answer:
        """Post a signed form to a path of the server. Raises ConnectionError when it went away."""
        if self._writer is None or self._reader is None:
            await self.open()
        assert self._writer is not None
        assert self._reader is not None
        body = urlencode(form)
        head = (
            f"POST {target} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
            f"X-Twilio-Signature: {self._sign(target, form)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        loop = asyncio.get_running_loop()
        start = loop.time()
        self._writer.write((head + body).encode())
        status, text = await _read_answer(self._reader)
        return Answer(status=status, body=text, ms=(loop.time() - start) * 1000)

    async def wait(self, seconds: float) -> None:
        """Let time pass, as a caller who listens."""
        await asyncio.sleep(seconds)

    def _sign(self, target: str, form: dict[str, str]) -> str:
        signed = self._base_url + target + "".join(name + form[name] for name in sorted(form))
        return base64.b64encode(hmac.new(self._key, signed.encode(), hashlib.sha1).digest()).decode()


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, str]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split(" ", 2)[1])
    length = next(
        (int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length:")), 0
    )
    return status, (await reader.readexactly(length)).decode()
