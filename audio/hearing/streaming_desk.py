"""Inside a worker: many utterances, decoded side by side while their callers speak."""

from __future__ import annotations

import pickle
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from audio.codecs import mulaw
from audio.errors import AudioError
from audio.hearing.engine import Decoding, EngineSpec, StreamingEngine
from audio.hearing.question import Question
from audio.hearing.wire import Kind, Message
from audio.hearing.work_board import WorkBoard

# A second at most in one go: an utterance that is heard anew after a crash lets the others through.
_STEP_BYTES = 8000


@dataclass(eq=False, kw_only=True)
class _Utterance:
    number: int
    question: Question
    is_alone: bool
    sound: bytearray = field(default_factory=bytearray)
    since: float = 0.0
    is_wanted: bool = False
    is_dropped: bool = False
    is_queued: bool = False
    decoding: Decoding | None = None

    @property
    def is_urgent(self) -> bool:
        """Whether somebody waits for it."""
        return self.is_wanted and not self.is_dropped

    @property
    def has_work(self) -> bool:
        return bool(self.sound) or self.is_wanted or self.is_dropped


class StreamingDesk:
    """Shares utterances among threads. Those whose caller has finished go first; each is in one thread at a time.

    What comes while an utterance waits is decoded in one go, so that a busy worker takes larger bites, not more.
    An utterance that is suspected of having killed a worker is decoded while nothing else is: should it happen again,
    it was this one.
    """

    def __init__(
        self, engine: StreamingEngine, spec: EngineSpec, board: WorkBoard, send: Callable[[Kind, int, bytes], None]
    ) -> None:
        self._engine = engine
        self._stuck_s = spec.stuck_s
        self._board = board
        self._send = send
        self._open: dict[int, _Utterance] = {}
        self._urgent: deque[_Utterance] = deque()
        self._patient: deque[_Utterance] = deque()
        self._running: set[_Utterance] = set()
        self._change = threading.Condition()
        for slot in range(spec.threads):
            threading.Thread(target=self._work, args=(slot,), daemon=True).start()

    def take(self, message: Message) -> None:
        """What the parent sends; returns at once."""
        with self._change:
            if message.kind is Kind.BEGIN:
                question, is_alone = pickle.loads(message.payload)  # noqa: S301 - from our own parent.
                self._open[message.number] = _Utterance(number=message.number, question=question, is_alone=is_alone)
                return
            utterance = self._open.get(message.number)
            if utterance is None:
                return  # Decided or dropped meanwhile.
            if message.kind is Kind.SOUND:
                utterance.since = utterance.since or time.monotonic()
                utterance.sound += message.payload
            elif message.kind is Kind.FINISH:
                utterance.is_wanted = True
                utterance.since = utterance.since or time.monotonic()
            elif message.kind is Kind.DROP:
                utterance.is_dropped = True
                utterance.sound.clear()
            self._queue(utterance)

    def waiting_s(self) -> float:
        """For how long the oldest sound has been waiting to be decoded."""
        now = time.monotonic()
        with self._change:
            return max((now - each.since for each in self._open.values() if each.since), default=0.0)

    def _queue(self, utterance: _Utterance) -> None:
        if utterance in self._running:
            return  # Looked at again when its step is done.
        if utterance.is_queued and utterance.is_urgent and utterance in self._patient:
            self._patient.remove(utterance)
            utterance.is_queued = False
        if not utterance.is_queued and utterance.has_work:
            utterance.is_queued = True
            (self._urgent if utterance.is_urgent else self._patient).append(utterance)
            self._change.notify()

    def _work(self, slot: int) -> None:
        while True:
            with self._change:
                utterance = self._next()
                while utterance is None:
                    self._change.wait()
                    utterance = self._next()
                self._running.add(utterance)
                sound = bytes(utterance.sound[:_STEP_BYTES])
                del utterance.sound[:_STEP_BYTES]
                utterance.since = time.monotonic() if utterance.sound or utterance.is_wanted else 0.0
                is_last = utterance.is_dropped or (utterance.is_wanted and not utterance.sound)
            is_over = self._step(slot, utterance, sound, is_last=is_last)
            with self._change:
                self._running.discard(utterance)
                if is_over:
                    del self._open[utterance.number]
                else:
                    self._queue(utterance)
                self._change.notify_all()

    def _next(self) -> _Utterance | None:
        """The utterance to go on with; None while there is none, or while one is to be alone."""
        waiting = self._urgent or self._patient
        if not waiting or any(each.is_alone for each in self._running) or (waiting[0].is_alone and self._running):
            return None
        utterance = waiting.popleft()
        utterance.is_queued = False
        return utterance

    def _step(self, slot: int, utterance: _Utterance, sound: bytes, *, is_last: bool) -> bool:
        """Decode some sound, and decide when it was the last; whether the utterance is over."""
        try:
            with self._board.working_on(slot, utterance.number, self._stuck_s):
                self._decode(utterance, sound, is_last=is_last)
        except AudioError as error:
            self._send(Kind.REFUSED, utterance.number, str(error).encode())
            return True
        except Exception as error:  # Whatever a library raises; its text may hold words of the caller.
            self._send(Kind.REFUSED, utterance.number, f"The recogniser failed: {type(error).__name__}.".encode())
            return True
        return is_last

    def _decode(self, utterance: _Utterance, sound: bytes, *, is_last: bool) -> None:
        if utterance.decoding is None:
            if utterance.is_dropped:
                return
            utterance.decoding = self._engine.begin(utterance.question)
        if sound:
            words = utterance.decoding.hear(mulaw.decode(sound))
            if words is not None and not is_last:
                self._send(Kind.PARTIAL, utterance.number, words.encode())
        if is_last:
            hypothesis = utterance.decoding.finish()  # Also of one that is dropped: its recogniser is used again.
            if not utterance.is_dropped:
                self._send(Kind.DECIDED, utterance.number, pickle.dumps(hypothesis))
