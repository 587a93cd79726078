"""WAV files in and out.

The standard library's `wave` refuses mu-law and trusts the lengths in the header; recordings that were cut off while
being written carry lengths of 0 or 0xFFFFFFFF. This reader takes what is really there.
"""

from __future__ import annotations

import io
import os
import struct
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from audio.codecs import mulaw
from audio.errors import NotAudio, Unreadable
from audio.pcm import Pcm

_LINEAR, _MU_LAW, _EXTENSIBLE = 1, 7, 0xFFFE
LONGEST_S = 3600.0
_LARGEST_BYTES = 256 * 1024 * 1024
_RATES_HZ = range(4000, 192_001)


@dataclass(frozen=True, kw_only=True)
class _Format:
    tag: int
    channels: int
    rate_hz: int
    bits: int


def read_wav(source: Path | bytes, *, longest_s: float = LONGEST_S, channel: int | None = None) -> Pcm:
    """Read a recording: linear 8, 16, 24 or 32 bit, or mu-law, any number of channels.

    Args:
        source: a file or its bytes.
        longest_s: more than this is refused.
        channel: which one is taken, from 0; None, or one that the recording has not, mixes all to one.

    Raises:
        NotAudio: with the reason, for everything that is not such a recording.
    """
    data = source if isinstance(source, bytes) else _bytes_of(source)
    if not data:
        raise NotAudio(Unreadable.EMPTY, "The recording is empty: the file has no bytes.")
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise NotAudio(Unreadable.NOT_A_WAV, "The recording is not a WAV file.")
    chunks = dict(_chunks(data))
    if b"fmt " not in chunks:
        raise NotAudio(Unreadable.NOT_A_WAV, "The WAV file does not say how its sound is written (no fmt chunk).")
    form = _format(chunks[b"fmt "])
    samples = _samples(chunks.get(b"data", b""), form, channel)
    if not len(samples):
        raise NotAudio(Unreadable.NO_SAMPLES, "The recording holds no sound: the WAV file has a header and no samples.")
    sound = Pcm(samples=samples, rate_hz=form.rate_hz)
    if sound.duration_s > longest_s:
        raise NotAudio(
            Unreadable.TOO_LONG, f"The recording lasts {sound.duration_s:.0f} s; the limit is {longest_s:.0f} s."
        )
    return sound


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise NotAudio(Unreadable.TOO_LONG, f"The recording is over {_LARGEST_BYTES >> 20} MB.")
        return path.read_bytes()
    except OSError as error:
        raise NotAudio(Unreadable.EMPTY, f"The recording cannot be opened: {error.strerror}.") from error


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk; the last one is what is left, whatever length it claims."""
    offset = 12
    while offset + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, offset)
        if name == b"data" and size == 0:
            size = len(data)  # A writer that could not seek back leaves 0; what follows is the sound.
        yield name, data[offset + 8 : offset + 8 + size]
        offset += 8 + size + (size & 1)


def _format(chunk: bytes) -> _Format:
    if len(chunk) < 16:
        raise NotAudio(Unreadable.NOT_A_WAV, "The WAV file's fmt chunk is cut off.")
    tag, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", chunk)
    if tag == _EXTENSIBLE and len(chunk) >= 26:
        tag = struct.unpack_from("<H", chunk, 24)[0]
    form = _Format(tag=tag, channels=channels, rate_hz=rate_hz, bits=bits)
    readable = {_LINEAR: (8, 16, 24, 32), _MU_LAW: (8,)}.get(tag, ())
    if bits not in readable or not 1 <= channels <= 8 or rate_hz not in _RATES_HZ:
        raise NotAudio(
            Unreadable.UNSUPPORTED,
            f"This kind of WAV cannot be read (format {tag}, {channels} channels, {rate_hz} Hz, {bits} bit); "
            "linear PCM and mu-law can.",
        )
    return form


def _samples(content: bytes, form: _Format, channel: int | None) -> npt.NDArray[np.int16]:
    whole_frames = len(content) // (form.bits // 8 * form.channels)
    content = content[: whole_frames * form.bits // 8 * form.channels]
    if form.tag == _MU_LAW:
        samples = mulaw.decode_samples(content)
    elif form.bits == 8:
        samples = ((np.frombuffer(content, np.uint8).astype(np.int16) - 128) << 8).astype(np.int16)
    elif form.bits == 16:
        samples = np.frombuffer(content, "<i2").astype(np.int16)
    else:
        # The upper two bytes of each little-endian sample are the sample at 16 bit.
        upper = np.frombuffer(content, np.uint8).reshape(-1, form.bits // 8)[:, -2:]
        samples = np.ascontiguousarray(upper).view("<i2").ravel().astype(np.int16)
    if form.channels == 1:
        return samples
    apart = samples.reshape(-1, form.channels)
    if channel is not None and channel < form.channels:
        return np.ascontiguousarray(apart[:, channel])
    mixed: npt.NDArray[np.int16] = apart.mean(axis=1).astype(np.int16)
    return mixed


def wav_bytes(sound: Pcm) -> bytes:
    """The sound as a linear 16-bit mono WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate_hz)
        file.writeframes(sound.samples.astype("<i2").tobytes())
    return buffer.getvalue()


def write_wav(path: Path, sound: Pcm) -> None:
    """Write a linear 16-bit mono WAV file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        unfinished.write_bytes(wav_bytes(sound))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
