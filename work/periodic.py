"""Things to do again and again while a process lives."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger(__name__)


@dataclass
class _Task:
    name: str
    every_s: float
    fn: Callable[[], object]
    next_at: float = field(default=0.0)


class Periodic:
    """Calls functions in turn in one thread; one that fails or takes long does not stop the others for good."""

    def __init__(self) -> None:
        self._tasks: list[_Task] = []

    def add(self, name: str, every_s: float, fn: Callable[[], object]) -> None:
        """Call `fn` about every `every_s` seconds, for the first time at once."""
        if every_s <= 0:
            raise ValueError(f"{name} cannot be done every {every_s} seconds.")
        self._tasks.append(_Task(name, every_s, fn))

    def run(self, stop: threading.Event) -> None:
        """Go on until `stop` is set."""
        while not stop.is_set():
            for task in self._tasks:
                if time.monotonic() >= task.next_at and not stop.is_set():
                    self._call(task)
            stop.wait(self._until_next())

    def _until_next(self) -> float:
        soonest = min((task.next_at for task in self._tasks), default=time.monotonic() + 1.0)
        return min(max(soonest - time.monotonic(), 0.01), 1.0)

    @staticmethod
    def _call(task: _Task) -> None:
        task.next_at = time.monotonic() + task.every_s
        try:
            task.fn()
        except Exception as error:
            log.exception("The periodic task %s failed with %s.", task.name, type(error).__name__)
