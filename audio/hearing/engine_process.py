"""A worker process that is replaced when it dies, and every utterance it has not decided yet."""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections.abc import Callable
from contextlib import suppress

from audio.errors import RecognizerFailed
from audio.hearing.ears import EarFailedError
from audio.hearing.engine import EngineCapabilities, EngineSpec
from audio.hearing.figures import EngineRecord
from audio.hearing.question import Question
from audio.hearing.utterance import Utterance
from audio.hearing.wire import Kind, Message, as_seconds, seconds
from audio.hearing.worker_line import WorkerLine

_START_S = 120.0  # Loading a model on a busy machine.
_DEADLY = 2
_MOST_PREPARED = 1000
_PAUSES_S = (0.0, 1.0, 5.0, 30.0)  # Before the next try, after so many starts that failed in a row.

_log = logging.getLogger(__name__)


class EngineProcess:
    """Keeps one worker running.

    When the worker dies all utterances are told to the next one from their beginning. Those that were inside the
    engine at that moment are suspects; a second time is proof, and the question is reported to `on_poison`.
    """

    def __init__(self, spec: EngineSpec, record: EngineRecord, on_poison: Callable[[Question], None]) -> None:
        self.spec = spec
        self.record = record
        self.capabilities: EngineCapabilities | None = None
        self.is_ready = False
        self.waiting_s = 0.0
        self._on_poison = on_poison
        self._prepared: dict[Question, None] = {}
        self._utterances: dict[int, Utterance] = {}
        self._line: WorkerLine | None = None
        self._life: asyncio.Task[None] | None = None
        self._started: asyncio.Future[None] | None = None
        self._unable = ""

    async def start(self) -> None:
        """Return when the engine is warm. Raises RecognizerFailed when it cannot be started."""
        self._started = asyncio.get_running_loop().create_future()
        self._life = asyncio.create_task(self._live())
        await self._started

    async def close(self) -> None:
        """End the worker."""
        if self._life is not None:
            self._life.cancel()
            with suppress(asyncio.CancelledError):
                await self._life
        self._fail_all(EarFailedError("The recogniser was closed."))

    @property
    def pid(self) -> int | None:
        """The worker, if one is running."""
        return self._line.pid if self._line else None

    @property
    def load(self) -> int:
        """Utterances that are not decided."""
        return len(self._utterances)

    def prepare(self, question: Question) -> None:
        """A question that will be answered soon; told once, whatever becomes of the worker by it."""
        if self.is_ready and question not in self._prepared:
            while len(self._prepared) >= _MOST_PREPARED:
                del self._prepared[next(iter(self._prepared))]
            self._prepared[question] = None
            self._write(Kind.PREPARE, 0, pickle.dumps(question))

    def take(self, utterance: Utterance) -> None:
        """A new utterance."""
        self._utterances[utterance.number] = utterance
        self._begin(utterance)

    def more(self, utterance: Utterance) -> None:
        """Send what was heard since."""
        if self.is_ready and utterance.sent < len(utterance.sound):
            self._write(Kind.SOUND, utterance.number, bytes(utterance.sound[utterance.sent :]))
            utterance.sent = len(utterance.sound)

    def want(self, utterance: Utterance, due_s: float = 0.0) -> None:
        """Ask for the decision; again to hurry it."""
        utterance.due_s = due_s
        self.more(utterance)
        if self.is_ready:
            self._write(Kind.FINISH, utterance.number, as_seconds(due_s))

    def forget(self, utterance: Utterance) -> None:
        """Nobody wants it any more."""
        if self._utterances.pop(utterance.number, None) is not None and self.is_ready:
            self._write(Kind.DROP, utterance.number)
        utterance.decision.cancel()

    def _begin(self, utterance: Utterance) -> None:
        if not self.is_ready:
            return  # It is told when the worker is.
        utterance.sent = 0
        self._write(Kind.BEGIN, utterance.number, pickle.dumps((utterance.question, utterance.deaths > 0)))
        self.more(utterance)
        if utterance.due_s is not None:
            self.want(utterance, utterance.due_s)

    def _write(self, kind: Kind, number: int, payload: bytes = b"") -> None:
        if self._line is not None:
            self._line.write(kind, number, payload)

    def _told(self, message: Message) -> None:
        if message.kind is Kind.BEAT:
            self.waiting_s = seconds(message.payload)
        elif message.kind is Kind.READY:
            self.capabilities = pickle.loads(message.payload)  # noqa: S301 - from our own child.
            self.is_ready = True
        elif message.kind is Kind.UNABLE:
            self._unable = message.payload.decode()
        elif message.kind is Kind.PARTIAL:
            utterance = self._utterances.get(message.number)
            if utterance is not None and utterance.on_partial is not None:
                utterance.on_partial(message.payload.decode())
        elif utterance := self._utterances.pop(message.number, None):
            self._answered(utterance, message)

    def _answered(self, utterance: Utterance, message: Message) -> None:
        if message.kind is Kind.DECIDED:
            utterance.decide(pickle.loads(message.payload))  # noqa: S301 - from our own child.
        else:
            self.record.failures += 1
            utterance.fail(EarFailedError(message.payload.decode()))

    async def _live(self) -> None:
        failed_starts = 0
        while True:
            failed_starts = 0 if await self._one_life() else failed_starts + 1
            reason = self._unable or f"{self.spec.name} for {'+'.join(self.spec.languages)} ended while it started."
            if self._started is not None and not self._started.done():
                self._started.set_exception(RecognizerFailed(reason))
                return
            if failed_starts >= _DEADLY:
                _log.error("The recogniser %s cannot be started again: %s", self.spec.name, reason)
                self._fail_all(EarFailedError("The recogniser cannot be started again."))
            await asyncio.sleep(_PAUSES_S[min(failed_starts, len(_PAUSES_S) - 1)])

    async def _one_life(self) -> bool:
        """Run one worker to its end; whether it was ready once."""
        self._unable = ""
        self._line = line = WorkerLine(self._told)
        try:
            await line.start(self.spec)
            if was_ready := await line.until(lambda: self.is_ready, _START_S):
                self._greet()
                await line.until_it_dies()
        finally:
            self.is_ready = False
            self.waiting_s = 0.0
            await line.end()
        if was_ready:
            self._died(line.suspects)
        return was_ready

    def _greet(self) -> None:
        for utterance in list(self._utterances.values()):
            self._begin(utterance)
        if self._started is not None and not self._started.done():
            self._started.set_result(None)

    def _died(self, suspects: set[int]) -> None:
        self.record.deaths += 1
        _log.warning("The recogniser %s (%s) ended and is replaced.", self.spec.name, "+".join(self.spec.languages))
        for utterance in [each for each in self._utterances.values() if each.number in suspects]:
            utterance.deaths += 1
            if utterance.deaths >= _DEADLY:
                del self._utterances[utterance.number]
                self.record.failures += 1
                self._on_poison(utterance.question)
                utterance.fail(EarFailedError("The recogniser ended twice on this utterance."))

    def _fail_all(self, error: EarFailedError) -> None:
        self.record.failures += len(self._utterances)
        for utterance in self._utterances.values():
            utterance.fail(error)
        self._utterances.clear()
