"""Our own ear in rehearsals: the real media server on an event loop of its own, hearing what the data voice writes.

Call time stands while the server has something to do, so that a call is the same each time.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta

from audio.hearing.scripted import ScriptedActivity, ScriptedEars
from audio.speaking.scripted import ScriptedSpeaker
from house import House
from ivr.lines import Line
from ivr.media import MediaDeps, MediaServer
from ivr.streams import doors
from simulator.facade import SimulatedNetwork
from simulator.streams.lockstep import in_step_with

LANGUAGES = ("en", "zh", "ko")
_FOREVER = timedelta(days=3_650)


@contextlib.contextmanager
def listening(house: House, net: SimulatedNetwork, port: int) -> Iterator[MediaServer]:
    """Every number of the house is heard by us, on this port, until the block ends."""
    with house.db.write() as session:
        for line in session.query(Line):
            line.ear = "house"
    # Call time jumps by minutes; a server that is there stays known.
    ahead = replace(house.calls, clock=lambda: net.now() + _FOREVER)
    doors.beat(ahead, name="always", streams=0, room=dict.fromkeys(LANGUAGES, 1_000))
    ready: Future[tuple[MediaServer, asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_carry(house, port, ready)), name="media", daemon=True)
    thread.start()
    server, loop, stop = ready.result(timeout=20)
    net.keep_step(in_step_with(server.frames_done))
    try:
        yield server
    finally:
        net.keep_step(None)
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=20)
        assert not thread.is_alive(), "the media server did not stop"


async def _carry(
    house: House, port: int, ready: Future[tuple[MediaServer, asyncio.AbstractEventLoop, asyncio.Event]]
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    media = MediaDeps(
        calls=house.calls,
        ears=ScriptedEars(),
        make_activity=ScriptedActivity,
        speaker=ScriptedSpeaker(),
        bind=("127.0.0.1", port),
        audio_dir=house.calls.audio_dir,
        captions=True,
        name="rehearsal",
        languages=LANGUAGES,
        on_ready=lambda _port: ready.set_result((server, loop, stop)),
    )
    server = MediaServer(media)
    await server.run(stop)
