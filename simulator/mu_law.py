"""G.711 mu-law, the sound of telephones: 8000 bytes a second. Source: ITU-T G.711, table 2."""

import numpy as np
import numpy.typing as npt

SILENCE = b"\xff"
FRAME_BYTES = 160
FRAME_S = 0.02
BYTES_A_SECOND = 8000
_BIAS, _LOUDEST = 0x84, 32_635


def _linear_values() -> npt.NDArray[np.int16]:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = (((code & 0x0F) << 3) + _BIAS) << ((code & 0x70) >> 4)
    return np.where(code & 0x80, _BIAS - magnitude, magnitude - _BIAS).astype(np.int16)


def _codes() -> npt.NDArray[np.uint8]:
    """The code word of every 16-bit value, indexed by the value as an unsigned number."""
    linear = np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int32)
    sign = np.where(linear < 0, 0x80, 0)
    magnitude = np.minimum(np.abs(linear), _LOUDEST) + _BIAS
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (segment + 3)) & 0x0F
    codes: npt.NDArray[np.uint8] = (~(sign | (segment << 4) | mantissa) & 0xFF).astype(np.uint8)
    return codes


LINEAR = _linear_values()
_CODES = _codes()
_LOUDNESS = np.abs(LINEAR.astype(np.int32))


def decode(sound: bytes) -> npt.NDArray[np.int16]:
    """16-bit samples of mu-law bytes."""
    samples: npt.NDArray[np.int16] = LINEAR[np.frombuffer(sound, dtype=np.uint8)]
    return samples


def encode(samples: npt.NDArray[np.int16]) -> bytes:
    """Mu-law bytes of 16-bit samples; what was decoded from mu-law comes back as it was, but for the second zero."""
    return _CODES[samples.view(np.uint16)].tobytes() if len(samples) else b""


def peak(sound: bytes) -> int:
    """The greatest distance from silence in mu-law bytes, 0 to 32124."""
    return int(_LOUDNESS[np.frombuffer(sound, dtype=np.uint8)].max()) if sound else 0


def whole_frames(sound: bytes) -> bytes:
    """The sound with silence behind it, up to a whole number of 20 ms frames."""
    return sound + SILENCE * (-len(sound) % FRAME_BYTES)
