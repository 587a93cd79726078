"""One direction of a call's sound on a time line, read 20 ms at a time."""

from simulator.mu_law import BYTES_A_SECOND, FRAME_BYTES, SILENCE


class Track:
    """Sounds laid at their times, silence between. Times are call time; what was read is forgotten."""

    def __init__(self) -> None:
        self._pieces: list[tuple[int, bytes]] = []
        self._until = 0

    def lay(self, at_s: float, sound: bytes) -> None:
        """A sound that begins at `at_s`, or when the one before it ends."""
        begin = max(_place(at_s), self._until)
        self._pieces.append((begin, sound))
        self._until = begin + len(sound)

    def cut(self, at_s: float) -> None:
        """Nothing laid so far sounds beyond `at_s`."""
        end = _place(at_s)
        self._pieces = [(begin, sound[: max(0, end - begin)]) for begin, sound in self._pieces]
        self._until = min(self._until, end)

    def frame(self, at_s: float) -> bytes:
        """The 20 ms from `at_s`."""
        begin = _place(at_s)
        end = begin + FRAME_BYTES
        out = bytearray(SILENCE * FRAME_BYTES)
        for start, sound in self._pieces:
            first, last = max(begin, start), min(end, start + len(sound))
            if first < last:
                out[first - begin : last - begin] = sound[first - start : last - start]
        self._pieces = [(start, sound) for start, sound in self._pieces if start + len(sound) > end]
        return bytes(out)


def _place(at_s: float) -> int:
    return round(at_s * BYTES_A_SECOND)
