"""What the provider that rings nobody remembers of what it was asked."""

from __future__ import annotations

from dataclasses import dataclass

from telephony.provider import ListedRecording, MachineDetection, PlacedCall


@dataclass(kw_only=True)
class RememberedCall:
    """An outbound call that was asked for. `answer_url` is the latest one, after updates."""

    placed: PlacedCall
    answer_url: str
    status_url: str
    timeout_s: int
    machine_detection: MachineDetection | None = None


@dataclass(frozen=True, kw_only=True)
class RememberedMessage:
    """An SMS that was asked for."""

    sid: str
    to: str
    from_: str
    body: str
    status_url: str


@dataclass(frozen=True, kw_only=True)
class RememberedStart:
    """A recording of a whole call that was asked for."""

    listed: ListedRecording
    status_url: str
