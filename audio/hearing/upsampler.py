"""A caller's sound at the rate of a model, piece by piece; see `audio.resample` for why there are three ways."""

from __future__ import annotations

import numpy as np

from audio.pcm import TELEPHONE_RATE_HZ, Pcm, Samples
from audio.resample import Upsampling

_NOISE_RMS = 40.0


class Upsampler:
    """For one utterance. Repetition costs next to nothing; a clean resampler keeps state and holds back a little."""

    def __init__(self, rate_hz: int, upsampling: Upsampling) -> None:
        ratio, rest = divmod(rate_hz, TELEPHONE_RATE_HZ)
        self._ratio = ratio
        self._noise = np.random.default_rng(8000) if upsampling is Upsampling.REPEAT_WITH_NOISE else None
        self._stream = None
        if rest or ratio < 1 or (upsampling is Upsampling.CLEAN and ratio > 1):
            import soxr

            self._stream = soxr.ResampleStream(TELEPHONE_RATE_HZ, rate_hz, 1, dtype="int16", quality="HQ")

    def more(self, sound: Pcm) -> Samples:
        """The next samples at the new rate."""
        if self._stream is not None:
            resampled: Samples = self._stream.resample_chunk(sound.samples)
            return resampled
        samples = np.repeat(sound.samples, self._ratio)
        if self._noise is not None:
            noise = self._noise.normal(0.0, _NOISE_RMS, len(samples))
            samples = np.clip(samples + noise, -32768, 32767).astype(np.int16)
        return samples

    def rest(self) -> Samples:
        """What was held back; the utterance is over."""
        if self._stream is None:
            return np.zeros(0, np.int16)
        held_back: Samples = self._stream.resample_chunk(np.zeros(0, np.int16), last=True)
        return held_back
