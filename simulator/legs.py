"""A leg: one call, the phone at its end, what the phone does, and what the network does to it."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from simulator.call_tape import CallTape
from simulator.calls import Call, CallStatus, Source
from simulator.clock import Clock, Timer
from simulator.ears import Ear, LiveSound
from simulator.mu_law import encode
from simulator.phones import Phone
from simulator.sound import RATE_HZ, Samples, murmur
from simulator.streams.microphone import Microphone

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key: 0-9, * or #."""

    digit: str


@dataclass(frozen=True, kw_only=True)
class Speech:
    """Words as the carrier's recogniser will report them. `confidence` None: it does not say how sure it is.

    `samples` is how they sound; without it recordings hold a hum as long as the words take.
    """

    text: str
    confidence: float | None
    seconds: float
    samples: Samples | None = None

    @property
    def sound(self) -> Samples:
        """What a recording hears."""
        return self.samples if self.samples is not None else murmur(self.text)


@dataclass(frozen=True, kw_only=True)
class Sound:
    """Recorded sound spoken into the phone."""

    samples: Samples
    seconds: float


@dataclass(frozen=True, kw_only=True)
class PickUp:
    """The holder of a ringing phone answers it."""


@dataclass(frozen=True, kw_only=True)
class News:
    """Word from another leg to this one; `about` is what it is about, `what` says it in a word."""

    what: str
    about: Any


Input = Key | Speech | Sound | PickUp | News


class Signal(Exception):  # noqa: N818 - these are turns of a call, not errors
    """Something that ends whatever the leg is waiting for."""


class HungUp(Signal):
    """The call is over. `by` is caller, callee, app or carrier; `status` is how a call ends that was never answered."""

    def __init__(self, by: str, reason: str = "", *, status: CallStatus | None = None) -> None:
        super().__init__(reason)
        self.by = by
        self.reason = reason
        self.status = status


class Redirected(Signal):
    """The REST interface put new TwiML on the call."""

    def __init__(self, source: Source) -> None:
        super().__init__("redirected")
        self.source = source


class Dequeued(Signal):
    """The call leaves its queue: to talk to `peer`, or to run `source`."""

    def __init__(
        self, *, peer: "Leg | None" = None, whisper: Source | None = None, source: Source | None = None
    ) -> None:
        super().__init__("dequeued")
        self.peer = peer
        self.whisper = whisper
        self.source = source


class BridgeOver(Signal):
    """The other side of a conversation has gone, and this side goes on."""


class Leg:
    """The waiting place of a call: time, keys, words and signals all arrive here."""

    def __init__(self, call: Call, phone: Phone, clock: Clock, role: str) -> None:
        self.call = call
        self.phone = phone
        self.clock = clock
        self.role = role
        self.limit: Timer | None = None
        self.tapes: list[CallTape] = []
        self.ears: list[Ear] = []
        self.stream: LiveSound | None = None
        self.microphone: Microphone | None = None
        self.at_end: list[Callable[[], None]] = []
        self._inbox: deque[Input] = deque()
        self._signal: Signal | None = None
        self._wake: asyncio.Future[None] | None = None
        self._abandoned: set[asyncio.Future[Any]] = set()

    def push(self, item: Input) -> None:
        """The phone's holder, or another leg, does something."""
        if (self.tapes or self.ears) and isinstance(item, Speech | Sound):
            self._let_hear(item.samples if isinstance(item, Sound) else item.sound)
        self._inbox.append(item)
        self._ring()

    def _let_hear(self, samples: Samples) -> None:
        now_s = self.clock.elapsed_s()
        for tape in self.tapes:
            tape.say(now_s, samples)
        if self.stream is None:
            # A stream tells the ears itself, frame by frame, when it has them said.
            for ear in self.ears:
                ear.say(now_s, encode(samples))

    def wake(self) -> None:
        """Let whoever waits look again; `wait` returns None."""
        self._ring()

    def interrupt(self, signal: Signal) -> None:
        """The network does something. A hang-up already on its way is not overtaken."""
        if not isinstance(self._signal, HungUp):
            self._signal = signal
        self._ring()

    async def wait(self, seconds: float | None = None) -> Input | None:
        """The next input, or None after `seconds` without one (None: wait for ever). Raises a Signal."""
        self._check()
        if self._inbox:
            return self._inbox.popleft()
        if seconds is not None and seconds <= 0:
            return None
        self._wake = asyncio.get_running_loop().create_future()
        timer = self.clock.call_later(seconds, self._ring) if seconds is not None else None
        try:
            await self._wake
        finally:
            if timer is not None:
                timer.cancel()
            self._wake = None
        self._check()
        return self._inbox.popleft() if self._inbox else None

    async def pass_time(self, seconds: float, heeds: Callable[[Input], bool] | None = None) -> Input | None:
        """Let time pass; return early with the first input that `heeds` wants, drop the others visibly."""
        deadline = self.clock.elapsed_s() + seconds
        while True:
            item = await self.wait(deadline - self.clock.elapsed_s())
            if item is None and deadline - self.clock.elapsed_s() <= 1e-6:
                return None
            if item is not None and heeds is not None and heeds(item):
                return item
            if item is not None:
                self.drop(item)

    async def listen_to(
        self, seconds: float, sound: Callable[[], Samples | None], heeds: Callable[[Input], bool] | None = None
    ) -> Input | None:
        """`pass_time` while the phone is played something; as much of it as was heard is on the call's tapes."""
        begun_s = self.clock.elapsed_s()
        live = sound() if self.ears else None
        if live is not None:
            for ear in self.ears:
                ear.hear(begun_s, encode(live[: round(seconds * RATE_HZ)]))
        try:
            return await self.pass_time(seconds, heeds)
        finally:
            if self.clock.elapsed_s() - begun_s < seconds - 1e-3:
                for ear in self.ears:
                    ear.cut(self.clock.elapsed_s())
            samples = sound() if self.tapes else None
            if samples is not None:
                heard = samples[: round((self.clock.elapsed_s() - begun_s) * RATE_HZ)]
                for tape in self.tapes:
                    tape.hear(begun_s, heard)

    def drop(self, item: Input) -> None:
        """Nobody listens for this: tell the phone's holder, who would wonder."""
        if isinstance(item, Key):
            self.phone.emit("ignored", digits=item.digit, reason="Nobody listens for keys at this moment.")
        elif isinstance(item, Speech):
            self.phone.emit("ignored", text=item.text, reason="Nobody listens for speech at this moment.")
        elif isinstance(item, Sound):
            self.phone.emit("ignored", seconds=item.seconds, reason="Nobody records at this moment.")

    async def until(self, work: Coroutine[Any, Any, T]) -> T:
        """Await `work`, unless a signal comes first; then `work` finishes by itself and its result is dropped."""
        task = asyncio.ensure_future(work)
        while not task.done():
            self._check_or_abandon(task)
            wake = self._wake = asyncio.get_running_loop().create_future()
            both: set[asyncio.Future[Any]] = {task, wake}
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._wake = None
        self._check_or_abandon(task)
        return task.result()

    def _check_or_abandon(self, task: "asyncio.Future[Any]") -> None:
        if self._signal is not None:
            self._abandoned.add(task)
            task.add_done_callback(self._forget)
        self._check()

    def _forget(self, task: "asyncio.Future[Any]") -> None:
        self._abandoned.discard(task)
        if not task.cancelled():
            task.exception()

    def _check(self) -> None:
        if self._signal is None:
            return
        signal = self._signal
        if not isinstance(signal, HungUp):
            self._signal = None
        raise signal

    def _ring(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
