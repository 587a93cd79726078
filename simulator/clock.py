"""Call time: real, faster than real, or virtual.

All waiting of a call goes through a `Clock`. The virtual clock stands still while anything is outstanding (a webhook in
flight, a phone whose driver is thinking) and jumps to the next timer when the event loop has nothing left to do, so a
thousand calls need no real time.
"""

import asyncio
import heapq
import itertools
import selectors
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol


class Timer(Protocol):
    """A callback that will run at its time unless cancelled."""

    def cancel(self) -> None: ...


class Clock(ABC):
    """Seconds of call time. `hold` and `release` bracket work during which call time must not jump."""

    def __init__(self, starts_at: datetime | None = None) -> None:
        """Begin at `starts_at` (aware), by default at the present moment."""
        self._start = starts_at or datetime.now(UTC)

    def now(self) -> datetime:
        """The current moment of call time, aware, UTC."""
        return self._start + timedelta(seconds=self.elapsed_s())

    def book_time(self) -> datetime:
        """The moment to write into books that outlive this clock: call time, unless another one will go on from it."""
        return self.now()

    @abstractmethod
    def elapsed_s(self) -> float:
        """Seconds of call time since the clock was made."""

    @abstractmethod
    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        """Run `callback` in the event loop after `delay_s` seconds of call time."""

    @abstractmethod
    def hold(self) -> None:
        """Something is outstanding: call time may not jump."""

    @abstractmethod
    def release(self) -> None:
        """The counterpart of `hold`."""

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Hold the clock while the block runs."""
        self.hold()
        try:
            yield
        finally:
            self.release()

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` of call time pass."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not woken.done():
                woken.set_result(None)

        timer = self.call_later(max(0.0, seconds), wake)
        try:
            await woken
        finally:
            timer.cancel()


class RealClock(Clock):
    """Wall time, `speed` times as fast."""

    def __init__(self, speed: float = 1.0, starts_at: datetime | None = None) -> None:
        super().__init__(starts_at)
        self._ahead = self._start - datetime.now(UTC) if starts_at else timedelta()
        self._speed = speed
        self._origin = time.monotonic()

    def book_time(self) -> datetime:
        """Wall time, moved as far as the clock began ahead of it; a fast clock runs away from it, this one does not."""
        return datetime.now(UTC) + self._ahead

    def elapsed_s(self) -> float:
        return (time.monotonic() - self._origin) * self._speed

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(delay_s / self._speed, callback)

    def hold(self) -> None:
        """Real time waits for nobody."""

    def release(self) -> None:
        """Real time waits for nobody."""


class _HeapTimer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class VirtualClock(Clock):
    """Time that passes only when nobody has anything to do. Needs the loop of `new_loop`."""

    def __init__(self, starts_at: datetime | None = None) -> None:
        super().__init__(starts_at)
        self._elapsed_s = 0.0
        self._holds = 0
        self._order = itertools.count()
        self._timers: list[tuple[float, int, _HeapTimer]] = []

    def elapsed_s(self) -> float:
        return self._elapsed_s

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        timer = _HeapTimer(callback)
        heapq.heappush(self._timers, (self._elapsed_s + delay_s, next(self._order), timer))
        return timer

    def hold(self) -> None:
        self._holds += 1

    def release(self) -> None:
        self._holds -= 1

    def advance(self) -> bool:
        """Jump to the next timer and run all that are due then. False when held or when no timer is set."""
        if self._holds > 0:
            return False
        while self._timers and self._timers[0][2].callback is None:
            heapq.heappop(self._timers)
        if not self._timers:
            return False
        self._elapsed_s = max(self._elapsed_s, self._timers[0][0])
        while self._timers and self._timers[0][0] <= self._elapsed_s:
            callback = heapq.heappop(self._timers)[2].callback
            if callback is not None:
                callback()
        return True


class IdleSelector(selectors.BaseSelector):
    """Asks `on_idle` before the loop goes to sleep; when that says True, the loop looks again instead of sleeping.

    A loop blocks in `select` exactly when no callback is ready, which is the one moment at which virtual time may move.
    """

    def __init__(self, on_idle: Callable[[], bool]) -> None:
        self._inner = selectors.DefaultSelector()
        self._on_idle = on_idle

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._inner.select(0)
        if ready or (timeout is not None and timeout <= 0) or self._on_idle():
            return ready
        return self._inner.select(timeout)

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._inner.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._inner.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._inner.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._inner.get_map()

    def close(self) -> None:
        self._inner.close()


def make_clock(name: str, speed: float = 20.0, starts_at: datetime | None = None) -> Clock:
    """`real`, `fast` (`speed` times real time) or `virtual`; beginning at `starts_at`, by default now."""
    if name == "virtual":
        return VirtualClock(starts_at)
    return RealClock(speed if name == "fast" else 1.0, starts_at)


def new_loop(clock: Clock) -> asyncio.AbstractEventLoop:
    """An event loop that drives `clock`."""
    if isinstance(clock, VirtualClock):
        return asyncio.SelectorEventLoop(IdleSelector(clock.advance))
    return asyncio.new_event_loop()
