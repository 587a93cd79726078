"""Recordings are read for what is in them, and refused with the reason."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.codecs import mulaw
from audio.errors import NotAudio, Unreadable
from audio.pcm import Pcm
from audio.wav import read_wav, wav_bytes, write_wav
from tests.audio.sounds import fmt, riff, tone


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    sound = tone(0.5, rate_hz=16_000)
    write_wav(tmp_path / "a" / "tone.wav", sound)
    again = read_wav(tmp_path / "a" / "tone.wav")
    assert again.rate_hz == 16_000
    assert np.array_equal(again.samples, sound.samples)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["tone.wav"]


def test_a_mu_law_wav_is_read() -> None:
    sound = tone(0.2)
    again = read_wav(riff(fmt(7, 1, 8000, 8) + b"\0\0", mulaw.encode(sound)))
    assert np.array_equal(again.samples, mulaw.decode(mulaw.encode(sound)).samples)


def test_two_channels_are_mixed_to_one() -> None:
    frames = np.array([[100, 300], [-200, 0]], "<i2")
    assert read_wav(riff(fmt(1, 2, 8000, 16), frames.tobytes())).samples.tolist() == [200, -100]


def test_eight_and_twenty_four_bit_samples_come_out_at_sixteen() -> None:
    assert read_wav(riff(fmt(1, 1, 8000, 8), bytes([128, 255, 0]))).samples.tolist() == [0, 127 << 8, -128 << 8]
    deep = b"".join((value << 8).to_bytes(3, "little", signed=True) for value in (0, 1234, -1234))
    assert read_wav(riff(fmt(1, 1, 8000, 24), deep)).samples.tolist() == [0, 1234, -1234]


def test_an_extensible_header_names_its_kind_inside() -> None:
    extensible = fmt(0xFFFE, 1, 8000, 16) + struct.pack("<HHI", 22, 16, 4) + struct.pack("<H", 1) + bytes(14)
    assert read_wav(riff(extensible, b"\x05\x00")).samples.tolist() == [5]


@pytest.mark.parametrize("claimed", [0, 4, 0xFFFFFFFF, 1 << 20], ids=["none", "fewer", "endless", "more"])
def test_a_wrong_length_in_the_header_is_not_believed(claimed: int) -> None:
    sound = tone(0.1)
    read = read_wav(riff(fmt(1, 1, 8000, 16), sound.samples.tobytes(), data_size=claimed))
    assert len(read.samples) == (2 if claimed == 4 else len(sound.samples))


def test_a_chunk_before_the_sound_is_passed_over() -> None:
    odd = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    assert read_wav(riff(fmt(1, 1, 8000, 16), b"\x07\x00", before=odd)).samples.tolist() == [7]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Unreadable.EMPTY),
        (b"<html>404 Not Found</html>", Unreadable.NOT_A_WAV),
        (b"ID3\x04 an mp3 file", Unreadable.NOT_A_WAV),
        (b"RIFF\0\0\0\0WAVE", Unreadable.NOT_A_WAV),
        (riff(b"\x01\x00\x01\x00", b"ab"), Unreadable.NOT_A_WAV),
        (riff(fmt(0x55, 1, 8000, 16), b"ab"), Unreadable.UNSUPPORTED),
        (riff(fmt(1, 0, 8000, 16), b"ab"), Unreadable.UNSUPPORTED),
        (riff(fmt(1, 1, 0, 16), b"ab"), Unreadable.UNSUPPORTED),
        (riff(fmt(1, 1, 8000, 16), b""), Unreadable.NO_SAMPLES),
        (riff(fmt(1, 1, 8000, 16), b"a"), Unreadable.NO_SAMPLES),
    ],
)
def test_what_is_no_recording_is_refused_with_the_reason(data: bytes, reason: Unreadable) -> None:
    with pytest.raises(NotAudio) as refused:
        read_wav(data)
    assert refused.value.reason is reason
    assert str(refused.value).endswith((".", ")."))


def test_a_recording_over_the_limit_is_refused() -> None:
    with pytest.raises(NotAudio, match="lasts 3 s; the limit is 2 s") as refused:
        read_wav(wav_bytes(tone(3.0)), longest_s=2.0)
    assert refused.value.reason is Unreadable.TOO_LONG


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAudio, match="cannot be opened"):
        read_wav(tmp_path / "gone.wav")


@given(st.binary(max_size=200), st.integers(0, 60))
def test_no_damage_to_a_file_causes_anything_but_a_refusal(damage: bytes, at: int) -> None:
    whole = wav_bytes(tone(0.02))
    try:
        sound = read_wav(whole[:at] + damage + whole[at + len(damage) :])
    except NotAudio:
        return
    assert isinstance(sound, Pcm)
