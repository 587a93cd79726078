"""Sound on a bad line: frames that come late in bunches, and frames that never come."""

from dataclasses import dataclass
from random import Random

from simulator.calls import Call
from simulator.faults import FaultKind, Faults


@dataclass(frozen=True, kw_only=True)
class Frame:
    """20 ms of the phone's sound; `at_ms` is when it began, since the stream did."""

    sound: bytes
    at_ms: int


class LineTrouble:
    """Between the phone and the app, for one call."""

    def __init__(self, faults: Faults, call: Call, seed: int = 1) -> None:
        self._faults = faults
        self._call = call
        self._chance = Random(seed)
        self._held: list[Frame] = []
        self._held_until_ms = 0

    def carry(self, frame: Frame) -> list[Frame]:
        """The frames that arrive now: usually this one, in order, with those that were held back before it."""
        if self._faults.take(FaultKind.STREAM_LOSS, self._call) is None:
            self._held.append(frame)
        end_ms = frame.at_ms + 20
        if end_ms < self._held_until_ms:
            return []
        jitter = self._faults.take(FaultKind.STREAM_JITTER, self._call)
        arrived, self._held = self._held, []
        if jitter is not None:
            self._held_until_ms = end_ms + round(self._chance.random() * jitter.milliseconds)
        return arrived
