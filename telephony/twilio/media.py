"""Recordings fetched from Twilio: with our credentials for Twilio's host only, and never more than is sensible."""

from __future__ import annotations

import time
from collections.abc import Callable
from posixpath import splitext
from urllib.parse import urlsplit

import requests

from telephony.provider import ProviderError
from telephony.twilio.errors import translated
from telephony.twilio.http import is_twilio_host, rehosted

MAX_RECORDING_BYTES = 50 * 1024 * 1024
_MAX_REDIRECTS = 5
_CHUNK_BYTES = 64 * 1024
_LONGEST_S = 300.0


class RecordingStore:
    """Twilio's store of recordings.

    Args:
        auth: account sid and auth token. `requests` drops them when a redirect leads to another host.
        base_url: the REST host's base URL.
        max_bytes: the longest recording that is taken.
        clock: seconds that only go forward, to give up on a download that trickles.
    """

    def __init__(
        self,
        auth: tuple[str, str],
        base_url: str,
        *,
        timeout_s: float,
        max_bytes: int = MAX_RECORDING_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._auth = auth
        self._base_url = base_url
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._clock = clock
        self._session = requests.Session()
        self._session.max_redirects = _MAX_REDIRECTS

    def fetch(self, url: str) -> bytes:
        """Download a recording as WAV. The URL is the one of a webhook or listing, with or without ".wav".

        Raises:
            ProviderError: not Twilio's URL, refused, or too large; retryable when not ready or not reached.
        """
        wanted = self.address(url)
        with (
            translated(repeatable=True),
            self._session.get(wanted, auth=self._auth, timeout=self._timeout_s, stream=True) as response,
        ):
            _require_found(response.status_code)
            return self._read(response)

    def address(self, url: str) -> str:
        """Where a recording's WAV lies. Raises ProviderError for a URL of any host but Twilio's."""
        parts = urlsplit(url)
        base = urlsplit(self._base_url)
        if not is_twilio_host(parts.hostname) and (parts.scheme, parts.netloc) != (base.scheme, base.netloc):
            raise ProviderError("The recording's URL is not at Twilio; it is not fetched.")
        path = splitext(parts.path)[0] + ".wav"
        return rehosted(parts._replace(path=path, fragment="").geturl(), self._base_url)

    def _read(self, response: requests.Response) -> bytes:
        if int(response.headers.get("Content-Length") or 0) > self._max_bytes:
            raise self._too_large()
        started = self._clock()
        content = bytearray()
        for chunk in response.iter_content(_CHUNK_BYTES):
            content += chunk
            if len(content) > self._max_bytes:
                raise self._too_large()
            if self._clock() - started > _LONGEST_S:
                raise ProviderError("The recording arrives too slowly; the download was given up.", retryable=True)
        return bytes(content)

    def _too_large(self) -> ProviderError:
        return ProviderError(f"The recording is larger than {self._max_bytes:,} bytes; it is not fetched.")


def _require_found(status: int) -> None:
    if status == requests.codes.ok:
        return
    if status == requests.codes.not_found:
        raise ProviderError("The recording is not there: not ready yet, or deleted.", code=20404, retryable=True)
    if status in (requests.codes.unauthorized, requests.codes.forbidden):
        raise ProviderError("Twilio does not give out the recording: check the account sid and auth token.", code=20003)
    retryable = status == requests.codes.too_many_requests or status >= 500
    raise ProviderError(f"Twilio does not give out the recording (HTTP {status}).", retryable=retryable)
