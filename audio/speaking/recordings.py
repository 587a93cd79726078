"""Sound files that a flow names, as telephone sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from audio.loudness import even
from audio.pcm import TELEPHONE_RATE_HZ
from audio.resample import resample
from audio.speaking.frames import telephone_bytes
from audio.wav import read_wav

PIECE_BYTES = 10 * TELEPHONE_RATE_HZ
"""Ten seconds: a long piece of music is not handed over whole."""


def recording_bytes(path: Path) -> bytes:
    """The file in mu-law, as loud as the house's prompts. Raises NotAudio."""
    return telephone_bytes(even(resample(read_wav(path), TELEPHONE_RATE_HZ)))


def pieces(payload: bytes) -> Iterator[bytes]:
    """Stretches of at most ten seconds, whole frames but for the last."""
    for start in range(0, len(payload), PIECE_BYTES):
        yield payload[start : start + PIECE_BYTES]
