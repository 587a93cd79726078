"""A telephone line around an utterance: silence before and after, people and hum behind it, mu-law in between."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from audio.codecs import mulaw
from audio.pcm import TELEPHONE_RATE_HZ, Pcm
from audio.quiet_ends import without_silence

_BEFORE_S = 0.3
_AFTER_S = 0.4
_SPEECH_RMS = 2_300.0
"""-23 dBFS while somebody speaks."""

_VOICES = 4
_FRAME = 160


def on_the_line(speech: Pcm, *, snr_db: float | None, babble: Sequence[Pcm], seed: str) -> Pcm:
    """The utterance as a recogniser gets it: 8000 Hz, after mu-law; the same every time for the same seed.

    Args:
        speech: 8000 Hz.
        snr_db: speech (its loud parts) over noise; None adds none.
        babble: other people's recordings; half of the noise is made of them, half is hiss and hum.
        seed: of the noise, the utterance's name.
    """
    voice = _level(without_silence(speech).samples.astype(np.float64))
    quiet = np.zeros(round(_BEFORE_S * TELEPHONE_RATE_HZ))
    line = np.concatenate([quiet, voice, np.zeros(round(_AFTER_S * TELEPHONE_RATE_HZ))])
    if snr_db is not None:
        line = line + _noise(len(line), babble, seed) * (_SPEECH_RMS / 10 ** (snr_db / 20))
    sound = Pcm(samples=np.clip(line, -32_000, 32_000).astype(np.int16), rate_hz=TELEPHONE_RATE_HZ)
    return mulaw.decode(mulaw.encode(sound))


def _level(samples: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The samples with their loud half at the usual level of speech."""
    whole = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    powers = np.sort((whole**2).mean(axis=1))
    loud = powers[len(powers) // 2 :].mean() if len(powers) else 0.0
    return samples * (_SPEECH_RMS / np.sqrt(loud)) if loud else samples


def _noise(length: int, babble: Sequence[Pcm], seed: str) -> npt.NDArray[np.float64]:
    """People and line in equal parts, root mean square 1."""
    chance = np.random.default_rng(zlib.crc32(seed.encode()))
    time_s = np.arange(length) / TELEPHONE_RATE_HZ
    line = chance.normal(size=length) + 0.5 * np.sin(2 * np.pi * 100 * time_s) + 0.3 * np.sin(2 * np.pi * 150 * time_s)
    people = np.zeros(length)
    for _ in range(_VOICES if babble else 0):
        said = _level(babble[int(chance.integers(len(babble)))].samples.astype(np.float64))
        people += np.roll(np.resize(said, length), int(chance.integers(length)))
    mixed = _unit(line) + _unit(people)
    return _unit(mixed)


def _unit(samples: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    rms = float(np.sqrt((samples**2).mean()))
    return samples / rms if rms else samples
