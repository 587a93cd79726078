"""Telephone sound: 8 kHz mono 16-bit samples, in and out of WAV, and how long foreign audio lasts."""

import io
import struct
import wave
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator import mu_law
from simulator.errors import SimulatorError
from simulator.speech_time import seconds_to_say

RATE_HZ = 8000
Samples = npt.NDArray[np.int16]
_PCM, _EXTENSIBLE, _MU_LAW = 1, 0xFFFE, 7


class SoundError(SimulatorError):
    """The bytes are not audio that this carrier can read."""


@dataclass(frozen=True, kw_only=True)
class KnownSound:
    """A sound that was fetched before: its length, and the words it says where its server tells them.

    `samples` are kept of prompts, for recordings of calls; of long music and of what is no WAV they are None.
    """

    seconds: float
    text: str
    samples: Samples | None = None


def silence(seconds: float) -> Samples:
    """Zeros of shape (round(8000 * seconds),)."""
    return np.zeros(max(0, round(seconds * RATE_HZ)), dtype=np.int16)


def murmur(text: str) -> Samples:
    """A stand-in for a voice: a wavering hum as long as saying `text` takes. Nobody can transcribe it."""
    seconds = seconds_to_say(text)
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave_form = np.sin(2 * np.pi * 180 * at) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * at))
    return np.asarray(wave_form * 6000, dtype=np.int16)


def both_channels(left: Samples, right: Samples) -> Samples:
    """Shape (n, 2) of two sounds of n samples."""
    return np.stack([left, right], axis=1)


def mixed(one: Samples, other: Samples) -> Samples:
    """Two sounds of the same length at once."""
    return np.asarray(np.clip(one.astype(np.int32) + other, -32768, 32767), dtype=np.int16)


def to_wav(samples: Samples) -> bytes:
    """A RIFF file of the samples: shape (n,) for one channel, (n, 2) for two."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.astype("<i2").tobytes())
    return out.getvalue()


def from_wav(data: bytes) -> Samples:
    """Read a WAV file of any rate, 1 or 2 channels, 8- or 16-bit PCM or mu-law, as telephone samples.

    Raises:
        SoundError: when it is something else.
    """
    encoding, channels, rate_hz, bits, body = _riff_parts(data)
    if encoding == _MU_LAW and bits == 8:
        linear = mu_law.decode(body).astype(np.float64)
    elif encoding in (_PCM, _EXTENSIBLE) and bits == 16:
        linear = np.frombuffer(body[: len(body) // 2 * 2], dtype="<i2").astype(np.float64)
    elif encoding in (_PCM, _EXTENSIBLE) and bits == 8:
        linear = (np.frombuffer(body, dtype=np.uint8).astype(np.float64) - 128) * 256
    else:
        raise SoundError(f"A WAV of encoding {encoding} with {bits} bits cannot be read; use 16-bit PCM.")
    if channels > 1:
        linear = linear[: len(linear) // channels * channels].reshape(-1, channels).mean(axis=1)
    return np.clip(_resample(linear, rate_hz), -32768, 32767).astype(np.int16)


def duration_s(data: bytes, content_type: str) -> float:
    """How long audio lasts: exact for WAV, from the bit rate for MP3, from the size for raw mu-law.

    Raises:
        SoundError: when it is none of these.
    """
    if data[:4] == b"RIFF":
        _, channels, rate_hz, bits, body = _riff_parts(data)
        return len(body) / max(1, channels * rate_hz * bits / 8)
    if content_type.startswith(("audio/basic", "audio/ulaw", "audio/x-mulaw")):
        return len(data) / RATE_HZ
    if content_type.startswith(("audio/mpeg", "audio/mp3", "audio/mpeg3")):
        return len(data) * 8 / _mp3_bit_rate(data)
    raise SoundError(f"{content_type or 'Audio without a content type'} cannot be played.")


def _riff_parts(data: bytes) -> tuple[int, int, int, int, bytes]:
    """Encoding, channels, rate, bits and sample bytes of a RIFF file; `wave` reads no mu-law, hence by hand."""
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise SoundError("This is not a WAV file.")
    form: tuple[int, int, int, int] | None = None
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        if name == b"fmt " and at + 24 <= len(data):
            encoding, channels, rate_hz, _, _, bits = struct.unpack("<HHIIHH", data[at + 8 : at + 24])
            form = (encoding, channels, rate_hz, bits)
        elif name == b"data":
            if form is None or 0 in form[1:]:
                break
            return (*form, data[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    raise SoundError("This WAV file has no sound in it.")


def _resample(linear: npt.NDArray[np.float64], rate_hz: int) -> npt.NDArray[np.float64]:
    if rate_hz == RATE_HZ or len(linear) == 0:
        return linear
    # A moving average as wide as one output sample keeps the worst of what 8 kHz cannot carry out of it.
    width = max(1, round(rate_hz / RATE_HZ))
    smooth = np.convolve(linear, np.ones(width) / width, mode="same")
    count = round(len(linear) * RATE_HZ / rate_hz)
    return np.interp(np.arange(count) * rate_hz / RATE_HZ, np.arange(len(smooth)), smooth)


def _mp3_bit_rate(data: bytes) -> int:
    """Bits a second by the first frame header of MPEG-1 layer III; 64,000 when none is found in the first 64 KB."""
    rates = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
    for at in range(min(len(data) - 4, 65_536)):
        if data[at] == 0xFF and data[at + 1] in (0xFA, 0xFB) and rates[data[at + 2] >> 4]:
            return rates[data[at + 2] >> 4] * 1000
    return 64_000


class Tape:
    """What a recording hears: sounds laid at their times, silence between."""

    def __init__(self) -> None:
        self._parts: list[tuple[float, Samples]] = []

    def lay(self, at_s: float, samples: Samples) -> None:
        self._parts.append((at_s, samples))

    @property
    def empty(self) -> bool:
        return not any(len(samples) for _, samples in self._parts)

    def samples(self, length_s: float) -> Samples:
        """The first `length_s` seconds; overlapping sounds are added."""
        out = np.zeros(max(0, round(length_s * RATE_HZ)), dtype=np.int32)
        for at_s, samples in self._parts:
            begin = round(at_s * RATE_HZ)
            piece = samples[: max(0, len(out) - begin)]
            out[begin : begin + len(piece)] += piece
        return np.clip(out, -32768, 32767).astype(np.int16)
