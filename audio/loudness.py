"""How loud a sound is, and prompts that are all equally loud."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audio.pcm import Pcm

_FULL_SCALE = 32768.0
_FRAME_S = 0.02
_GATE_DB = 30.0  # Frames this far below the loudest one are pauses and do not count.
HOUSE_LEVEL_DBFS = -20.0
CEILING_DBFS = -1.0
_QUIETEST_DBFS = -96.0  # What digital silence is called, in place of minus infinity.


def _dbfs(amplitude: float) -> float:
    return max(_QUIETEST_DBFS, float(20 * np.log10(max(amplitude, 1e-9) / _FULL_SCALE)))


def peak_dbfs(sound: Pcm) -> float:
    """The highest sample, in dB below full scale: -96..0."""
    return _dbfs(float(np.abs(sound.samples.astype(np.int32)).max(initial=0)))


def rms_dbfs(sound: Pcm) -> float:
    """Mean power of everything, pauses too, in dB below full scale: -96..0."""
    if not len(sound.samples):
        return _QUIETEST_DBFS
    return _dbfs(float(np.sqrt(np.mean(np.square(sound.samples, dtype=np.float64)))))


def frame_powers(sound: Pcm, frame_s: float = _FRAME_S) -> npt.NDArray[np.float64]:
    """Mean square of each whole frame, shape (n,); a shorter rest is left out."""
    length = max(1, round(frame_s * sound.rate_hz))
    frames = len(sound.samples) // length
    framed = sound.samples[: frames * length].reshape(frames, length)
    powers: npt.NDArray[np.float64] = np.mean(np.square(framed, dtype=np.float64), axis=1)
    return powers


def speech_level_dbfs(sound: Pcm) -> float:
    """Mean power of the frames in which something sounds: pauses do not make a prompt quieter."""
    powers = frame_powers(sound)
    if not len(powers) or powers.max() <= 0:
        return rms_dbfs(sound)
    active = powers[powers >= powers.max() / 10 ** (_GATE_DB / 10)]
    return _dbfs(float(np.sqrt(active.mean())))


def even(sound: Pcm, level_dbfs: float = HOUSE_LEVEL_DBFS, ceiling_dbfs: float = CEILING_DBFS) -> Pcm:
    """The sound at the house's level; lower where its peaks would pass the ceiling. Silence stays silence."""
    if peak_dbfs(sound) <= _QUIETEST_DBFS:
        return sound
    gain_db = min(level_dbfs - speech_level_dbfs(sound), ceiling_dbfs - peak_dbfs(sound))
    louder = sound.samples * 10 ** (gain_db / 20)
    return Pcm(samples=np.clip(np.round(louder), -32768, 32767).astype(np.int16), rate_hz=sound.rate_hz)


def trim(sound: Pcm, keep_s: float = 0.05, floor_dbfs: float = -60.0) -> Pcm:
    """Without the silence at both ends, but for `keep_s` of it."""
    loud = np.flatnonzero(frame_powers(sound) > (_FULL_SCALE * 10 ** (floor_dbfs / 20)) ** 2)
    if not len(loud):
        return sound
    return sound.part(loud[0] * _FRAME_S - keep_s, (loud[-1] + 1) * _FRAME_S + keep_s)
