"""A call's live sound, in no company's dialect: what comes through the stream, and how ours is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

MULAW_BYTES_A_SECOND = 8000


class MediaError(Exception):
    """A message of a stream that cannot be read; the text says what is wrong with it, without its sound or words."""


@dataclass(frozen=True, kw_only=True)
class StreamStarted:
    """The stream begins. `parameters` are those of the Connect verb."""

    stream_sid: str
    call_sid: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SoundHeard:
    """Sound of the caller: mu-law, 8000 bytes a second, mono, of any length from 1 byte.

    `at_ms` is the provider's time of its first sample since the stream began; it may jump where sound was lost.
    """

    payload: bytes
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class KeyPressed:
    """One key: 0-9, * or #."""

    digit: str


@dataclass(frozen=True, kw_only=True)
class MarkReached:
    """What was sent before this mark has been played, or was thrown away by a clear."""

    name: str


@dataclass(frozen=True, kw_only=True)
class StreamStopped:
    """The call is over or has left the stream; sound may still follow and means nothing."""


StreamEvent = StreamStarted | SoundHeard | KeyPressed | MarkReached | StreamStopped


class MediaDialect(Protocol):
    """How a provider's stream is read and written; text messages over a websocket."""

    def read(self, message: str | bytes) -> StreamEvent | None:
        """The event of a message; None for one that says nothing to us. Raises MediaError."""

    def sound(self, stream_sid: str, payload: bytes) -> str:
        """Sound for the caller: mu-law, 8000 Hz, without a header."""

    def mark(self, stream_sid: str, name: str) -> str:
        """Ask to be told when everything sent before has been played."""

    def clear(self, stream_sid: str) -> str:
        """Throw away what has not been played yet; its marks come back all the same."""
