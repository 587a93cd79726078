"""How quick a media server is: the latest durations by name, for the load bench and for notes of answers."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping

KEPT = 10_000


class Figures:
    """Durations in milliseconds, the newest `KEPT` of each name.

    Names: endpoint_ms (last speech to the end being known), decode_ms, turn_ms (the transaction), voice_ms (to the
    first sound of the reply), first_audio_ms (last speech to the first sound of the reply being sent).
    """

    def __init__(self) -> None:
        self._kept: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KEPT))

    def record(self, name: str, ms: float) -> None:
        """One duration."""
        self._kept[name].append(ms)

    def summary(self) -> Mapping[str, Mapping[str, float]]:
        """Count, median, 95th and 99th percentile and maximum, by name."""
        return {name: _summary(sorted(kept)) for name, kept in self._kept.items()}


def _summary(ordered: list[float]) -> Mapping[str, float]:
    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)

    return {"count": len(ordered), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": round(ordered[-1], 1)}
