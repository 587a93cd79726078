"""From one rate to another.

A model trained on wide-band sound hears telephone sound better when the upper half of the spectrum is not empty:
measured on the Korean Vosk model, repeating each sample made 65 of 87 words right where a clean resampler made 30.
Whisper does not care. So the way up is a property of the model (see `catalogue`).
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import soxr

from audio.pcm import Pcm


class Upsampling(StrEnum):
    """How sound is brought to a higher rate."""

    CLEAN = "clean"
    REPEAT = "repeat"
    REPEAT_WITH_NOISE = "repeat_with_noise"


_NOISE_RMS = 40.0


def resample(sound: Pcm, rate_hz: int, upsampling: Upsampling = Upsampling.CLEAN) -> Pcm:
    """The same sound at `rate_hz`. Repetition needs a whole ratio; otherwise, and on the way down, it is clean."""
    ratio, rest = divmod(rate_hz, sound.rate_hz)
    if sound.rate_hz == rate_hz:
        return sound
    if upsampling is Upsampling.CLEAN or rest or ratio < 2:
        return Pcm(samples=soxr.resample(sound.samples, sound.rate_hz, rate_hz, quality="HQ"), rate_hz=rate_hz)
    samples = np.repeat(sound.samples, ratio)
    if upsampling is Upsampling.REPEAT_WITH_NOISE:
        # The seed is fixed: the same recording gives the same transcript.
        noise = np.random.default_rng(8000).normal(0.0, _NOISE_RMS, len(samples))
        samples = np.clip(samples + noise, -32768, 32767).astype(np.int16)
    return Pcm(samples=samples, rate_hz=rate_hz)
