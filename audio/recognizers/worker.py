"""The child process in which an engine runs: `python -m audio.recognizers.worker SOCKET`."""

from __future__ import annotations

from collections.abc import Callable

from audio.child import serve
from audio.errors import RecognizerFailed
from audio.pcm import Pcm
from audio.recognizers.base import ModelSpec, Recognizer
from audio.transcript import Transcript


def make(spec: ModelSpec) -> Recognizer:
    """The engine a model needs. Its libraries load at the first recording."""
    if spec.engine == "vosk":
        from audio.recognizers.vosk import VoskRecognizer

        return VoskRecognizer(spec)
    if spec.engine == "whisper":
        from audio.recognizers.whisper import WhisperRecognizer

        return WhisperRecognizer(spec)
    raise RecognizerFailed(f"There is no recogniser called {spec.engine}.")


def _begin(spec: ModelSpec) -> Callable[[Pcm], Transcript]:
    return make(spec).transcribe


if __name__ == "__main__":
    serve(_begin)
