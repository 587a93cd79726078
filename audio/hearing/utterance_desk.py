"""Inside a worker: whole utterances, one after another, the one that is wanted soonest first.

When there is none, questions are prepared that will be answered soon.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from audio.codecs import mulaw
from audio.errors import AudioError
from audio.hearing.engine import EngineSpec, Prepares, UtteranceEngine
from audio.hearing.question import Question
from audio.hearing.wire import Kind, Message, seconds
from audio.hearing.work_board import WorkBoard

_TIMES_REAL_TIME = 3.0
_MOST_ASKED = 100


@dataclass(eq=False, kw_only=True)
class _Utterance:
    number: int
    question: Question
    sound: bytearray = field(default_factory=bytearray)
    due: float | None = None
    since: float = 0.0


class UtteranceDesk:
    """Shares one engine among utterances. One that is dropped before its turn costs nothing."""

    def __init__(
        self, engine: UtteranceEngine, spec: EngineSpec, board: WorkBoard, send: Callable[[Kind, int, bytes], None]
    ) -> None:
        self._engine = engine
        self._stuck_s = spec.stuck_s
        self._board = board
        self._send = send
        self._open: dict[int, _Utterance] = {}
        self._asked: deque[Question] = deque(maxlen=_MOST_ASKED)
        self._change = threading.Condition()
        threading.Thread(target=self._work, daemon=True).start()

    def take(self, message: Message) -> None:
        """What the parent sends; returns at once."""
        with self._change:
            if message.kind is Kind.BEGIN:
                question, _ = pickle.loads(message.payload)  # noqa: S301 - from our own parent.
                self._open[message.number] = _Utterance(number=message.number, question=question)
            elif message.kind is Kind.PREPARE:
                self._asked.append(pickle.loads(message.payload))  # noqa: S301 - from our own parent.
                self._change.notify()
            elif message.kind is Kind.DROP:
                self._open.pop(message.number, None)
            elif utterance := self._open.get(message.number):
                if message.kind is Kind.SOUND:
                    utterance.sound += message.payload
                elif message.kind is Kind.FINISH:
                    utterance.due = time.monotonic() + seconds(message.payload)
                    utterance.since = utterance.since or time.monotonic()
                    self._change.notify()

    def waiting_s(self) -> float:
        """For how long the oldest utterance that is overdue has been waiting for its turn."""
        now = time.monotonic()
        with self._change:
            return max((now - each.since for each in self._open.values() if each.due is not None), default=0.0)

    def _work(self) -> None:
        while True:
            with self._change:
                while not (waiting := [each for each in self._open.values() if each.due is not None]):
                    if self._asked:
                        break
                    self._change.wait()
                utterance = min(waiting, key=lambda each: each.due or 0.0, default=None)
                if utterance is not None:
                    del self._open[utterance.number]
                else:
                    question = self._asked.popleft()
            if utterance is not None:
                self._understand(utterance)
            else:
                self._prepare(question)

    def _prepare(self, question: Question) -> None:
        if not isinstance(self._engine, Prepares):
            return
        # What goes wrong with a question goes wrong with its answer too, and is told then.
        with self._board.working_on(0, 0, self._stuck_s), suppress(Exception):
            self._engine.prepare(question)

    def _understand(self, utterance: _Utterance) -> None:
        sound = mulaw.decode(bytes(utterance.sound))
        limit_s = self._stuck_s + _TIMES_REAL_TIME * sound.duration_s
        try:
            with self._board.working_on(0, utterance.number, limit_s):
                hypothesis = self._engine.understand(sound, utterance.question)
        except AudioError as error:
            self._send(Kind.REFUSED, utterance.number, str(error).encode())
        except Exception as error:  # Whatever a library raises; its text may hold words of the caller.
            self._send(Kind.REFUSED, utterance.number, f"The recogniser failed: {type(error).__name__}.".encode())
        else:
            self._send(Kind.DECIDED, utterance.number, pickle.dumps(hypothesis))
