"""A whole call through a real media server into a real database: by voice, by keys, and back to the webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from media_lab import AUTH, caller, media_server

from ivr.calls import Call
from ivr.lines import Line
from ivr.streams import doors
from ivr.streams.lifecycle import StreamState
from ivr.streams.rows import MediaServer, Stream
from ivr.turns import TurnRow
from storage.database import Database
from telephony.twilio.provider import TwilioProvider

URL = "wss://desk.example/voice/stream"


def test_a_call_is_held_in_a_stream_and_comes_back_for_what_only_the_carrier_can_do(
    db: Database, tmp_path: Path, make_desk: Callable[..., Any]
) -> None:
    desk = make_desk(db, tmp_path, stream_url=URL)
    desk.publish()
    with desk.db.write() as s:
        for line in s.query(Line):
            line.ear = "house"
    calls = replace(desk.deps, provider=TwilioProvider("AC1", AUTH, "https://desk.example"))

    async def scenario() -> None:
        async with media_server({}, calls=calls, doors=doors, name="one") as house:
            async with asyncio.timeout(10):
                while not desk.rows(MediaServer):
                    await asyncio.sleep(0.01)
            phone = await asyncio.to_thread(desk.call)
            key = dict(phone.verbs[0]["parameters"])["key"]
            async with caller(house, key=key, call=phone.sid) as call:
                await call.quiet(1_000)
                await call.speak("telling us something")  # Into the prompt, which stops.
                await call.quiet(700)
                assert call.clears == 1
                await call.quiet(2_000)
                await call.speak("my parcel is wet and I am not amused")
                await call.quiet(2_500)
                await call.quiet(10_000)  # The last words; then the socket is closed.
                assert await call.closed() == 1000
            await house.empty()

    asyncio.run(scenario())
    assert [(s.state, s.why, s.said) for s in desk.rows(Stream)] == [(StreamState.LEFT, "", True)]
    first, answered, told = sorted(desk.rows(TurnRow), key=lambda turn: turn.number)
    assert first.heard["kind"] == "nothing"
    assert answered.heard["text"] == "telling us something"
    assert answered.heard["note"]["interrupted"]["after_ms"] > 0
    assert told.heard["text"] == "my parcel is wet and I am not amused"
    assert desk.row(Call).outcome == "completed"
