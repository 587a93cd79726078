"""Mu-law follows ITU-T G.711."""

from __future__ import annotations

import numpy as np
import pytest

from audio.codecs import mulaw
from audio.pcm import Pcm


def test_the_decoded_values_are_those_of_table_2() -> None:
    # Byte, value on the 14-bit scale: ends of segments, both signs.
    table = {0x80: 8031, 0x8F: 4191, 0x90: 3999, 0xEF: 33, 0xF0: 30, 0xFE: 2, 0xFF: 0, 0x00: -8031, 0x7E: -2, 0x7F: 0}
    assert (mulaw.decode(bytes(table)).samples // 4).tolist() == list(table.values())


def test_every_byte_survives_there_and_back_but_the_second_zero() -> None:
    every = bytes(range(256))
    again = mulaw.encode(mulaw.decode(every))
    assert [(a, b) for a, b in zip(every, again, strict=True) if a != b] == [(0x7F, 0xFF)]


def test_every_sample_is_coded_as_the_reference_code_does() -> None:
    audioop = pytest.importorskip("audioop", reason="audioop left the standard library with Python 3.13")
    every = np.arange(-32768, 32768).astype(np.int16)
    assert mulaw.encode(Pcm(samples=every, rate_hz=8000)) == audioop.lin2ulaw(every.tobytes(), 2)


def test_the_empty_payload_is_empty_sound() -> None:
    assert mulaw.decode(b"").duration_s == 0
    assert mulaw.encode(mulaw.decode(b"")) == b""
