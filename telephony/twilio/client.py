"""What we ask of Twilio's REST API, through Twilio's own client."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from twilio.rest import Client

from telephony.calls import CallStatus
from telephony.numbers import redact
from telephony.provider import ListedRecording, MachineDetection, NumberConfiguration, PlacedCall, ProviderError
from telephony.twilio import call_recordings
from telephony.twilio.dates import read_date
from telephony.twilio.errors import INVALID_CALL_STATE, translated
from telephony.twilio.http import RehostingHttpClient

API_BASE_URL = "https://api.twilio.com"
STATUS_EVENTS = ("ringing", "answered", "completed")
"""Not "initiated": the answer to the create says as much, and a webhook less a call is a fifth of what calls cost."""
MAX_MESSAGE_CHARACTERS = 1_600
_PAGE_SIZE = 200
_LIST_EARLIER = timedelta(days=1)
"""Calls are listed by their start, which older releases compare to the day; the moment itself is compared here."""


class RestClient:
    """One account at Twilio's REST API. Errors are ProviderError; nothing but a 429 is ever asked twice.

    A 429 of a call's create is not asked again either: whoever paces the calls decides when.

    Args:
        base_url: Twilio's, or a stand-in's.
        timeout_s: seconds to connect, and seconds without any answer, until a request is given up.
        tries: requests in all while Twilio answers 429.
        sleep, chance: see RehostingHttpClient.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        base_url: str = API_BASE_URL,
        timeout_s: float = 15.0,
        tries: int = 5,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeout_s = timeout_s
        http = RehostingHttpClient(self._base_url, timeout_s=timeout_s, tries=tries, sleep=sleep, chance=chance)
        self._client: Any = Client(account_sid, auth_token, http_client=http)
        once = RehostingHttpClient(self._base_url, timeout_s=timeout_s, tries=1, sleep=sleep, chance=chance)
        self._caller: Any = Client(account_sid, auth_token, http_client=once)

    def get_ready(self) -> None:
        """Import what Twilio's client imports when it is first used."""
        _ = (self._caller.calls, self._client.calls)

    def place_call(
        self,
        *,
        to: str,
        from_: str,
        answer_url: str,
        status_url: str,
        timeout_s: int,
        machine_detection: MachineDetection | None = None,
    ) -> PlacedCall:
        """POST Calls. OutcomeUnknownError when no answer came: the call may be ringing."""
        status: dict[str, Any] = {} if machine_detection is None else _detection(machine_detection)
        if status_url:
            status |= {
                "status_callback": status_url,
                "status_callback_method": "POST",
                "status_callback_event": list(STATUS_EVENTS),
            }
        with translated(repeatable=False):
            return _placed(
                self._caller.calls.create(
                    to=to, from_=from_, url=answer_url, method="POST", timeout=timeout_s, **status
                )
            )

    def update_call(self, call_sid: str, *, answer_url: str | None, hang_up: bool) -> None:
        """POST Calls/{sid}. A call that has ended meanwhile (21220) is a race, not a failure."""
        if (answer_url is None) != hang_up:
            raise ProviderError("A live call is either sent to other instructions or ended; say which.")
        change = {"status": "completed"} if hang_up else {"url": answer_url, "method": "POST"}
        try:
            with translated(repeatable=True):
                self._client.calls(call_sid).update(**change)
        except ProviderError as error:
            if error.code != INVALID_CALL_STATE:
                raise

    def fetch_call(self, call_sid: str) -> PlacedCall:
        """GET Calls/{sid}."""
        with translated(repeatable=True):
            return _placed(self._client.calls(call_sid).fetch())

    def list_calls(self, *, to: str, since: datetime) -> Iterator[PlacedCall]:
        """GET Calls by To, page by page, newest first."""
        second = since.replace(microsecond=0)
        with translated(repeatable=True):
            found = self._client.calls.stream(to=to, start_time_after=since - _LIST_EARLIER, page_size=_PAGE_SIZE)
            for call in found:
                placed = _placed(call)
                if placed.created_at is not None and placed.created_at >= second:
                    yield placed

    def send_message(self, *, to: str, from_: str, body: str, status_url: str) -> str:
        """POST Messages. OptedOutError after a STOP; OutcomeUnknownError when no answer came."""
        if not body.strip():
            raise ProviderError("A text message needs a text.", code=21602)
        if len(body) > MAX_MESSAGE_CHARACTERS:
            raise ProviderError(f"A text message may have at most {MAX_MESSAGE_CHARACTERS:,} characters.", code=21617)
        with translated(repeatable=False):
            message = self._client.messages.create(to=to, from_=from_, body=body, status_callback=status_url or None)
            return str(message.sid)

    def list_recordings(self, *, since: datetime, call_sid: str = "") -> Iterator[ListedRecording]:
        """GET Recordings, page by page, newest first."""
        return call_recordings.list_recordings(self._client, since=since, call_sid=call_sid)

    def start_recording(self, call_sid: str, *, status_url: str) -> ListedRecording:
        """POST Calls/{sid}/Recordings, once: a second one would record twice."""
        return call_recordings.start_recording(self._caller, call_sid, status_url=status_url)

    def number_configurations(self) -> Iterator[NumberConfiguration]:
        """GET IncomingPhoneNumbers, page by page."""
        with translated(repeatable=True):
            for found in self._client.incoming_phone_numbers.stream(page_size=_PAGE_SIZE):
                yield _configuration(found)

    def configure_number(self, sid: str, **settings: str) -> None:
        """POST IncomingPhoneNumbers/{sid} with settings in Twilio's names."""
        with translated(repeatable=True):
            self._client.incoming_phone_numbers(sid).update(**settings)

    def sid_of_number(self, number: str) -> str:
        """The sid under which the account holds a service number."""
        with translated(repeatable=True):
            found = self._client.incoming_phone_numbers.list(phone_number=number, limit=20)
        for held in found:
            if held.phone_number == number:
                return str(held.sid)
        raise ProviderError(f"The Twilio account has no number {redact(number)}.", code=20404)

    def carrier_time(self) -> datetime | None:
        """Twilio's clock, to the second, from the Date header of any answer; None when it sends none."""
        with translated(repeatable=True):
            response = requests.get(f"{self._base_url}/2010-04-01.json", timeout=self._timeout_s, allow_redirects=False)
        return read_date(response.headers.get("Date", ""))


