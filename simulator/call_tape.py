"""Both sides of a call on tape: what its phone says, and what it is played."""

from simulator.sound import RATE_HZ, Samples, Tape, both_channels, mixed


class CallTape:
    """A tape that began at `begun_s` (call time). Whatever sounded before is not on it."""

    def __init__(self, begun_s: float) -> None:
        self.begun_s = begun_s
        self._said, self._heard = Tape(), Tape()
        self._said_until_s = begun_s

    def say(self, at_s: float, samples: Samples) -> None:
        """The phone's holder speaks, after what they are still saying."""
        at_s = max(at_s, self._said_until_s)
        self._said.lay(at_s - self.begun_s, samples)
        self._said_until_s = at_s + len(samples) / RATE_HZ

    def hear(self, at_s: float, samples: Samples) -> None:
        """The phone is played something that began at `at_s`, maybe before the tape."""
        missed = max(0, round((self.begun_s - at_s) * RATE_HZ))
        self._heard.lay(max(0.0, at_s - self.begun_s), samples[missed:])

    def samples(self, length_s: float, *, channels: int) -> Samples:
        """Shape (n, 2) with the phone left and what it heard right, or shape (n,) with both mixed."""
        said, heard = self._said.samples(length_s), self._heard.samples(length_s)
        return both_channels(said, heard) if channels == 2 else mixed(said, heard)
