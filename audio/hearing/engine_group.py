"""The equal workers of one engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from audio.hearing.engine import EngineCapabilities, EngineSpec
from audio.hearing.engine_process import EngineProcess
from audio.hearing.figures import EngineFigures, EngineRecord, share_ms
from audio.hearing.question import Question


class EngineGroup:
    """One or more processes that run the same."""

    def __init__(self, spec: EngineSpec, on_poison: Callable[[Question], None]) -> None:
        self.spec = spec
        self.record = EngineRecord()
        self.processes = tuple(EngineProcess(spec, self.record, on_poison) for _ in range(spec.processes))

    async def start(self) -> None:
        """Return when all are warm. Raises RecognizerFailed when one cannot be started; then none is left."""
        try:
            await asyncio.gather(*(process.start() for process in self.processes))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End all."""
        await asyncio.gather(*(process.close() for process in self.processes))

    @property
    def is_ready(self) -> bool:
        """Whether at least one can hear now."""
        return any(process.is_ready for process in self.processes)

    @property
    def capabilities(self) -> EngineCapabilities | None:
        """As the engine told when it first was ready."""
        return self.processes[0].capabilities

    @property
    def is_streaming(self) -> bool:
        """Whether it decodes while the caller speaks."""
        return self.capabilities is not None and self.capabilities.streaming

    def prepare(self, question: Question) -> None:
        """A question that will be answered soon. Engines that stream have nothing to prepare."""
        if not self.is_streaming:
            for process in self.processes:
                process.prepare(question)

    def least_busy(self) -> EngineProcess:
        """Where a new utterance is heard soonest."""
        return min(self.processes, key=lambda process: (not process.is_ready, process.load))

    def lag_ms(self) -> float:
        """How late it is: what decisions took lately, or how long the oldest work has been waiting by now."""
        waiting_s = min((process.waiting_s for process in self.processes if process.is_ready), default=0.0)
        return max(self.record.recent_p95_ms(), waiting_s * 1000)

    def figures(self) -> EngineFigures:
        """What was measured."""
        taken_ms = self.record.all_ms()
        return EngineFigures(
            name=self.spec.name,
            languages=self.spec.languages,
            decisions=self.record.decisions,
            prepared=self.record.prepared,
            failures=self.record.failures,
            deaths=self.record.deaths,
            queue=sum(process.load for process in self.processes),
            decode_p50_ms=share_ms(taken_ms, 0.5),
            decode_p95_ms=share_ms(taken_ms, 0.95),
        )
