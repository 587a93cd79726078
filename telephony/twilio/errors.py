"""Twilio's errors as ours: one table, and one rule for what is no answer at all.

Twilio's own messages quote the telephone numbers of the request, so they are not passed on as they are.
Source: https://www.twilio.com/docs/api/errors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests
from requests.exceptions import ConnectTimeout
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from telephony.errors import InvalidNumberError, OptedOutError, OutcomeUnknownError
from telephony.numbers import redact_text
from telephony.provider import ProviderError

INVALID_CALL_STATE = 21220


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What one of Twilio's codes means for whoever asked. `retryable`: not done, but may be done later."""

    sentence: str
    retryable: bool = False
    kind: type[ProviderError] = ProviderError


_CREDENTIALS = Refusal(sentence="Twilio does not accept the account sid and auth token: check both in the settings.")
_ACCOUNT = Refusal(sentence="The Twilio account is not active: see its state in Twilio's console.")
_BAD_TO = Refusal(
    sentence="Twilio cannot call or text this number: it is not a valid telephone number.", kind=InvalidNumberError
)
_BAD_FROM = Refusal(sentence="Twilio does not let this account call or text from this number: use one of its own.")
_TRIAL = Refusal(sentence="A Twilio trial account reaches verified numbers only: verify the number or upgrade.")
_NO_MOBILE = Refusal(sentence="This number cannot receive text messages.")

REFUSALS: dict[int, Refusal] = {
    10001: _ACCOUNT,
    20003: _CREDENTIALS,
    20005: _ACCOUNT,
    20006: _CREDENTIALS,
    20008: Refusal(sentence="Test credentials cannot do this: use the account's live credentials."),
    20404: Refusal(sentence="Twilio knows nothing under this sid, or it belongs to another account."),
    20429: Refusal(sentence="Twilio is asked too often at the moment.", retryable=True),
    21201: Refusal(sentence="The request names no number to call."),
    21205: Refusal(sentence="Twilio refuses the answer URL: it must be absolute and public."),
    21210: _BAD_FROM,
    21211: _BAD_TO,
    21212: _BAD_FROM,
    21214: Refusal(sentence="This number cannot be reached.", kind=InvalidNumberError),
    21215: Refusal(sentence="The account may not call this country: allow it in Twilio's geographic permissions."),
    21216: Refusal(sentence="Twilio blocks this number, for fraud or regulation."),
    21217: _BAD_TO,
    21219: _TRIAL,
    21220: Refusal(sentence="The call is in a state that does not allow this."),
    21234: Refusal(sentence="Twilio refuses the settings of machine detection."),
    21263: Refusal(sentence="Twilio refuses the settings of machine detection."),
    21602: Refusal(sentence="A text message needs a text."),
    21603: _BAD_FROM,
    21604: Refusal(sentence="The request names no number to text."),
    21606: Refusal(sentence="The sending number cannot send text messages to this destination."),
    21608: _TRIAL,
    21610: Refusal(sentence="The recipient has opted out of messages from this number (STOP).", kind=OptedOutError),
    21611: Refusal(sentence="Too many messages are waiting for this sender.", retryable=True),
    21612: _NO_MOBILE,
    21614: _NO_MOBILE,
    21617: Refusal(sentence="A text message may have at most 1,600 characters."),
    22005: Refusal(sentence="More than a day of calls is already waiting at Twilio.", retryable=True),
    32018: Refusal(sentence="An answer given with the call may have at most 4,000 characters: give a URL."),
}


_BY_STATUS = {401: _CREDENTIALS, 404: REFUSALS[20404], 429: REFUSALS[20429]}


def refusal(status: int, code: int | None, told: str, *, repeatable: bool) -> ProviderError:
    """Our error for an answer of Twilio's API.

    Args:
        status: the HTTP status.
        code: Twilio's number of the error, when it sent one.
        told: Twilio's message.
        repeatable: asking twice does no more than asking once, so that a server error may be asked again.
    """
    known = REFUSALS.get(code or 0) or _BY_STATUS.get(status)
    if known:
        number = f" (Twilio {code})" if code else ""
        return known.kind(known.sentence + number, code=code, retryable=known.retryable)
    if status >= 500:
        return no_answer("a server error", repeatable=repeatable, code=code)
    told = redact_text(" ".join(told.split()))[:300]
    return ProviderError(f"Twilio refused the request: {told} (HTTP {status}, Twilio {code})", code=code)


def no_answer(what: str, *, repeatable: bool, code: int | None = None) -> ProviderError:
    """Our error when it is unknown whether a request was carried out: retryable only when repeating does no harm."""
    if repeatable:
        return ProviderError(f"Twilio gave {what}; ask again later.", code=code, retryable=True)
    return OutcomeUnknownError(
        f"Twilio gave {what}; whether it did what was asked is unknown. Look it up before asking again.", code=code
    )


def was_never_sent(error: requests.RequestException) -> bool:
    """True when no connection came about, so that certainly nothing was carried out."""
    if isinstance(error, ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, (NewConnectionError, NameResolutionError))


@contextmanager
def translated(*, repeatable: bool) -> Iterator[None]:
    """Turn whatever Twilio's library or the connection raises inside into ProviderError."""
    try:
        yield
    except TwilioRestException as error:
        raise refusal(error.status, error.code, str(error.msg), repeatable=repeatable) from error
    except TwilioServiceException as error:
        raise refusal(error.status, error.code, str(error.title), repeatable=repeatable) from error
    except requests.exceptions.SSLError as error:
        raise ProviderError("The connection to Twilio is not secure: its certificate cannot be verified.") from error
    except requests.exceptions.TooManyRedirects as error:
        raise ProviderError("Twilio redirects in a circle.") from error
    except requests.RequestException as error:
        if was_never_sent(error):
            raise ProviderError("Twilio cannot be reached: check the network.", retryable=True) from error
        raise no_answer("no answer", repeatable=repeatable) from error
    except (TwilioException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable(error, repeatable=repeatable) from error


def _unreadable(error: Exception, *, repeatable: bool) -> ProviderError:
    """A list's page that was refused comes as a bare exception with the answer beside its message."""
    answer = error.args[1] if len(error.args) > 1 else None
    status = getattr(answer, "status_code", None)
    if not isinstance(status, int) or status < 400:
        return no_answer("an answer that cannot be read", repeatable=repeatable)
    try:
        told = json.loads(str(getattr(answer, "text", "")))
        return refusal(status, int(told["code"]), str(told.get("message", "")), repeatable=repeatable)
    except (ValueError, TypeError, KeyError):
        return refusal(status, None, "", repeatable=repeatable)
