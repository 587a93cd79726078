"""The sound of somebody at work: two soft notes."""

from __future__ import annotations

from functools import cache

import numpy as np

from audio.codecs import mulaw
from audio.pcm import TELEPHONE_RATE_HZ, Pcm
from audio.speaking.frames import whole_frames

_NOTES_HZ = (392.0, 523.3)
_NOTE_S = 0.18
_PEAK = 1_600  # Of 32,768: some 26 dB below full, clearly softer than speech.


@cache
def waiting_tone() -> bytes:
    """Mu-law, whole frames, 0.36 s; each note swells and fades, so that it is no alarm."""
    at = np.arange(round(_NOTE_S * TELEPHONE_RATE_HZ)) / TELEPHONE_RATE_HZ
    swell = np.sin(np.pi * at / _NOTE_S) ** 2
    notes = [np.sin(2 * np.pi * hz * at) * swell * _PEAK for hz in _NOTES_HZ]
    samples = np.concatenate(notes).astype(np.int16)
    return whole_frames(mulaw.encode(Pcm(samples=samples, rate_hz=TELEPHONE_RATE_HZ)))
