"""What each thread of a worker is doing, where it can still be read after the worker died.

A page of memory that the worker writes and its parent reads: when an engine takes its process down with it, the
utterances that were inside the engine at that moment are the suspects, and all others are innocent.
"""

from __future__ import annotations

import mmap
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

BOARD_BYTES = 4096
_NUMBER = struct.Struct("=I")
MOST_THREADS = BOARD_BYTES // _NUMBER.size


class WorkBoard:
    """One page of a shared file; slot i belongs to thread i. Utterances have numbers from 1."""

    def __init__(self, fileno: int) -> None:
        self._page = mmap.mmap(fileno, BOARD_BYTES)
        self._limits: dict[int, float] = {}

    @contextmanager
    def working_on(self, slot: int, number: int, limit_s: float) -> Iterator[None]:
        """While the engine is busy with an utterance, for `limit_s` seconds at most."""
        _NUMBER.pack_into(self._page, slot * _NUMBER.size, number)
        self._limits[slot] = time.monotonic() + limit_s
        try:
            yield
        finally:
            del self._limits[slot]
            _NUMBER.pack_into(self._page, slot * _NUMBER.size, 0)

    def is_stuck(self) -> bool:
        """Whether a thread of this process has passed its limit."""
        now = time.monotonic()
        return any(limit < now for limit in list(self._limits.values()))

    def suspects(self) -> set[int]:
        """Utterances that are, or at the worker's death were, inside the engine."""
        numbers = (_NUMBER.unpack_from(self._page, at)[0] for at in range(0, BOARD_BYTES, _NUMBER.size))
        return {number for number in numbers if number}

    def wipe(self) -> None:
        """For the next worker."""
        self._page[:] = bytes(BOARD_BYTES)

    def close(self) -> None:
        """Give back the page."""
        self._page.close()
