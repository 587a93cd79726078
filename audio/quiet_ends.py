"""A recording without the silence before and after what is said."""

from __future__ import annotations

import numpy as np

from audio.pcm import Pcm

_FRAME_S = 0.02
LOUD = 300
"""Root mean square of a frame (of 32,768) from which it is no line noise any more: about -40 dB of the loudest."""

PAD_S = 0.4


def without_silence(sound: Pcm) -> Pcm:
    """From a little before the first loud moment to a little after the last one; as it is when there is none."""
    width = max(1, round(_FRAME_S * sound.rate_hz))
    frames = len(sound.samples) // width
    framed = sound.samples[: frames * width].reshape(frames, width).astype(np.float64)
    loud = np.flatnonzero(np.sqrt((framed**2).mean(axis=1)) >= LOUD)
    if not len(loud):
        return sound
    return sound.part(loud[0] * _FRAME_S - PAD_S, (loud[-1] + 1) * _FRAME_S + PAD_S)
