"""One utterance on its way to a decision, as the process of the calls keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from audio.errors import AudioError
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import Question

LONGEST_BYTES = 30 * 8000


@dataclass(eq=False, kw_only=True)
class Utterance:
    """All that is needed to ask again when a worker dies.

    Attributes:
        number: from 1, unique within a worker process's parent.
        sound: mu-law, 30 s at most; what comes after that is not heard.
        sent: how much of it the worker has.
        due_s: in how many seconds the decision is wanted; None while it is not asked for.
        deaths: workers that died while they were busy with it.
    """

    number: int
    question: Question
    on_partial: Callable[[str], None] | None = None
    sound: bytearray = field(default_factory=bytearray)
    sent: int = 0
    due_s: float | None = None
    deaths: int = 0
    decision: asyncio.Future[Hypothesis] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def __post_init__(self) -> None:
        self.decision.add_done_callback(_looked_at)

    def hear(self, payload: bytes) -> None:
        """More sound."""
        self.sound += payload[: LONGEST_BYTES - len(self.sound)]

    def decide(self, hypothesis: Hypothesis) -> None:
        """The worker answered."""
        if not self.decision.done():
            self.decision.set_result(hypothesis)

    def fail(self, error: AudioError) -> None:
        """There will be no answer."""
        if not self.decision.done():
            self.decision.set_exception(error)


def _looked_at(decision: asyncio.Future[Hypothesis]) -> None:
    """A prepared decision that fails may be one that nobody waits for any more; that is no error to log."""
    if not decision.cancelled():
        decision.exception()
