"""Twilio's REST host reached wherever it is: the real one, or a stand-in at another base URL."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient

TOO_MANY_REQUESTS = 429
CONNECTIONS = 64
"""Kept open to the REST host, one for each thread that may ask at once; opening one costs more than the request."""

_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 8.0


def rehosted(url: str, base_url: str) -> str:
    """The same path and query at `base_url`, for URLs of any host below twilio.com; other URLs stay."""
    parts = urlsplit(url)
    if not is_twilio_host(parts.hostname):
        return url
    base = urlsplit(base_url)
    return urlunsplit(parts._replace(scheme=base.scheme, netloc=base.netloc, path=base.path.rstrip("/") + parts.path))


def is_twilio_host(host: str | None) -> bool:
    """True for twilio.com and hosts below it."""
    return host is not None and (host == "twilio.com" or host.endswith(".twilio.com"))


class RehostingHttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's own HTTP client, sent to another base URL, patient with 429 and with nothing else.

    A 429 was "never processed and is always safe to retry"; everything else may have been carried out.

    Args:
        base_url: scheme, host and port to use instead of Twilio's.
        timeout_s: seconds to connect, and seconds between two pieces of the answer.
        tries: requests in all, the first included.
        sleep: waits so many seconds.
        chance: a number from 0 to 1, which spreads the waits of many clients.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout_s: float,
        tries: int,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float],
    ) -> None:
        super().__init__(timeout=timeout_s)
        self._base_url = base_url
        self._settle_session()
        self._tries = tries
        self._sleep = sleep
        self._chance = chance

    def _settle_session(self) -> None:
        """Ask the environment for proxies and certificates once, not at every request; keep connections open."""
        found = self.session.merge_environment_settings(self._base_url, {}, None, None, None)
        self.session.proxies, self.session.verify, self.session.cert = found["proxies"], found["verify"], found["cert"]
        self.session.trust_env = False
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(pool_maxsize=CONNECTIONS))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send one request; on 429 wait, longer each time, and send it again."""
        for tried in range(self._tries):
            response = super().request(method, rehosted(url, self._base_url), *args, **kwargs)
            if response.status_code != TOO_MANY_REQUESTS or tried == self._tries - 1:
                break
            self._sleep(min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2**tried) * (0.5 + self._chance() / 2))
        return response

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Say nothing: the library would log the numbers in the query."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Say nothing."""
