"""How Twilio signs what it sends."""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def sign(auth_token: str, url: str, params: Iterable[tuple[str, str]]) -> str:
    """X-Twilio-Signature of one request.

    Args:
        url: as requested, with its query string, without fragment.
        params: the form parameters of a POST; empty for GET, where they stand in the URL.

    Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security. Names are sorted by code point; of a repeated
    name each distinct value counts once, sorted.
    """
    values: dict[str, set[str]] = {}
    for name, value in params:
        values.setdefault(name, set()).add(value)
    text = url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    digest = hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
