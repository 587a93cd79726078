"""How long one answer takes from the caller's last word to our first: its parts, in wall time."""

from __future__ import annotations

import time
from collections.abc import Callable

from ivr.streams.figures import Figures


class Stopwatch:
    """Follows one stream's turns. `clock` gives seconds that only go forward."""

    def __init__(self, figures: Figures, clock: Callable[[], float] = time.monotonic) -> None:
        self._figures = figures
        self._clock = clock
        self._silent_at: float | None = None
        self._spoken_until: float | None = None
        self._asked_at = 0.0
        self._turned_at: float | None = None
        self._latency: dict[str, float] = {}
        self._before: dict[str, float] = {}

    def paused(self, silence_ms: float) -> None:
        """The caller has been silent for so long."""
        self._silent_at = self._clock() - silence_ms / 1000

    def resumed(self) -> None:
        """The caller speaks on."""
        self._silent_at = None

    def ended(self) -> None:
        """The answer is known to be over."""
        now = self._clock()
        self._spoken_until, self._silent_at = self._silent_at or now, None
        self._asked_at = now
        self._note("endpoint", now - self._spoken_until)

    def decided(self) -> None:
        """The ear has its words."""
        self._note("decode", self._clock() - self._asked_at)

    def answered(self, *, is_speech: bool) -> dict[str, float]:
        """The answer is given to the house. What is known of it and of the reply before, in milliseconds."""
        now = self._clock()
        if not is_speech:
            self._spoken_until, self._latency = None, {}
        parts = {**self._latency, **{f"{name}_before": ms for name, ms in self._before.items()}}
        self._latency, self._before = {}, {}
        self._asked_at, self._turned_at = now, None
        return parts

    def turned(self) -> None:
        """The next turn is there."""
        self._turned_at = self._clock()
        self._note_before("turn", self._turned_at - self._asked_at)

    def sounded(self) -> None:
        """Sound of a reply is sent."""
        if self._turned_at is None:
            return
        now = self._clock()
        self._note_before("voice", now - self._turned_at)
        if self._spoken_until is not None:
            self._note_before("first_audio", now - self._spoken_until)
        self._turned_at = self._spoken_until = None

    def _note(self, name: str, seconds: float) -> None:
        self._latency[name] = round(seconds * 1000, 1)
        self._figures.record(f"{name}_ms", seconds * 1000)

    def _note_before(self, name: str, seconds: float) -> None:
        self._before[name] = round(seconds * 1000, 1)
        self._figures.record(f"{name}_ms", seconds * 1000)
