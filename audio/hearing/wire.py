"""Messages between the process of the calls and its worker processes, over a socket pair.

Each is a header (kind, number of the utterance, length) and a payload: sound as it is, words as UTF-8, our own values
pickled (both ends are the same program).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

_HEADER = struct.Struct("!BII")
_SECONDS = struct.Struct("!f")


class Kind(IntEnum):
    """To the worker: SET_UP to PREPARE. From it: READY to UNABLE."""

    SET_UP = 1  # EngineSpec, pickled.
    BEGIN = 2  # Question and whether it is decoded alone, pickled.
    SOUND = 3  # Mu-law.
    FINISH = 4  # In how many seconds the decision is wanted; may be sent again to hurry it.
    DROP = 5
    PREPARE = 6  # Question that will be answered soon, pickled.
    READY = 10  # EngineCapabilities, pickled.
    PARTIAL = 11  # Words so far.
    DECIDED = 12  # Hypothesis, pickled.
    REFUSED = 13  # Why, as a sentence.
    BEAT = 14  # Seconds for which the oldest sound has been waiting.
    UNABLE = 15  # Why the engine does not start, as a sentence.


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message as it came. `number` is 0 where no utterance is meant."""

    kind: Kind
    number: int
    payload: bytes


def written(kind: Kind, number: int = 0, payload: bytes | bytearray = b"") -> bytes:
    """A message as bytes."""
    return _HEADER.pack(kind, number, len(payload)) + payload


def seconds(payload: bytes) -> float:
    """The payload of FINISH and BEAT."""
    return float(_SECONDS.unpack(payload)[0])


def as_seconds(value_s: float) -> bytes:
    """The payload of FINISH and BEAT."""
    return _SECONDS.pack(value_s)


class Messages:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are complete now."""
        self._buffer += data
        found: list[Message] = []
        at = 0
        while at + _HEADER.size <= len(self._buffer):
            kind, number, length = _HEADER.unpack_from(self._buffer, at)
            end = at + _HEADER.size + length
            if end > len(self._buffer):
                break
            found.append(Message(kind=Kind(kind), number=number, payload=bytes(self._buffer[at + _HEADER.size : end])))
            at = end
        del self._buffer[:at]
        return found
