"""A hiss on the line, as loud as a wanted distance from speech."""

import numpy as np

from simulator.mu_law import FRAME_BYTES, decode, encode
from simulator.sound import RATE_HZ, Samples, mixed, silence

# The usual level of speech on a line: 20 dB below the loudest that can be carried.
SPEECH_LEVEL = 3_277.0
_AROUND_S = 0.4
_LOOP_S = 5


def hiss(count: int, level: float, seed: int = 1) -> Samples:
    """White noise of `count` samples with an effective value of `level`."""
    noise = np.random.default_rng(seed).normal(0.0, level, count)
    return np.clip(noise, -32_768, 32_767).astype(np.int16)


def noisy(samples: Samples, snr_db: float, seed: int = 1) -> Samples:
    """Speech with noise `snr_db` below it, which begins a little before the speech and ends a little after it."""
    loud = samples[np.abs(samples.astype(np.int32)) > 300].astype(np.float64)
    level = float(np.sqrt(np.mean(np.square(loud)))) if len(loud) else SPEECH_LEVEL
    around = silence(_AROUND_S)
    whole = np.concatenate([around, samples, around])
    return mixed(whole, hiss(len(whole), level / 10 ** (snr_db / 20), seed))


class LineNoise:
    """The line itself hisses, `snr_db` below usual speech, whether anybody speaks or not."""

    def __init__(self, snr_db: float) -> None:
        self._loop = hiss(_LOOP_S * RATE_HZ, SPEECH_LEVEL / 10 ** (snr_db / 20))
        self._at = 0

    def over(self, frame: bytes) -> bytes:
        """A frame with the next 20 ms of the noise."""
        piece = self._loop[self._at : self._at + FRAME_BYTES]
        self._at = (self._at + FRAME_BYTES) % len(self._loop)
        return encode(mixed(decode(frame), piece))
