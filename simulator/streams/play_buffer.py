"""Sound that the app sent and that has not been played yet, with the marks between."""

from collections import deque
from dataclasses import dataclass, field

from simulator.mu_law import BYTES_A_SECOND, FRAME_BYTES

LONGEST_S = 120.0
"""So much may wait to be played. Twilio names no limit; ours is far above what a patient app sends ahead."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """20 ms of playing: `sound` (shorter where the buffer ran dry), and the marks that were reached at its end."""

    sound: bytes
    reached: list[str] = field(default_factory=list)


class PlayBuffer:
    """First in, first out; a mark is reached when all sound before it has been played."""

    def __init__(self, longest_s: float = LONGEST_S) -> None:
        self._sound = bytearray()
        self._marks: deque[tuple[int, str]] = deque()
        self._played = 0
        self._limit = round(longest_s * BYTES_A_SECOND)

    @property
    def is_dry(self) -> bool:
        return not self._sound

    def add(self, sound: bytes) -> bool:
        """Take sound; False when there is no room, and then none of it is taken."""
        if len(self._sound) + len(sound) > self._limit:
            return False
        self._sound += sound
        return True

    def mark(self, name: str) -> list[str]:
        """Set a mark behind everything that waits; the marks that are reached at once, because nothing waits."""
        self._marks.append((self._played + len(self._sound), name))
        return self._reached()

    def clear(self) -> list[str]:
        """Throw away what waits; the names of the marks that stood in it, in order."""
        self._played += len(self._sound)
        self._sound.clear()
        return self._reached()

    def play(self) -> Played:
        """The next 20 ms."""
        sound = bytes(self._sound[:FRAME_BYTES])
        del self._sound[:FRAME_BYTES]
        self._played += len(sound)
        return Played(sound=sound, reached=self._reached())

    def _reached(self) -> list[str]:
        names = []
        while self._marks and self._marks[0][0] <= self._played:
            names.append(self._marks.popleft()[1])
        return names
