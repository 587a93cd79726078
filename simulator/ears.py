"""Who follows the sound of a call while it goes on."""

from typing import Protocol


class Ear(Protocol):
    """Somebody who follows a call's sound while it goes on. Sound is mu-law; `at_s` is call time."""

    def say(self, at_s: float, sound: bytes) -> None:
        """The phone's holder begins to say this."""

    def hear(self, at_s: float, sound: bytes) -> None:
        """The phone begins to be played this."""

    def cut(self, at_s: float) -> None:
        """What is being played stops here."""


class LiveSound(Protocol):
    """The stream that has the call's sound both ways."""

    @property
    def stream_sid(self) -> str: ...
