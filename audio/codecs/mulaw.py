"""Mu-law, the telephone's eight-bit companding (ITU-T G.711), both ways by look-up table."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audio.pcm import TELEPHONE_RATE_HZ, Pcm, Samples

_BIAS = 33  # G.711 table 2 counts its segments from magnitude 33 on the 14-bit scale.
_LARGEST = 8158  # Magnitudes above this belong to the last step of the last segment.


def _decoding_table() -> Samples:
    """What each of the 256 bytes means: int16, in -32124..32124."""
    byte = ~np.arange(256, dtype=np.uint8)
    segment, step = (byte >> 4) & 7, byte & 15
    magnitude = ((2 * step.astype(np.int32) + _BIAS) << segment) - _BIAS
    return (np.where(byte & 0x80, -magnitude, magnitude) * 4).astype(np.int16)


def _encoding_table() -> npt.NDArray[np.uint8]:
    """The byte for each int16, indexed by the sample read as uint16."""
    sample = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    # The arithmetic shift rounds negative samples away from zero, as the reference code of G.191 does.
    magnitude = np.minimum(np.abs(sample >> 2), _LARGEST) + _BIAS
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 5
    step = (magnitude >> (segment + 1)) & 15
    byte = (segment << 4) | step | np.where(sample < 0, 0x80, 0)
    table: npt.NDArray[np.uint8] = (~byte & 0xFF).astype(np.uint8)
    return table


_DECODE = _decoding_table()
_ENCODE = _encoding_table()


def decode(payload: bytes) -> Pcm:
    """Turn mu-law bytes into linear sound.

    Args:
        payload: n bytes, one sample each, 8000 samples a second, mono. May be empty.

    Returns:
        n samples in -32124..32124 (14-bit values scaled by 4).

    Source: ITU-T G.711 (11/88), table 2.
    """
    return Pcm(samples=decode_samples(payload), rate_hz=TELEPHONE_RATE_HZ)


def decode_samples(payload: bytes) -> Samples:
    """The samples alone, for containers that carry their own rate."""
    return _DECODE[np.frombuffer(payload, np.uint8)]


def encode(sound: Pcm) -> bytes:
    """Turn linear sound into mu-law, one byte a sample. The caller resamples to 8000 Hz first."""
    return _ENCODE[sound.samples.view(np.uint16)].tobytes()
