"""A carrier that does what a test tells it: phones over its control interface, and one websocket of live sound."""

from __future__ import annotations

import asyncio
import json
import threading
from types import TracebackType
from typing import Any, Self

from aiohttp import WSMsgType, web

TICKET = "only-once"


class ScriptedCarrier:
    """One phone at a time. `events` are what the phone is told, `heard` the mu-law that its browser sent."""

    def __init__(self) -> None:
        self.url = ""
        self.events: list[dict[str, Any]] = []
        self.heard = bytearray()
        self.deeds: list[tuple[str, dict[str, Any]]] = []
        self.upgrades: list[dict[str, str]] = []
        self._wire: web.WebSocketResponse | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="scripted-carrier", daemon=True)
        self._runner: web.AppRunner | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        assert self._runner is not None
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def tell(self, kind: str, **fields: Any) -> None:
        """An event of the phone."""
        self.events.append({"seq": len(self.events) + 1, "kind": kind, **fields})

    def send(self, message: bytes | dict[str, Any]) -> None:
        """Sound, or a text message, for the browser."""
        asyncio.run_coroutine_threadsafe(self._send(message), self._loop).result(10)

    def drop(self) -> None:
        """Cut the browser's websocket."""
        assert self._wire is not None
        asyncio.run_coroutine_threadsafe(self._wire.close(), self._loop).result(10)

    async def _send(self, message: bytes | dict[str, Any]) -> None:
        assert self._wire is not None
        if isinstance(message, bytes):
            await self._wire.send_bytes(message)
        else:
            await self._wire.send_str(json.dumps(message))

    async def _start(self) -> None:
        app = web.Application()
        app.add_routes(
            [
                web.post("/phones", self._dial),
                web.get("/phones/{phone}/events", self._follow),
                web.get("/phones/{phone}/audio", self._listen),
                web.post("/phones/{phone}/{deed}", self._act),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _dial(self, _request: web.Request) -> web.Response:
        self.events.clear()
        return web.json_response({"id": "p1", "call_sid": "CA" + "1" * 32}, status=201)

    async def _follow(self, request: web.Request) -> web.Response:
        after = int(request.query["after"])
        for _ in range(20):
            if len(self.events) > after:
                break
            await asyncio.sleep(0.05)
        return web.json_response({"events": self.events[after:]})

    async def _act(self, request: web.Request) -> web.Response:
        deed = request.match_info["deed"]
        if deed == "audio":
            return web.json_response({"ticket": TICKET, "path": f"/phones/p1/audio?ticket={TICKET}"})
        self.deeds.append((deed, await request.json()))
        if deed == "hangup":
            self.tell("hangup")
        return web.json_response({"ok": True})

    async def _listen(self, request: web.Request) -> web.WebSocketResponse:
        self.upgrades.append(dict(request.query))
        self._wire = wire = web.WebSocketResponse()
        await wire.prepare(request)
        async for message in wire:
            if message.type is WSMsgType.BINARY:
                self.heard += message.data
        return wire
