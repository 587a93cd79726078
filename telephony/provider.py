"""The phone company as a protocol: what every provider can do, and the errors it may raise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from telephony.calls import CallEvent, CallStatus, MessageEvent, RecordingEvent
from telephony.media import MediaDialect
from telephony.verbs import Verb


class ProviderError(Exception):
    """The phone company could not do what was asked.

    Attributes:
        code: the provider's own error number, or None.
        retryable: True only when the request was certainly not carried out and may succeed later.
    """

    def __init__(self, message: str, *, code: int | None = None, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable


@dataclass(frozen=True, kw_only=True)
class HttpRequest:
    """A webhook request as it came in, before any framework has decoded its URL.

    Attributes:
        method: "GET" or "POST".
        target: the raw request target as sent, path and query, still percent-encoded: "/voice?x=%20".
        headers: names in lower case.
        form: every form parameter of the body with all its values, blanks kept; empty for GET.
        body: the raw body.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    form: Mapping[str, Sequence[str]]
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What differs between providers, declared."""

    max_hints: int
    max_document_bytes: int
    speech_languages: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class PlacedCall:
    """A call as the provider lists it.

    Attributes:
        queue_time_ms: how long the provider means to keep the call back because it is asked for calls too fast.
        ended_at: when it ended, None while it goes on.
    """

    call_sid: str
    status: CallStatus
    from_number: str
    to_number: str
    created_at: datetime | None
    duration_s: int | None = None
    queue_time_ms: int | None = None
    ended_at: datetime | None = None


class DetectionMode(StrEnum):
    """How long it listens: ENABLE tells a machine early, DETECT_MESSAGE_END when its greeting is over."""

    ENABLE = "Enable"
    DETECT_MESSAGE_END = "DetectMessageEnd"


@dataclass(frozen=True, kw_only=True)
class MachineDetection:
    """Let the provider find out who answered, beside the call: nobody who answers waits for the verdict.

    `callback_url` is told the verdict; `timeout_s` (3 to 59) is when the provider gives up.
    """

    mode: DetectionMode
    callback_url: str
    timeout_s: int = 30


@dataclass(frozen=True, kw_only=True)
class ListedRecording:
    """A recording as the provider lists it.

    Attributes:
        duration_s: 0 while it goes on.
        started_at: when its first sample was heard; None when the provider does not say.
        whole_call: `start_recording` began it; False for what a caller was asked to record.
    """

    recording_sid: str
    call_sid: str
    url: str
    duration_s: int
    created_at: datetime
    started_at: datetime | None = None
    whole_call: bool = False


@dataclass(frozen=True, kw_only=True)
class NumberConfiguration:
    """Where a service number sends its webhooks, as the provider has it stored."""

    number: str
    sid: str
    voice_url: str
    voice_fallback_url: str
    status_callback: str


class Provider(Protocol):
    """A phone company. One contract test runs for every implementation."""

    name: str
    capabilities: Capabilities

    @property
    def media(self) -> MediaDialect | None:
        """How one live stream is read and written; a new one each time. None for a provider that has no streams."""

    def verify(self, request: HttpRequest) -> bool:
        """True when the request was signed by this provider with our secret."""

    def verify_stream(self, request: HttpRequest, stream_url: str) -> bool:
        """True when the upgrade to a live stream at our public `stream_url` was signed by this provider."""

    def parse_call(self, request: HttpRequest) -> CallEvent:
        """Read a voice or status webhook. Raises ProviderError when it names no call."""

    def parse_recording(self, request: HttpRequest) -> RecordingEvent:
        """Read a recording status callback."""

    def parse_message(self, request: HttpRequest) -> MessageEvent:
        """Read a message webhook or message status callback."""

    def render(self, verbs: Sequence[Verb]) -> str:
        """Write the answer document (actions already filled in). Raises ProviderError when it would be refused."""

    def get_ready(self) -> None:
        """Load what the first dial would have to wait for; asks nobody, never fails."""

    def place_call(
        self,
        *,
        to: str,
        from_: str,
        answer_url: str,
        status_url: str,
        timeout_s: int = 30,
        machine_detection: MachineDetection | None = None,
    ) -> PlacedCall:
        """Ask for an outbound call, once: neither a time-out nor a refusal for haste is asked again in here.

        Raises:
            OutcomeUnknownError: the phone may be ringing; whoever asks must reconcile.
            InvalidNumberError: there is no such number.
            ProviderError: refused; `retryable` when it certainly did not ring and may be asked for again.
        """

    def update_call(self, call_sid: str, *, answer_url: str | None = None, hang_up: bool = False) -> None:
        """Send a live call to other instructions, or end it. An ended call is not an error."""

    def fetch_call(self, call_sid: str) -> PlacedCall:
        """Ask for a call's present state."""

    def list_calls(self, *, to: str, since: datetime) -> Iterator[PlacedCall]:
        """All calls to a number that were created at or after the second of `since`, newest first."""

    def send_message(self, *, to: str, from_: str, body: str, status_url: str = "") -> str:
        """Send an SMS and return its sid."""

    def fetch_recording(self, url: str) -> bytes:
        """Download a recording's WAV with authentication. Raises ProviderError, retryable when not ready."""

    def list_recordings(self, *, since: datetime, call_sid: str = "") -> Iterator[ListedRecording]:
        """All recordings, or those of one call, created at or after `since`, newest first."""

    def start_recording(self, call_sid: str, *, status_url: str) -> ListedRecording:
        """Record a live call from now to its end, untrimmed: the caller left, what the caller hears right.

        `status_url` is told when the sound is ready. Asked twice, it records twice.

        Raises:
            OutcomeUnknownError: it may be recording; `list_recordings` of the call tells.
            ProviderError: refused, also because the call is over; `retryable` when it may be asked for again, as for a
                call that is not quite answered yet.
        """

    def number_configurations(self) -> Iterator[NumberConfiguration]:
        """The service numbers of the account and where they point."""

    def configure_number(self, number: str, *, voice_url: str, fallback_url: str, status_url: str) -> None:
        """Point a service number at this application."""
