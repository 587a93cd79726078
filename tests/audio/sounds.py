"""Sounds made for tests."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from audio.pcm import Pcm

CLIPS = Path(__file__).parent / "clips"


def tone(duration_s: float = 1.0, pitch_hz: float = 440.0, peak: int = 8000, rate_hz: int = 8000) -> Pcm:
    """A sine."""
    seconds = np.arange(round(duration_s * rate_hz)) / rate_hz
    return Pcm(samples=(peak * np.sin(2 * np.pi * pitch_hz * seconds)).astype(np.int16), rate_hz=rate_hz)


def noise(duration_s: float, rms: float, rate_hz: int = 8000) -> Pcm:
    """White noise, the same each time."""
    samples = np.random.default_rng(7).normal(0, rms, round(duration_s * rate_hz))
    return Pcm(samples=np.clip(samples, -32768, 32767).astype(np.int16), rate_hz=rate_hz)


def music(duration_s: float = 10.0) -> Pcm:
    """Plucked notes with overtones, as hold music has them."""
    chance = np.random.default_rng(1)
    seconds = np.arange(4000) / 8000
    notes = []
    for _ in range(round(duration_s * 2)):
        pitch_hz = 220 * 2 ** (chance.integers(0, 24) / 12)
        notes.append(sum(np.sin(2 * np.pi * pitch_hz * h * seconds) / h for h in (1, 2, 3, 4)) * np.exp(-4 * seconds))
    return Pcm(samples=(4000 * np.concatenate(notes)).astype(np.int16), rate_hz=8000)


def riff(fmt: bytes, data: bytes, *, data_size: int | None = None, before: bytes = b"") -> bytes:
    """A WAV file put together by hand; `data_size` is what the header claims."""
    body = b"WAVE" + b"fmt " + struct.pack("<I", len(fmt)) + fmt + before
    body += b"data" + struct.pack("<I", len(data) if data_size is None else data_size) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def fmt(tag: int, channels: int, rate_hz: int, bits: int) -> bytes:
    """The content of a fmt chunk."""
    width = channels * bits // 8
    return struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * width, width, bits)
