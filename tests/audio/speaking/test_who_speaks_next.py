"""One voice for many calls: whose sound is needed first speaks first, and who leaves lets the next one speak."""

from __future__ import annotations

import asyncio
import math

import pytest

from audio.errors import VoiceFailed
from audio.speaking.making import Making, Makings
from audio.speaking.order import SpeakingOrder
from audio.speaking.sound_memory import SoundMemory


def test_turns_go_by_when_the_sound_is_needed_then_by_who_asked_first() -> None:
    spoken: list[str] = []

    async def talk() -> None:
        order = SpeakingOrder()

        async def speak(name: str, needed_at_s: float) -> None:
            async with order.turn(needed_at_s):
                spoken.append(name)
                await asyncio.sleep(0)

        wishes = [("first", 5.0), ("idle", math.inf), ("later", 9.0), ("now", 1.0), ("now too", 1.0)]
        await asyncio.gather(*(speak(name, at_s) for name, at_s in wishes))

    asyncio.run(talk())
    assert spoken == ["first", "now", "now too", "later", "idle"]


def test_so_many_speak_at_once_and_one_who_left_does_not_keep_the_voice() -> None:
    async def talk() -> int:
        order = SpeakingOrder(at_once=2)
        speaking = most = 0
        go_on = asyncio.Event()

        async def speak() -> None:
            nonlocal speaking, most
            async with order.turn(0.0):
                speaking += 1
                most = max(most, speaking)
                try:
                    await go_on.wait()
                finally:
                    speaking -= 1

        tasks = [asyncio.create_task(speak()) for _ in range(8)]
        await asyncio.sleep(0)
        for task in (tasks[0], tasks[3], tasks[4]):  # One that speaks, two that wait.
            task.cancel()
        await asyncio.sleep(0)
        tasks[2].cancel()  # Its turn has come, and it has not noticed yet.
        await asyncio.sleep(0)
        go_on.set()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(isinstance(result, asyncio.CancelledError) for result in done) == 4
        async with asyncio.timeout(5), order.turn(0.0), order.turn(0.0):
            return most

    assert asyncio.run(talk()) == 2


def test_a_sound_is_made_once_and_dropped_only_when_nobody_waits_and_it_has_not_begun() -> None:
    made: list[str] = []

    async def talk() -> None:
        makings = Makings()
        gate = asyncio.Event()

        async def make(making: Making) -> bytes:
            await gate.wait()
            making.begun = True
            made.append("sound")
            await asyncio.sleep(0.01)
            return b"sound"

        waiting = [asyncio.create_task(makings.join("key", make)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        gate.set()
        await asyncio.sleep(0.005)
        waiting[1].cancel()
        assert await waiting[2] == b"sound"
        gate.clear()
        alone = asyncio.create_task(makings.join("key", make))
        await asyncio.sleep(0)
        alone.cancel()
        await asyncio.sleep(0)
        gate.set()
        await asyncio.sleep(0.02)

        async def fail(_making: Making) -> bytes:
            raise VoiceFailed("No.")

        for _ in range(2):
            with pytest.raises(VoiceFailed):
                await makings.join("key", fail)

    asyncio.run(talk())
    assert made == ["sound"]


def test_memory_holds_no_more_than_its_limit_and_nothing_that_would_fill_it() -> None:
    memory = SoundMemory(10_000)
    for number in range(50):
        memory.put(str(number), bytes(800))
        assert memory.size_bytes <= 10_000
    assert memory.get("49") == bytes(800)
    assert memory.get("0") is None
    memory.put("49", bytes(100))
    assert memory.get("49") == bytes(100)
    kept = len(memory)
    memory.put("music", bytes(6_000))
    assert memory.get("music") is None
    assert len(memory) == kept
