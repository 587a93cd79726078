"""Whether a request was signed by Twilio with our secret.

Twilio signs the URL exactly as it requested it. Behind a proxy no framework knows that URL: scheme and host have
changed, and decoding the query has lost how it was spelled. So the URL is put together again from the configured public
base URL and the raw request target.

Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security and twilio.request_validator 9.13.0.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator, get_signature_algorithm

from telephony.provider import HttpRequest, ProviderError

SIGNATURE_HEADER = "x-twilio-signature"
SETTINGS_HEADER = "x-twilio-webhooks-signature-settings"
_FORM_TYPE = "application/x-www-form-urlencoded"
_KEY_ID = re.compile(r"(?:^|,)\s*key=\s*([^,\s]+)")

_log = logging.getLogger(__name__)


class _Parameters(dict[str, Sequence[str]]):
    """Form parameters as RequestValidator wants them, so that names given twice keep all their values."""

    def getall(self, name: str) -> Sequence[str]:
        return self[name]


class SignatureCheck:
    """Checks signatures of one account, and of its shared keys.

    Args:
        auth_token: the account's primary token; the secondary one never signs.
        public_base_url: scheme, host and port under which Twilio reaches this application, e.g. "https://desk.example".
        shared_keys: secret by key id, for webhooks that a SharedKey rule of the account signs (HMAC-SHA256).

    Raises:
        ProviderError: a secret is empty, so that anybody could sign.
    """

    def __init__(self, auth_token: str, public_base_url: str, shared_keys: Mapping[str, str] | None = None) -> None:
        if not auth_token or not all((shared_keys or {}).values()):
            raise ProviderError("Twilio's auth token is not set: without it anybody could sign a webhook.")
        self._base_url = public_base_url.rstrip("/")
        self._account = RequestValidator(auth_token)
        self._shared = {key: RequestValidator(secret) for key, secret in (shared_keys or {}).items()}

    def passes(self, request: HttpRequest) -> bool:
        """True for a request that Twilio signed. Never raises: what cannot be checked does not pass."""
        signature = request.headers.get(SIGNATURE_HEADER, "")
        settings = request.headers.get(SETTINGS_HEADER, "")
        validator = self._validator(settings)
        if not signature or validator is None:
            return False
        try:
            url = self.url_of(request.target)
            signed = _signed_parameters(request, url)
            return signed is not None and bool(
                validator.validate(url, signed, signature, algorithm=get_signature_algorithm(settings))
            )
        except ValueError:  # Covers bodies and values that are not UTF-8, and targets that are no URL.
            return False

    def url_of(self, target: str) -> str:
        """The URL that Twilio requested for a raw request target; one in absolute form is cut to path and query."""
        if target.startswith(("http://", "https://")):
            parts = urlsplit(target)
            target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        return self._base_url + target.partition("#")[0]

    def passes_stream(self, request: HttpRequest, stream_url: str) -> bool:
        """True for the upgrade of a stream that Twilio signed: over the address alone, as wss or as https."""
        signature = request.headers.get(SIGNATURE_HEADER, "")
        settings = request.headers.get(SETTINGS_HEADER, "")
        validator = self._validator(settings)
        if not signature or validator is None:
            return False
        plain = stream_url.replace("wss://", "https://", 1).replace("ws://", "http://", 1)
        algorithm = get_signature_algorithm(settings)
        spelled = [spelling for url in (stream_url, plain) for spelling in (url, url + "/")]
        return any(validator.validate(url, {}, signature, algorithm=algorithm) for url in spelled)

    def _validator(self, settings: str) -> RequestValidator | None:
        if not settings:
            return self._account
        match = _KEY_ID.search(settings)
        found = self._shared.get(match.group(1)) if match else None
        if found is None:
            _log.warning("A webhook was signed with a shared key that is not configured; it is refused.")
        return found


def _signed_parameters(request: HttpRequest, url: str) -> _Parameters | str | None:
    """What the signature covers beside the URL: the form, or a body named by its hash; None when nothing covers it."""
    if request.method.upper() == "GET":
        return _Parameters()
    content_type = request.headers.get("content-type", _FORM_TYPE).partition(";")[0].strip().lower()
    if content_type == _FORM_TYPE:
        return _Parameters(request.form)
    if "bodySHA256" in parse_qs(urlsplit(url).query):
        return request.body.decode()
    return None if request.body else _Parameters()
