"""What was measured of the engines of a process."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

_KEPT = 500
_RECENT_S = 10.0
_FEW = 3


@dataclass(frozen=True, kw_only=True)
class EngineFigures:
    """One engine since the start.

    Attributes:
        decisions: hypotheses that were waited for.
        prepared: of these, how many were ready before they were asked for.
        failures: utterances that got no hypothesis.
        deaths: workers that ended and were replaced.
        queue: utterances that are not decided now, those being spoken included.
        decode_p50_ms: from the question for a decision to it; of the last 500. 0.0 when there was none.
    """

    name: str
    languages: tuple[str, ...]
    decisions: int
    prepared: int
    failures: int
    deaths: int
    queue: int
    decode_p50_ms: float
    decode_p95_ms: float


@dataclass(kw_only=True)
class EngineRecord:
    """Keeps count of one engine."""

    decisions: int = 0
    prepared: int = 0
    failures: int = 0
    deaths: int = 0
    clock: Callable[[], float] = time.monotonic
    _times: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def decided(self, decode_ms: float, *, was_prepared: bool) -> None:
        """A hypothesis was given to a call."""
        self.decisions += 1
        self.prepared += was_prepared
        self._times.append((self.clock(), decode_ms))

    def recent_p95_ms(self) -> float:
        """Of the decisions of the last ten seconds; 0.0 when they are so few that one says nothing about load."""
        since = self.clock() - _RECENT_S
        recent = [each_ms for at, each_ms in self._times if at >= since]
        return share_ms(recent, 0.95) if len(recent) >= _FEW else 0.0

    def all_ms(self) -> list[float]:
        """The last 500."""
        return [each_ms for _, each_ms in self._times]


def share_ms(values_ms: Iterable[float], share: float) -> float:
    """The value that `share` of the values do not pass; 0.0 of none."""
    ordered = sorted(values_ms)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
