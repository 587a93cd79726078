"""A telephone at the end of a leg: what its holder hears and sees, as numbered events."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simulator.clock import Clock
from simulator.errors import PhoneStateError

Event = dict[str, Any]


class Phone:
    """One end of a call.

    Every event has seq (from 1), at (ISO 8601, UTC), t (seconds since the phone was made, call time) and kind: ringing,
    answered, say, play, pause, gather, gather_end, record_start, beep, record_end, dial, dial_end, bridged, voice,
    hold, hold_end, twiml, request, pressed, said, spoke, ignored, greeting, machine_beep, voicemail, notification,
    hangup, and of streams: stream (state began, ended or failed), speaking, quiet, latency (ms) and fork.

    An attended phone has a driver outside the event loop: while the driver thinks, virtual time stands still.
    """

    def __init__(self, phone_id: str, number: str, clock: Clock, *, language: str | None, attended: bool) -> None:
        self.id = phone_id
        self.number = number
        self.language = language
        self.call_sid = ""
        self.events: list[Event] = []
        self.over = False
        self._clock = clock
        self._made_s = clock.elapsed_s()
        self._waiters: set[asyncio.Future[None]] = set()
        self._watchers: set[asyncio.Future[None]] = set()
        self._idle = 0
        self._attended = attended
        self._held = False
        self._settle()

    @property
    def age_s(self) -> float:
        """Seconds of call time since the phone was made."""
        return self._clock.elapsed_s() - self._made_s

    def emit(self, kind: str, **fields: Any) -> Event:
        """Add an event and wake whoever waits for one."""
        event: Event = {
            "seq": len(self.events) + 1,
            "at": self._clock.now().isoformat(timespec="milliseconds"),
            "t": round(self.age_s, 3),
            "kind": kind,
            **fields,
        }
        self.events.append(event)
        if kind == "hangup":
            self.over = True
        for waiter in [*self._waiters, *self._watchers]:
            if not waiter.done():
                waiter.set_result(None)
        self._settle()
        return event

    async def events_after(self, seq: int, wait_s: float, *, wall_clock: bool = False) -> list[Event]:
        """Events with a greater number; waits up to `wait_s` seconds for the first one when there are none yet.

        Args:
            wall_clock: measure `wait_s` in real seconds (a long poll) instead of call time (a scenario's patience).
        """
        if len(self.events) > seq or self.over or wait_s <= 0:
            return self.events[seq:]
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiters.add(waiter)
        self._settle()

        def wake() -> None:
            if not waiter.done():
                waiter.set_result(None)

        timer = loop.call_later(wait_s, wake) if wall_clock else self._clock.call_later(wait_s, wake)
        try:
            await waiter
        finally:
            timer.cancel()
            self._waiters.discard(waiter)
            self._settle()
        return self.events[seq:]

    async def watch(self, seq: int) -> list[Event]:
        """Events with a greater number, as soon as there are any; whoever watches is not the driver."""
        if len(self.events) <= seq and not self.over:
            watcher: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._watchers.add(watcher)
            try:
                await watcher
            finally:
                self._watchers.discard(watcher)
        return self.events[seq:]

    async def idle_until(self, t: float) -> None:
        """The driver lets call time pass until the phone is `t` seconds old, as events count."""
        await self.idle(max(0.0, t - self.age_s))

    async def idle(self, seconds: float) -> None:
        """The driver lets `seconds` of call time pass, whatever happens meanwhile."""
        with self.resting():
            await self._clock.sleep(seconds)

    @contextmanager
    def resting(self) -> Iterator[None]:
        """The driver waits for something else for the length of a block: virtual time may pass."""
        self._idle += 1
        self._settle()
        try:
            yield
        finally:
            self._idle -= 1
            self._settle()

    def let_go(self) -> None:
        """The driver has gone: virtual time no longer waits for this phone."""
        self._attended = False
        self._settle()

    def summary(self) -> dict[str, Any]:
        """What a list of phones shows."""
        kinds = {event["kind"] for event in self.events}
        state = "over" if self.over else "talking" if "answered" in kinds else "ringing"
        return {"id": self.id, "call_sid": self.call_sid, "number": self.number, "state": state}

    def refuse(self, sentence: str) -> PhoneStateError:
        """The error of a thing that cannot be done now, also noted as an event."""
        self.emit("ignored", reason=sentence)
        return PhoneStateError(sentence)

    def _settle(self) -> None:
        waits = self._idle > 0 or any(not waiter.done() for waiter in self._waiters)
        # Before it rings, nobody holds the phone yet.
        thinking = self._attended and bool(self.events) and not self.over and not waits
        if thinking and not self._held:
            self._clock.hold()
        elif self._held and not thinking:
            self._clock.release()
        self._held = thinking
