"""Sound as it goes into a call: mu-law, 8000 bytes a second, in whole frames of 20 ms."""

from __future__ import annotations

import math

from audio.codecs import mulaw
from audio.pcm import TELEPHONE_RATE_HZ, Pcm
from audio.resample import resample

FRAME_BYTES = 160
SILENCE = b"\xff"
"""One sample of it."""


def telephone_bytes(sound: Pcm) -> bytes:
    """The sound in mu-law."""
    return mulaw.encode(resample(sound, TELEPHONE_RATE_HZ))


def whole_frames(payload: bytes, pause_s: float = 0.0) -> bytes:
    """The sound with so much silence after it, and as much more as makes the last frame whole."""
    frames = math.ceil((len(payload) + pause_s * TELEPHONE_RATE_HZ) / FRAME_BYTES)
    return payload.ljust(frames * FRAME_BYTES, SILENCE)
