"""A phone's live sound for a browser: its microphone into the call, and what the phone hears out of it.

POST /phones/{id}/audio gives a ticket to whoever has the control token; the browser shows it once, at
GET /phones/{id}/audio?ticket=…, a websocket. Binary messages are mu-law, 8000 bytes a second, both ways; text messages
go to the browser only: {"kind": "clear"} (playback stops at once) and {"kind": "latency", "ms": …}.
"""

import asyncio
import json
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from simulator.control.door import problem
from simulator.legs import Leg
from simulator.mu_law import BYTES_A_SECOND, FRAME_BYTES
from simulator.rest.access import carrier_of
from simulator.streams.microphone import Microphone

AHEAD_S = 0.1
# A browser that does not read gets so much later, and nothing of what was dropped.
_MOST_WAITING_S = 30.0
_LARGEST_MESSAGE = 64 * 1024


class Loudspeaker:
    """An ear of the call at the browser. Sound goes out at most 100 ms of real time before it is to be heard."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._sound: deque[bytes] = deque()
        self._notes: deque[dict[str, Any]] = deque()
        self._waiting = 0
        self._heard_until = 0.0
        self._something = asyncio.Event()

    def say(self, at_s: float, sound: bytes) -> None:
        """What the phone's holder says they hear without us."""

    def hear(self, at_s: float, sound: bytes) -> None:
        if self._waiting + len(sound) <= _MOST_WAITING_S * BYTES_A_SECOND:
            pieces = [sound[at : at + FRAME_BYTES] for at in range(0, len(sound), FRAME_BYTES)]
            self._sound.extend(pieces)
            self._waiting += len(sound)
            self._something.set()

    def cut(self, at_s: float) -> None:
        """The browser holds back a little of what it was sent; that must stop as well."""
        if self._waiting or asyncio.get_running_loop().time() < self._heard_until + AHEAD_S:
            self._sound.clear()
            self._waiting = 0
            self.note({"kind": "clear"})

    def note(self, message: dict[str, Any]) -> None:
        self._notes.append(message)
        self._something.set()

    async def run(self) -> None:
        """Send until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            while self._notes:
                await self._socket.send_str(json.dumps(self._notes.popleft()))
            if not self._sound:
                self._something.clear()
                await self._something.wait()
                continue
            ahead_s = self._heard_until - loop.time()
            if ahead_s > AHEAD_S:
                self._something.clear()
                await _first_of(self._something, ahead_s - AHEAD_S)
                continue
            piece = self._sound.popleft()
            self._waiting -= len(piece)
            self._heard_until = max(self._heard_until, loop.time()) + len(piece) / BYTES_A_SECOND
            await self._socket.send_bytes(piece)


async def _first_of(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


async def issue_ticket(request: web.Request) -> web.Response:
    """POST /phones/{id}/audio → 201 {ticket, path}; the ticket is good for one use within a minute."""
    leg = _leg(request)
    if leg.phone.over:
        return problem(409, "The call is over.")
    ticket = carrier_of(request).tickets.issue(leg.phone.id)
    return web.json_response({"ticket": ticket, "path": f"/phones/{leg.phone.id}/audio?ticket={ticket}"}, status=201)


async def live_audio(request: web.Request) -> web.StreamResponse:
    """GET /phones/{id}/audio?ticket=, an upgrade to a websocket; the newest browser has the microphone."""
    leg = _leg(request)
    if not carrier_of(request).tickets.use(request.query.get("ticket", ""), leg.phone.id):
        return problem(403, "The ticket is unknown, used or out of date; ask for a new one.")
    socket = web.WebSocketResponse(heartbeat=20.0, max_msg_size=_LARGEST_MESSAGE, compress=False)
    if not socket.can_prepare(request).ok:
        return problem(426, "This address wants a websocket.")
    await socket.prepare(request)
    await _connect(leg, socket)
    return socket


async def _connect(leg: Leg, socket: web.WebSocketResponse) -> None:
    microphone, loudspeaker = Microphone(), Loudspeaker(socket)
    leg.microphone = microphone
    leg.ears.append(loudspeaker)
    sending = asyncio.ensure_future(loudspeaker.run())
    following = asyncio.ensure_future(_follow(leg, loudspeaker, socket))
    try:
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                microphone.put(message.data)
    finally:
        sending.cancel()
        following.cancel()
        leg.ears.remove(loudspeaker)
        if leg.microphone is microphone:
            leg.microphone = None
        await asyncio.gather(sending, following, return_exceptions=True)


async def _follow(leg: Leg, loudspeaker: Loudspeaker, socket: web.WebSocketResponse) -> None:
    """Tell the browser of latencies, and hang up its sound with the call."""
    seen = len(leg.phone.events)
    while not leg.phone.over:
        for event in await leg.phone.watch(seen):
            seen = event["seq"]
            if event["kind"] == "latency":
                loudspeaker.note({"kind": "latency", "ms": event["ms"]})
    await socket.close()


def _leg(request: web.Request) -> Leg:
    leg = carrier_of(request).phones.get(request.match_info["phone"])
    if leg is None:
        raise web.HTTPNotFound(text='{"error": "There is no such phone."}', content_type="application/json")
    return leg


def live_audio_routes() -> list[web.RouteDef]:
    """The addresses of live sound."""
    return [web.post("/phones/{phone}/audio", issue_ticket), web.get("/phones/{phone}/audio", live_audio)]
