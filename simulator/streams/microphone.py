"""Live sound from a browser's microphone, on its way into the call."""

from simulator.mu_law import BYTES_A_SECOND, FRAME_BYTES, SILENCE

# A browser sends in uneven portions: so much is gathered before the first is used, and no more than that is kept.
_GATHERED_S, _MOST_KEPT_S = 0.06, 0.4


class Microphone:
    """Mu-law in portions of any length; out in frames, silence where the browser is late."""

    def __init__(self) -> None:
        self._sound = bytearray()
        self._flows = False

    def put(self, sound: bytes) -> None:
        """More of what was just spoken; what a late call has not used is dropped from the front."""
        self._sound += sound
        over = len(self._sound) - round(_MOST_KEPT_S * BYTES_A_SECOND)
        if over > 0:
            del self._sound[:over]

    def take(self) -> bytes:
        """The next 20 ms."""
        self._flows = self._flows or len(self._sound) >= _GATHERED_S * BYTES_A_SECOND
        if not self._flows or len(self._sound) < FRAME_BYTES:
            self._flows = False
            return SILENCE * FRAME_BYTES
        frame = bytes(self._sound[:FRAME_BYTES])
        del self._sound[:FRAME_BYTES]
        return frame
