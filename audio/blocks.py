"""Long recordings in pieces, so that memory and waiting stay bounded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audio.loudness import frame_powers
from audio.pcm import Pcm

BLOCK_S = 60.0
_SEARCH_S = 15.0
_PAUSE_S = 0.3
_FRAME_S = 0.02


def split_at_pauses(sound: Pcm, longest_s: float = BLOCK_S) -> Iterator[tuple[float, Pcm]]:
    """Pieces of at most `longest_s`, each with the second at which it begins, cut where it is quietest.

    The cut lies in the last quarter of a minute of a piece (or its second half, when that is shorter).
    """
    start_s = 0.0
    while sound.duration_s - start_s > longest_s:
        window_s = min(_SEARCH_S, longest_s / 2)
        window = sound.part(start_s + longest_s - window_s, start_s + longest_s)
        cut_s = start_s + longest_s - window_s + _quietest_s(window)
        yield start_s, sound.part(start_s, cut_s)
        start_s = cut_s
    yield start_s, sound.part(start_s, sound.duration_s)


def _quietest_s(window: Pcm) -> float:
    """The middle of the quietest stretch of a pause's length."""
    powers = frame_powers(window, _FRAME_S)
    width = round(_PAUSE_S / _FRAME_S)
    smooth = np.convolve(powers, np.ones(width), mode="valid")
    return (float(np.argmin(smooth)) + width / 2) * _FRAME_S
