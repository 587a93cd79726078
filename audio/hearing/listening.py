"""How one utterance reaches an engine: while it is spoken, or whole when the caller pauses."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from audio.codecs import mulaw
from audio.hearing.engine_group import EngineGroup
from audio.hearing.engine_process import EngineProcess
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.utterance import LONGEST_BYTES, Utterance

# Sound goes out in pieces of this length, so that five frames of a call wake the worker once.
_PIECE_BYTES = 800
# A pause that lasts becomes the end after about this long (the patience of a question less its pause).
_PREPARED_WITHIN_S = 0.35
_LOUD_FRAME_BYTES = 160
# More than this of sound about as loud as the speech before a pause: the caller goes on.
_RESUMED_FRAMES = 5
_AS_LOUD_AS_SPEECH = 0.5

NewUtterance = Callable[[], Utterance]


class Listening(Protocol):
    """One utterance of an ear, from its first sound to the wish for its decision."""

    was_prepared: bool
    group: EngineGroup

    def hear(self, payload: bytes) -> None:
        """More sound."""

    def paused(self) -> None:
        """This may have been all."""

    def finish(self) -> Utterance:
        """The utterance, whose decision is under way."""

    def drop(self) -> None:
        """Forget it."""


class StreamedListening:
    """The engine decodes while the caller speaks."""

    was_prepared = False

    def __init__(self, group: EngineGroup, new: NewUtterance) -> None:
        self.group = group
        self._process = group.least_busy()
        self._utterance = new()
        self._process.take(self._utterance)

    def hear(self, payload: bytes) -> None:
        """See `Listening`."""
        self._utterance.hear(payload)
        if len(self._utterance.sound) - self._utterance.sent >= _PIECE_BYTES:
            self._process.more(self._utterance)

    def paused(self) -> None:
        """See `Listening`: what was said up to here is decoded now, not at the end."""
        self._process.more(self._utterance)

    def finish(self) -> Utterance:
        """See `Listening`."""
        self._process.want(self._utterance)
        return self._utterance

    def drop(self) -> None:
        """See `Listening`."""
        self._process.forget(self._utterance)


class WholeListening:
    """The engine gets the utterance when the caller pauses. If only silence follows, its decision stands."""

    def __init__(self, group: EngineGroup, new: NewUtterance) -> None:
        self.was_prepared = False
        self.group = group
        self._new = new
        self._sound = bytearray()
        self._asked: _Asked | None = None
        self._since_pause = bytearray()
        self._is_over = False

    def hear(self, payload: bytes) -> None:
        """See `Listening`."""
        payload = payload[: LONGEST_BYTES - len(self._sound)]
        self._sound += payload
        if self._asked is None:
            return
        self._since_pause += payload
        if _goes_on(self._since_pause, self._asked.loudness):
            self.drop()

    def paused(self) -> None:
        """See `Listening`. A second pause means that more was said after the first."""
        self.drop()
        if self._sound:
            self._ask(_PREPARED_WITHIN_S)

    def finish(self) -> Utterance:
        """See `Listening`."""
        self._is_over = True
        if self._asked is None:
            return self._ask(0.0)
        utterance = self._asked.utterance
        self.was_prepared = utterance.decision.done()
        if not self.was_prepared:
            self._asked.process.want(utterance)
        return utterance

    def drop(self) -> None:
        """See `Listening`; the sound stays, what was made of it does not."""
        if self._asked is not None:
            self._asked.process.forget(self._asked.utterance)
            self._asked = None

    def _ask(self, due_s: float) -> Utterance:
        utterance = self._new()
        utterance.hear(bytes(self._sound))
        process = self.group.least_busy()
        self._asked = _Asked(process=process, utterance=utterance, loudness=_loudness(self._sound))
        self._since_pause.clear()
        if due_s:
            utterance.decision.add_done_callback(lambda decision: self._prepared(utterance, decision))
        process.take(utterance)
        process.want(utterance, due_s)
        return utterance

    def _prepared(self, utterance: Utterance, decision: Future[Hypothesis]) -> None:
        """What was understood up to a pause is what is known so far; unless it is over, or more was said."""
        is_asked = self._asked is not None and self._asked.utterance is utterance and not self._is_over
        if is_asked and utterance.on_partial is not None and decision.exception() is None:
            utterance.on_partial(decision.result().text)


@dataclass(kw_only=True)
class _Asked:
    """What was given to a worker."""

    process: EngineProcess
    utterance: Utterance
    loudness: float


def _frames_rms(sound: bytes | bytearray) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The loudness of each whole frame of 20 ms."""
    whole = len(sound) - len(sound) % _LOUD_FRAME_BYTES
    samples = mulaw.decode_samples(bytes(sound[:whole])).astype(np.float64).reshape(-1, _LOUD_FRAME_BYTES)
    rms: np.ndarray[tuple[int], np.dtype[np.float64]] = np.sqrt((samples**2).mean(axis=1))
    return rms


def _loudness(sound: bytearray) -> float:
    """Of the loud tenth of an utterance."""
    frames = _frames_rms(sound)
    return float(np.quantile(frames, 0.9)) if len(frames) else 0.0


def _goes_on(sound: bytearray, loudness: float) -> bool:
    """Whether what followed a pause is more than silence, noise, and a click."""
    return int((_frames_rms(sound) > _AS_LOUD_AS_SPEECH * loudness).sum()) > _RESUMED_FRAMES
