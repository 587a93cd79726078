"""A phone company that rings nobody and remembers what it was asked.

It is a whole provider with a dialect of its own (JSON documents, HMAC-SHA256 signatures), for tests and for trying out
the application without an account. `request` is its other side: it makes the webhooks that such a company would send.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime

from telephony.calls import CallEvent, CallStatus, MessageEvent, RecordingEvent
from telephony.errors import InvalidNumberError, OptedOutError
from telephony.memory_books import RememberedCall, RememberedMessage, RememberedStart
from telephony.memory_dialect import Event, read_call, read_message, read_recording, signature, write_event
from telephony.numbers import is_e164
from telephony.provider import (
    Capabilities,
    HttpRequest,
    ListedRecording,
    MachineDetection,
    NumberConfiguration,
    PlacedCall,
    ProviderError,
)
from telephony.verbs import Verb
from telephony.well_formed import require_well_formed

SIGNATURE_HEADER = "x-memory-signature"
MEDIA_URL = "https://memory.invalid/recordings/"


class MemoryProvider:
    """Remembers everything in `calls`, `messages`, `answers`, `numbers`, and in `started` by recording sid.

    Attributes:
        opted_out: numbers that refuse messages.
        failures: errors raised by the next requests to the company, first one first.
        lost_answers: errors raised by the next creates of calls and recordings after they were made.
    """

    name = "memory"
    capabilities = Capabilities(
        max_hints=500, max_document_bytes=64 * 1024, speech_languages=frozenset({"en-US", "zh-CN", "ko-KR"})
    )

    def __init__(
        self,
        secret: str,
        public_base_url: str = "https://desk.example",
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not secret:
            raise ProviderError("The phone company needs a secret: without it anybody could sign a webhook.")
        self._secret = secret.encode()
        self._base_url = public_base_url.rstrip("/")
        self._clock = clock
        self._made = 0
        self._media: dict[str, tuple[ListedRecording, bytes]] = {}
        self.calls: dict[str, RememberedCall] = {}
        self.messages: list[RememberedMessage] = []
        self.answers: list[tuple[Verb, ...]] = []
        self.numbers: dict[str, NumberConfiguration] = {}
        self.opted_out: set[str] = set()
        self.started: dict[str, RememberedStart] = {}
        self.failures: list[ProviderError] = []
        self.lost_answers: list[ProviderError] = []

    # The company's other side.

    def request(self, target: str, event: Event) -> HttpRequest:
        """The signed webhook that tells of an event."""
        unsigned = HttpRequest(method="POST", target=target, headers={}, form=write_event(event))
        return replace(unsigned, headers={SIGNATURE_HEADER: signature(self._secret, self._base_url, unsigned)})

    def end_call(self, call_sid: str, status: CallStatus, *, duration_s: int | None = None) -> None:
        """A call ends by itself: the callee hung up, did not answer, was busy."""
        call = self._call(call_sid)
        ended_at = self._clock() if status.is_final else None
        call.placed = replace(call.placed, status=status, duration_s=duration_s, ended_at=ended_at)

    def keep_recording(self, wav: bytes, *, call_sid: str, duration_s: int, created_at: datetime) -> ListedRecording:
        """Put a recording where `fetch_recording` and `list_recordings` find it."""
        sid = self._new_sid("RE")
        listed = ListedRecording(
            recording_sid=sid, call_sid=call_sid, url=MEDIA_URL + sid, duration_s=duration_s, created_at=created_at
        )
        self._media[listed.url] = (listed, wav)
        return listed

    def end_recording(self, recording_sid: str, wav: bytes, *, duration_s: int) -> ListedRecording:
        """The call of a started recording is over: its sound is where `fetch_recording` finds it."""
        started = self.started[recording_sid]
        listed = replace(started.listed, duration_s=duration_s)
        self.started[recording_sid] = replace(started, listed=listed)
        self._media[listed.url] = (listed, wav)
        return listed

    def own_number(self, number: str) -> None:
        """Give the account a service number that points nowhere."""
        self.numbers[number] = NumberConfiguration(
            number=number, sid=self._new_sid("PN"), voice_url="", voice_fallback_url="", status_callback=""
        )

    # The provider.

    media = None

    def verify_stream(self, request: HttpRequest, stream_url: str) -> bool:
        """False: it has no live streams."""
        return False

    def verify(self, request: HttpRequest) -> bool:
        """True when `request` made the request with the same secret and base URL."""
        try:
            return hmac.compare_digest(
                request.headers.get(SIGNATURE_HEADER, ""), signature(self._secret, self._base_url, request)
            )
        except (TypeError, UnicodeEncodeError):
            return False

    def parse_call(self, request: HttpRequest) -> CallEvent:
        """Read a call's webhook."""
        return read_call(request)

    def parse_recording(self, request: HttpRequest) -> RecordingEvent:
        """Read a recording's webhook."""
        return read_recording(request)

    def parse_message(self, request: HttpRequest) -> MessageEvent:
        """Read a message's webhook."""
        return read_message(request)

    def render(self, verbs: Sequence[Verb]) -> str:
        """Write the answer as JSON, and remember its verbs in `answers`."""
        require_well_formed(verbs)
        document = json.dumps([{"verb": type(verb).__name__, **asdict(verb)} for verb in verbs])
        if len(document.encode()) > self.capabilities.max_document_bytes:
            raise ProviderError("The answer is over 64 KB. Shorten its prompts.")
        self.answers.append(tuple(verbs))
        return document

    def get_ready(self) -> None:
        """There is nothing to load."""

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
        """Remember a call in `calls`; it stays queued."""
        self._fail_if_told()
        _require_number(to)
        placed = PlacedCall(
            call_sid=self._new_sid("CA"),
            status=CallStatus.QUEUED,
            from_number=from_,
            to_number=to,
            created_at=self._clock(),
        )
        self.calls[placed.call_sid] = RememberedCall(
            placed=placed,
            answer_url=answer_url,
            status_url=status_url,
            timeout_s=timeout_s,
            machine_detection=machine_detection,
        )
        if self.lost_answers:
            raise self.lost_answers.pop(0)
        return placed

    def update_call(self, call_sid: str, *, answer_url: str | None = None, hang_up: bool = False) -> None:
        """Change a remembered call; nothing happens to one that has ended."""
        self._fail_if_told()
        if (answer_url is None) != hang_up:
            raise ProviderError("A live call is either sent to other instructions or ended; say which.")
        call = self._call(call_sid)
        if call.placed.status.is_final:
            return
        if hang_up:
            call.placed = replace(call.placed, status=CallStatus.COMPLETED, ended_at=self._clock())
        else:
            call.answer_url = answer_url or call.answer_url

    def fetch_call(self, call_sid: str) -> PlacedCall:
        """A remembered call."""
        self._fail_if_told()
        return self._call(call_sid).placed

    def list_calls(self, *, to: str, since: datetime) -> Iterator[PlacedCall]:
        """Remembered calls to a number, newest first."""
        self._fail_if_told()
        second = since.replace(microsecond=0)
        for call in reversed(list(self.calls.values())):
            placed = call.placed
            if placed.to_number == to and placed.created_at is not None and placed.created_at >= second:
                yield placed

    def send_message(self, *, to: str, from_: str, body: str, status_url: str = "") -> str:
        """Remember a message in `messages`."""
        self._fail_if_told()
        _require_number(to)
        if not body.strip() or len(body) > 1_600:
            raise ProviderError("A text message needs a text of at most 1,600 characters.")
        if to in self.opted_out:
            raise OptedOutError("The recipient has opted out of messages from this number.")
        message = RememberedMessage(sid=self._new_sid("SM"), to=to, from_=from_, body=body, status_url=status_url)
        self.messages.append(message)
        return message.sid

    def fetch_recording(self, url: str) -> bytes:
        """A kept recording."""
        self._fail_if_told()
        if not url.startswith(MEDIA_URL):
            raise ProviderError("The recording's URL is not at this phone company; it is not fetched.")
        if url not in self._media:
            raise ProviderError("The recording is not there: not ready yet, or deleted.", retryable=True)
        return self._media[url][1]

    def list_recordings(self, *, since: datetime, call_sid: str = "") -> Iterator[ListedRecording]:
        """Kept and started recordings, newest first."""
        self._fail_if_told()
        every = {recording.recording_sid: recording for recording, _ in self._media.values()}
        every |= {sid: started.listed for sid, started in self.started.items()}
        listed = [r for r in every.values() if r.created_at >= since and call_sid in ("", r.call_sid)]
        yield from sorted(listed, key=lambda recording: recording.created_at, reverse=True)

    def start_recording(self, call_sid: str, *, status_url: str) -> ListedRecording:
        """Remember in `started` that a call is recorded; the sound comes with `end_recording`."""
        self._fail_if_told()
        call = self.calls.get(call_sid)
        if call is not None and call.placed.status.is_final:
            raise ProviderError("The call is over; it cannot be recorded.")
        sid, now = self._new_sid("RE"), self._clock()
        listed = ListedRecording(
            recording_sid=sid,
            call_sid=call_sid,
            url=MEDIA_URL + sid,
            duration_s=0,
            created_at=now,
            started_at=now,
            whole_call=True,
        )
        self.started[sid] = RememberedStart(listed=listed, status_url=status_url)
        if self.lost_answers:
            raise self.lost_answers.pop(0)
        return listed

    def number_configurations(self) -> Iterator[NumberConfiguration]:
        """The numbers given by `own_number`."""
        self._fail_if_told()
        yield from self.numbers.values()

    def configure_number(self, number: str, *, voice_url: str, fallback_url: str, status_url: str) -> None:
        """Point one of the numbers somewhere."""
        self._fail_if_told()
        if number not in self.numbers:
            raise ProviderError("The account has no such number.")
        self.numbers[number] = replace(
            self.numbers[number], voice_url=voice_url, voice_fallback_url=fallback_url, status_callback=status_url
        )

    def carrier_time(self) -> datetime | None:
        """The company's clock."""
        return self._clock()

    def _call(self, call_sid: str) -> RememberedCall:
        if call_sid not in self.calls:
            raise ProviderError("The phone company knows no such call.")
        return self.calls[call_sid]

    def _fail_if_told(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    def _new_sid(self, prefix: str) -> str:
        self._made += 1
        return f"{prefix}{self._made:032x}"


def _require_number(number: str) -> None:
    if not is_e164(number):
        raise InvalidNumberError("This is not a valid telephone number.")
