"""One thing a caller says, from its first sound to the ear's decision."""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST_HELD_BYTES = 30 * 8000
"""As much as an ear keeps."""


@dataclass(kw_only=True)
class Utterance:
    """What is known of it.

    Attributes:
        held_off: it began while a prompt could not be interrupted; it counts only when it outlasts that prompt.
        interrupted: it stopped the prompts.
        over_prompt: it ended while prompts went on.
        is_paused: the caller has just fallen silent, and may go on.
        speech_ms: what was spoken, known at its end.
        sound: kept here while the ear still decides on the one before.
    """

    held_off: bool
    interrupted: bool = False
    over_prompt: bool = False
    is_paused: bool = False
    speech_ms: int = 0
    sound: bytearray = field(default_factory=bytearray)

    def hold(self, payload: bytes) -> None:
        """Keep sound for the ear, as much as it can use."""
        self.sound += payload[: LONGEST_HELD_BYTES - len(self.sound)]
