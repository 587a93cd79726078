"""Twilio as a provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from telephony.calls import CallEvent, MessageEvent, RecordingEvent
from telephony.media import MediaDialect
from telephony.provider import (
    Capabilities,
    HttpRequest,
    ListedRecording,
    MachineDetection,
    NumberConfiguration,
    PlacedCall,
    ProviderError,
)
from telephony.twilio import twiml, webhook
from telephony.twilio.client import API_BASE_URL, RestClient
from telephony.twilio.languages import speech_languages
from telephony.twilio.media import MAX_RECORDING_BYTES, RecordingStore
from telephony.twilio.signature import SignatureCheck
from telephony.verbs import Verb


class TwilioProvider:
    """Twilio Programmable Voice and Messaging, for one account.

    Args:
        account_sid: "AC" and 32 hexadecimal digits.
        auth_token: the primary auth token, which signs webhooks and opens the REST API.
        public_base_url: where Twilio reaches this application, e.g. "https://desk.example".
        api_base_url: Twilio's REST host, or a stand-in for it.
        shared_keys: secrets by key id, when the account signs webhooks with shared keys.
        timeout_s: seconds until a REST request is given up.
        max_recording_bytes: the longest recording that is fetched; 50 MB are 54 minutes of Twilio's WAV.
        rest_options: `tries`, `sleep` and `chance` of the REST client.

    Raises:
        ProviderError: the account sid or the auth token is empty.
    """

    name = "twilio"
    capabilities = Capabilities(
        max_hints=twiml.MAX_HINTS,
        max_document_bytes=twiml.MAX_DOCUMENT_BYTES,
        speech_languages=speech_languages(),
    )

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        public_base_url: str,
        api_base_url: str = API_BASE_URL,
        *,
        shared_keys: Mapping[str, str] | None = None,
        timeout_s: float = 15.0,
        max_recording_bytes: int = MAX_RECORDING_BYTES,
        **rest_options: Any,
    ) -> None:
        if not account_sid:
            raise ProviderError("Twilio's account sid is not set.")
        self._public_base_url = public_base_url.rstrip("/")
        self._signature = SignatureCheck(auth_token, public_base_url, shared_keys)
        self._rest = RestClient(account_sid, auth_token, base_url=api_base_url, timeout_s=timeout_s, **rest_options)
        self._recordings = RecordingStore(
            (account_sid, auth_token), api_base_url.rstrip("/"), timeout_s=timeout_s, max_bytes=max_recording_bytes
        )

    def verify(self, request: HttpRequest) -> bool:
        """True when Twilio signed the request with our token, or with a shared key we know."""
        return self._signature.passes(request)

    @property
    def media(self) -> MediaDialect:
        """How one live stream is read and written."""
        from telephony.twilio.media_stream import TwilioMediaStream

        return TwilioMediaStream()

    def verify_stream(self, request: HttpRequest, stream_url: str) -> bool:
        """True when Twilio signed the upgrade."""
        return self._signature.passes_stream(request, stream_url)

    def parse_call(self, request: HttpRequest) -> CallEvent:
        """Read a voice or status webhook; Silence() for the way out of a question that got no answer."""
        return webhook.parse_call(request)

    def parse_recording(self, request: HttpRequest) -> RecordingEvent:
        """Read a recording status callback."""
        return webhook.parse_recording(request)

    def parse_message(self, request: HttpRequest) -> MessageEvent:
        """Read a message webhook or message status callback."""
        return webhook.parse_message(request)

    def render(self, verbs: Sequence[Verb]) -> str:
        """Write the answer as TwiML."""
        return twiml.render(verbs)

    def get_ready(self) -> None:
        """Load Twilio's modules, which takes a fifth of a second."""
        self._rest.get_ready()

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
        """Ask for an outbound call, with status callbacks for all four events."""
        return self._rest.place_call(
            to=to,
            from_=from_,
            answer_url=answer_url,
            status_url=status_url,
            timeout_s=timeout_s,
            machine_detection=machine_detection,
        )

    def update_call(self, call_sid: str, *, answer_url: str | None = None, hang_up: bool = False) -> None:
        """Send a live call to other instructions, or end it."""
        self._rest.update_call(call_sid, answer_url=answer_url, hang_up=hang_up)

    def fetch_call(self, call_sid: str) -> PlacedCall:
        """Ask for a call's present state."""
        return self._rest.fetch_call(call_sid)

    def list_calls(self, *, to: str, since: datetime) -> Iterator[PlacedCall]:
        """All calls to a number that were created at or after the second of `since`, newest first."""
        return self._rest.list_calls(to=to, since=since)

    def send_message(self, *, to: str, from_: str, body: str, status_url: str = "") -> str:
        """Send an SMS and return its sid."""
        return self._rest.send_message(to=to, from_=from_, body=body, status_url=status_url)

    def fetch_recording(self, url: str) -> bytes:
        """Download a recording's WAV, at most `max_recording_bytes`."""
        return self._recordings.fetch(url)

    def list_recordings(self, *, since: datetime, call_sid: str = "") -> Iterator[ListedRecording]:
        """All recordings, or those of one call, created at or after `since`, newest first."""
        return self._rest.list_recordings(since=since, call_sid=call_sid)

    def start_recording(self, call_sid: str, *, status_url: str) -> ListedRecording:
        """Record a live call to its end in two channels."""
        return self._rest.start_recording(call_sid, status_url=status_url)

    def number_configurations(self) -> Iterator[NumberConfiguration]:
        """The account's numbers and where they point."""
        return self._rest.number_configurations()

    def configure_number(self, number: str, *, voice_url: str, fallback_url: str, status_url: str) -> None:
        """Point a service number at this application.

        A fallback document outside this application lies on some file server, so it is asked for with GET.
        """
        own = fallback_url.startswith(self._public_base_url + "/")
        self._rest.configure_number(
            self._rest.sid_of_number(number),
            voice_url=voice_url,
            voice_method="POST",
            voice_fallback_url=fallback_url,
            voice_fallback_method="POST" if own else "GET",
            status_callback=status_url,
            status_callback_method="POST",
        )

    def carrier_time(self) -> datetime | None:
        """Twilio's clock, to the second."""
        return self._rest.carrier_time()
