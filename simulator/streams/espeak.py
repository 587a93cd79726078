"""Synthesized speech by espeak-ng, in memory: the library of the package espeakng-loader, or the machine's own."""

import ctypes
import re
import threading
from functools import lru_cache
from pathlib import Path

import numpy as np
import soxr

from simulator.errors import SimulatorError
from simulator.sound import RATE_HZ, Samples

_SYNCHRONOUS, _DO_NOT_EXIT, _UTF_8, _FROM_CHARACTER = 2, 0x8000, 1, 1
# Speech on the telephone is about 20 dB below the loudest a line can carry.
_LEVEL = 3_277.0
_VOICES = {"zh": b"cmn", "cmn": b"cmn", "yue": b"yue", "en": b"en-us"}
_HAN, _HANGUL = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[\uac00-\ud7af]")
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class NoVoiceError(SimulatorError):
    """Nothing can be synthesized on this machine, or not in that language."""


def synthesized(text: str, language: str | None = None) -> Samples:
    """A text as telephone sound at a usual level.

    Args:
        language: BCP-47; None goes by the text's writing (Chinese, Korean, else English).

    Raises:
        NoVoiceError: there is no espeak-ng, or it does not know the language.
    """
    return _spoken(text, _voice_name(text, language))


def _voice_name(text: str, language: str | None) -> bytes:
    if not language:
        return b"cmn" if _HAN.search(text) else b"ko" if _HANGUL.search(text) else b"en-us"
    primary = language.split("-")[0].lower()
    return _VOICES.get(primary, primary.encode("ascii", "ignore"))


@lru_cache(maxsize=256)
def _spoken(text: str, voice: bytes) -> Samples:
    pieces = _engine().speak(text, voice)
    rate_hz = _engine().rate_hz
    linear = soxr.resample(pieces.astype(np.float32), rate_hz, RATE_HZ) if len(pieces) else pieces.astype(np.float32)
    loud = linear[np.abs(linear) > 300]
    level = float(np.sqrt(np.mean(np.square(loud)))) if len(loud) else 1.0
    samples: Samples = np.clip(linear * (_LEVEL / level), -32_000, 32_000).astype(np.int16)
    samples.setflags(write=False)
    return samples


class _Engine:
    """The library is one for the whole process and speaks one text at a time."""

    def __init__(self) -> None:
        self._library, data = _load()
        self._lock = threading.Lock()
        self._pieces: list[np.ndarray[tuple[int], np.dtype[np.int16]]] = []
        self.rate_hz = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DO_NOT_EXIT))
        if self.rate_hz <= 0:
            raise NoVoiceError("espeak-ng does not start: its data are missing.")
        # The library keeps no reference of its own, so the callback must live as long as it does.
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, sound: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int) -> int:
        if sound and count > 0:
            self._pieces.append(np.ctypeslib.as_array(sound, shape=(count,)).astype(np.int16))
        return 0

    def speak(self, text: str, voice: bytes) -> Samples:
        data = text.encode() + b"\0"
        with self._lock:
            if self._library.espeak_SetVoiceByName(voice) != 0:
                raise NoVoiceError(f"espeak-ng has no voice for '{voice.decode()}'.")
            self._pieces = []
            self._library.espeak_Synth(data, len(data), 0, _FROM_CHARACTER, 0, _UTF_8, None, None)
            self._library.espeak_Synchronize()
            return np.concatenate(self._pieces) if self._pieces else np.zeros(0, dtype=np.int16)


@lru_cache(maxsize=1)
def _engine() -> _Engine:
    return _Engine()


def _load() -> tuple[ctypes.CDLL, bytes | None]:
    data: bytes | None
    try:
        import espeakng_loader

        # The package's library keeps its name apart from the system's, so that the two never stand in for each other.
        path, data = espeakng_loader.get_library_path(), str(Path(espeakng_loader.get_data_path())).encode()
    except ImportError:
        path, data = "libespeak-ng.so.1", None
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise NoVoiceError("Speech cannot be synthesized: install the package espeakng-loader.") from error
    library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
    library.espeak_Synth.argtypes = [
        *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint),
        *(ctypes.c_void_p, ctypes.c_void_p),
    ]
    return library, data
