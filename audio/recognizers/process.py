"""A recogniser in a process of its own."""

from __future__ import annotations

from collections.abc import Callable

from audio.blocks import BLOCK_S, split_at_pauses
from audio.child import Child, ChildDied, ChildHung
from audio.errors import AudioError, RecognizerFailed
from audio.pcm import Pcm
from audio.recognizers.base import Capabilities, ModelSpec
from audio.transcript import Transcript, joined

Progress = Callable[[float], None]

_START_S = 60.0  # Loading a model on a busy machine.
_TIMES_REAL_TIME = 10.0  # A block may take this many times its length before the child counts as hung.
_TRIES = 2


class ProcessRecognizer:
    """Runs a model in a child process, block by block; a child that dies costs one more try of one block."""

    capabilities = Capabilities(word_times=True, confidence=True, own_process=True)

    def __init__(self, spec: ModelSpec, block_s: float = BLOCK_S) -> None:
        self._block_s = block_s
        self.child = Child(module="audio.recognizers.worker", set_up=spec, name=f"The recogniser {spec.name}")

    def transcribe(self, sound: Pcm, progress: Progress | None = None) -> Transcript:
        """See `Recognizer`. `progress` is told the share that is done, 0..1, after each block."""
        parts = []
        for start_s, block in split_at_pauses(sound, self._block_s):
            parts.append((start_s, self._block(block)))
            if progress is not None:
                progress(min(1.0, (start_s + block.duration_s) / max(sound.duration_s, 1e-9)))
        return joined(parts)

    def close(self) -> None:
        """End the child."""
        self.child.close()

    def _block(self, block: Pcm) -> Transcript:
        timeout_s = _START_S + _TIMES_REAL_TIME * block.duration_s
        for last in (tried == _TRIES for tried in range(1, _TRIES + 1)):
            try:
                answer = self.child.ask(block, timeout_s)
            except ChildDied as error:
                if last:
                    raise RecognizerFailed(str(error)) from error
            except ChildHung as error:
                raise RecognizerFailed(str(error)) from error
            except RecognizerFailed:
                raise
            except AudioError as error:
                raise RecognizerFailed(f"{self.child.name} refused the recording: {error}") from error
            else:
                assert isinstance(answer, Transcript)  # noqa: S101 - narrows the type of what our own child sent.
                return answer
        raise AssertionError("unreachable: the last try returns or raises")
