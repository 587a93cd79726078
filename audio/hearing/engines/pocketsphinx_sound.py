"""Telephone sound as pocketsphinx's models can bear it: noise taken out, silence that is not digital.

The models were trained on clean speech. At 10 dB of noise they get no further than the first words of a phrase; with
the noise subtracted they do (docs/speech_engines.md has the figures).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audio.pcm import TELEPHONE_RATE_HZ, Pcm

_WINDOW, _HOP = 256, 64
_QUIET_SHARE = 0.2
"""So many of the quietest frames are taken for noise alone."""

_FLOOR = 0.2
"""What is left of a part that is all noise; less sounds like tinkling, which the models take for speech."""

_MEMORY = 0.95
"""Weight of the frame before in the estimate of speech over noise (Ephraim and Malah, 1984)."""

_DITHER_RMS = 5.0
"""Mu-law makes silence exactly zero, whose logarithm spoils the mean that is subtracted from every frame."""


_FRAME = 80
_QUIET_PERCENTILE, _OVER_QUIET, _OF_LOUDEST = 15, 2.5, 0.03
"""A frame is speech when it is so much louder than the quietest ones, and not far below the loudest."""

_BEFORE, _AFTER = 800, 1200
"""Samples kept around speech. Longer silence costs words: clean Mandarin 12 of 20 right with it, 16 without."""


def prepared(sound: Pcm, rate_hz: int) -> bytes:
    """The sound for a model of 8000 or 16,000 Hz: signed 16 bit, noise reduced, each sample repeated on the way up."""
    if sound.rate_hz != TELEPHONE_RATE_HZ:
        raise ValueError(f"Telephone sound has {TELEPHONE_RATE_HZ} Hz, not {sound.rate_hz}.")
    quiet = _speech(without_noise(sound.samples.astype(np.float64)))
    # The seed is fixed: the same sound gives the same words.
    samples = quiet + np.random.default_rng(8000).normal(0.0, _DITHER_RMS, len(quiet))
    whole = np.clip(samples, -32768, 32767).astype("<i2")
    return np.repeat(whole, rate_hz // TELEPHONE_RATE_HZ).tobytes()


def _speech(samples: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The samples from the first to the last loud frame, with a little around them; all when there is no difference."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if not len(frames):
        return samples
    levels = np.sqrt((frames**2).mean(axis=1))
    bound = max(float(np.percentile(levels, _QUIET_PERCENTILE)) * _OVER_QUIET, float(levels.max()) * _OF_LOUDEST)
    loud = np.flatnonzero(levels > bound)
    if not len(loud):
        return samples
    return samples[max(0, int(loud[0]) * _FRAME - _BEFORE) : int(loud[-1]) * _FRAME + _AFTER]


def without_noise(samples: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The samples with steady noise turned down: a Wiener filter on a spectrogram, noise from the quietest frames."""
    if len(samples) < _WINDOW:
        return samples
    window = np.hanning(_WINDOW + 1)[:-1]
    padded = np.concatenate([np.zeros(_WINDOW), samples, np.zeros(2 * _WINDOW)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP] * window
    spectra = np.fft.rfft(frames, axis=1)
    powers = np.abs(spectra) ** 2
    cleaned = np.fft.irfft(spectra * _gains(powers, _noise(powers)), axis=1) * window
    out = np.zeros(len(padded))
    for offset in range(0, _WINDOW, _HOP):  # Frames a window apart do not meet and are laid down at once.
        apart = cleaned[offset // _HOP :: _WINDOW // _HOP].ravel()
        out[offset : offset + len(apart)] += apart
    kept: npt.NDArray[np.float64] = out[_WINDOW : _WINDOW + len(samples)] * (_HOP / float((window**2).sum()))
    return kept


def _noise(powers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The mean spectrum of the quietest frames, those at the padded ends left out."""
    edge = _WINDOW // _HOP
    inner = powers[edge:-edge] if len(powers) > 4 * edge else powers
    order = np.argsort(inner.sum(axis=1))
    noise: npt.NDArray[np.float64] = inner[order[: max(4, int(len(order) * _QUIET_SHARE))]].mean(axis=0)
    return noise + 1e-9


def _gains(powers: npt.NDArray[np.float64], noise: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The gain of each frame and band, `_FLOOR` to 1."""
    ratios = powers / noise
    instant = np.maximum(ratios - 1.0, 0.0)
    gains = np.empty_like(powers)
    before = np.zeros(powers.shape[1])
    for at in range(len(powers)):
        clear = _MEMORY * before + (1.0 - _MEMORY) * instant[at]
        gains[at] = np.maximum(clear / (1.0 + clear), _FLOOR)
        before = gains[at] ** 2 * ratios[at]
    return gains