def _detection(wanted: MachineDetection) -> dict[str, Any]:
    """Always asynchronous: otherwise whoever answers hears silence until the verdict. AsyncAmd is a string."""
    return {
        "machine_detection": wanted.mode.value,
        "machine_detection_timeout": wanted.timeout_s,
        "async_amd": "true",
        "async_amd_status_callback": wanted.callback_url,
        "async_amd_status_callback_method": "POST",
    }


def _placed(call: Any) -> PlacedCall:
    return PlacedCall(
        call_sid=str(call.sid),
        status=CallStatus(str(getattr(call.status, "value", call.status))),
        from_number=str(call._from or ""),
        to_number=str(call.to or ""),
        created_at=_utc(call.date_created),
        duration_s=_seconds(call.duration),
        queue_time_ms=_seconds(call.queue_time),
        ended_at=_utc(call.end_time),
    )


def _configuration(number: Any) -> NumberConfiguration:
    return NumberConfiguration(
        number=str(number.phone_number),
        sid=str(number.sid),
        voice_url=str(number.voice_url or ""),
        voice_fallback_url=str(number.voice_fallback_url or ""),
        status_callback=str(number.status_callback or ""),
    )


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _seconds(text: object) -> int | None:
    """Twilio writes lengths (and milliseconds of waiting) as text, and -1 while a recording is not ready."""
    try:
        seconds = int(str(text))
    except ValueError:
        return None
    return seconds if seconds >= 0 else None
