"""The keys pressed for one question."""

from __future__ import annotations

from telephony.verbs import Gather, InputMode

MOST_KEYS = 500


class Keypad:
    """Collects keys as a Gather asks: so many of them, or until its finish key, which is not part of the answer."""

    def __init__(self, gather: Gather) -> None:
        self._takes_keys = gather.mode is not InputMode.SPEECH
        self._num_digits = gather.num_digits or MOST_KEYS
        self._finish_on_key = gather.finish_on_key
        self.typed = ""
        self.is_complete = False

    @property
    def is_used(self) -> bool:
        """Whether any key was pressed, were it only the finish key."""
        return bool(self.typed) or self.is_complete

    def press(self, digit: str) -> bool:
        """One key; False when the question takes none, or no more."""
        if not self._takes_keys or self.is_complete:
            return False
        if digit == self._finish_on_key:
            self.is_complete = True
        else:
            self.typed += digit
            self.is_complete = len(self.typed) >= self._num_digits
        return True
