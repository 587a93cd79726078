"""How far a stream is with the sound it was sent, for carriers that wait for it before they send on (in tests)."""

from __future__ import annotations

from collections.abc import Callable

EVERY_FRAME = 2**62
"""Nothing of an ended stream is ever under way."""


class Lockstep:
    """Counts messages with sound. `is_idle` tells whether nothing they caused is still under way.

    A lookup is not waited for, since it may need time to pass.
    """

    def __init__(self, is_idle: Callable[[], bool]) -> None:
        self._is_idle = is_idle
        self._received = 0
        self._done = 0
        self._is_over = False

    def frame(self) -> None:
        """A message with sound was taken."""
        self._received += 1

    def over(self) -> None:
        """The stream has ended."""
        self._is_over = True

    @property
    def frames_done(self) -> int:
        """How many messages with sound are done with."""
        if self._is_over:
            return EVERY_FRAME
        if self._is_idle():
            self._done = self._received
        return self._done
