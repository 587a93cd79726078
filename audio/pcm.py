"""Linear sound in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audio.errors import AudioError

Samples = npt.NDArray[np.int16]
TELEPHONE_RATE_HZ = 8000


@dataclass(frozen=True, kw_only=True, eq=False)
class Pcm:
    """Mono sound.

    Attributes:
        samples: int16 array of shape (n,), in -32768..32767. May be empty.
        rate_hz: samples a second, positive.
    """

    samples: Samples
    rate_hz: int

    def __post_init__(self) -> None:
        if self.samples.dtype != np.int16 or self.samples.ndim != 1:
            raise AudioError(f"Samples must be int16 of shape (n,), not {self.samples.dtype} {self.samples.shape}.")
        if self.rate_hz <= 0:
            raise AudioError(f"A rate of {self.rate_hz} Hz is not a rate.")

    @property
    def duration_s(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate_hz

    def part(self, start_s: float, end_s: float) -> Pcm:
        """The sound from `start_s` to `end_s`, cut at the ends of what there is."""
        start, end = (max(0, round(edge * self.rate_hz)) for edge in (start_s, end_s))
        return Pcm(samples=self.samples[start:end], rate_hz=self.rate_hz)


def silence(duration_s: float, rate_hz: int = TELEPHONE_RATE_HZ) -> Pcm:
    """Digital silence."""
    return Pcm(samples=np.zeros(round(duration_s * rate_hz), np.int16), rate_hz=rate_hz)


def join(parts: Iterable[Pcm]) -> Pcm:
    """One sound after the other. Raises AudioError when rates differ or nothing is given."""
    sounds = list(parts)
    rates = {sound.rate_hz for sound in sounds}
    if len(rates) != 1:
        raise AudioError(f"Only sounds of one rate can be joined, not {sorted(rates) or 'none'}.")
    return Pcm(samples=np.concatenate([sound.samples for sound in sounds]), rate_hz=rates.pop())
