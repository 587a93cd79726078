"""What a phone company tells about a call: its events, statuses and what was heard, in neutral words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class CallStatus(StrEnum):
    """Statuses as Twilio spells them; the wire values are stored."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def is_final(self) -> bool:
        """True when nothing more happens on the call."""
        return self in FINAL_STATUSES


FINAL_STATUSES = frozenset(
    {CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.FAILED, CallStatus.NO_ANSWER, CallStatus.CANCELED}
)


class Direction(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class AnsweredBy(StrEnum):
    """Verdict of answering-machine detection, as Twilio spells it."""

    HUMAN = "human"
    MACHINE_START = "machine_start"
    MACHINE_END_BEEP = "machine_end_beep"
    MACHINE_END_SILENCE = "machine_end_silence"
    MACHINE_END_OTHER = "machine_end_other"
    FAX = "fax"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Digits:
    """Keys the caller pressed: characters of 0-9, * and #; may be empty when only the finish key was pressed."""

    digits: str


@dataclass(frozen=True, kw_only=True)
class Speech:
    """Words the provider's recogniser heard. `confidence` is 0.0 to 1.0, or None when the provider sent none."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class Silence:
    """The caller neither pressed nor said anything before the time-out."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A recording was made. `ended_by` is the key pressed or "hangup"; `duration_s` is 0 for an empty one."""

    url: str
    sid: str
    duration_s: int
    ended_by: str = ""


@dataclass(frozen=True, kw_only=True)
class DialEnded:
    """A Dial came back. `status` is one of completed, busy, no-answer, failed, canceled; `bridged` if they talked."""

    status: str
    duration_s: int = 0
    bridged: bool = False


@dataclass(frozen=True, kw_only=True)
class QueueEnded:
    """An Enqueue came back. `result` is Twilio's QueueResult: bridged, leave, hangup, queue-full, error, …"""

    result: str
    waited_s: int = 0


@dataclass(frozen=True, kw_only=True)
class Nothing:
    """The provider merely asks for the next instructions (first request of a call, or a Redirect)."""


Heard = Digits | Speech | Silence | Recorded | DialEnded | QueueEnded | Nothing


@dataclass(frozen=True, kw_only=True)
class CallEvent:
    """One webhook about a call, parsed.

    Attributes:
        call_sid: the provider's name of the call.
        from_number: E.164, or "" when withheld or not a number.
        to_number: E.164 of the service number called (or of the callee, outbound).
        status: the call's status in this request.
        direction: inbound or outbound.
        heard: what the caller did, for requests that bring an answer; Nothing() otherwise.
        parent_sid: the first leg's CallSid when this is a child leg, else "".
        sequence_number: order of status callbacks from 0, or None.
        occurred_at: the provider's time of a status callback (aware, UTC), or None.
        duration_s: length of the call, in final callbacks only.
        answered_by: verdict of machine detection, or None.
        sip_code: SIP response code, or None.
        idempotency_token: the same string for each retry of one webhook, or "".
        error_code: the provider's error that led to a fallback request, or "".
        raw: every received parameter, first values only.
    """

    call_sid: str
    from_number: str
    to_number: str
    status: CallStatus
    direction: Direction
    heard: Heard = field(default_factory=Nothing)
    parent_sid: str = ""
    sequence_number: int | None = None
    occurred_at: datetime | None = None
    duration_s: int | None = None
    answered_by: AnsweredBy | None = None
    sip_code: int | None = None
    idempotency_token: str = ""
    error_code: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RecordingEvent:
    """A recording status callback. `status` is in-progress, completed, absent or failed."""

    call_sid: str
    recording_sid: str
    url: str
    status: str
    duration_s: int
    started_at: datetime | None = None
    error_code: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageEvent:
    """An SMS status callback or an inbound SMS. `body` is empty for status callbacks."""

    message_sid: str
    from_number: str
    to_number: str
    status: str
    body: str = ""
    error_code: str = ""
