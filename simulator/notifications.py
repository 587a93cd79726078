"""The carrier's complaints about an app: Twilio's debugger, as a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from simulator.sids import new_sid

# Codes and wording from Twilio's error dictionary; True marks a warning, on which the call goes on.
MESSAGES: dict[int, tuple[str, bool]] = {
    11100: ("Invalid URL format", False),
    11200: ("HTTP retrieval failure", False),
    11205: ("HTTP connection failure", False),
    11210: ("HTTP bad host name", False),
    11215: ("HTTP too many redirects", False),
    11220: ("SSL/TLS Handshake Error", False),
    11750: ("TwiML response body too large", False),
    11770: ("Empty response body", False),
    12100: ("Document parse failure", False),
    12200: ("Schema validation warning", True),
    12300: ("Invalid Content-Type", False),
    13214: ("Dial: Invalid callerId value", True),
    13223: ("Dial: Invalid phone number format", True),
    13310: ("Gather: Invalid finishOnKey value", True),
    13320: ("Gather: Invalid nested verb", True),
    13335: ("Gather: speechTimeout auto cannot be used with model default", True),
    13512: ('Gather element has an invalid "language" attribute value', True),
    13521: ("`<Say>` element character limits exceeded", True),
    15003: ("Call Progress: Warning Response to Callback URL", True),
    21262: ("No AMD status callback URL provided", True),
    21263: ("Invalid Answering Machine Detection Parameters", True),
    31901: ("Stream - WebSocket - Connection Timeout", False),
    31903: ("Stream - WebSocket - Connection Broken Pipe", False),
    31920: ("Stream - WebSocket - Handshake Error", False),
    31921: ("Stream - WebSocket - Close Error", False),
    31922: ("Stream - WebSocket - Invalid URL Schema", False),
    31923: ("Stream - WebSocket - Malformed URL", False),
    31924: ("Stream - Websocket - Protocol Error", False),
    31930: ("Stream - Media - Buffer Overflow", True),
    31941: ("Stream - Invalid Track configuration", False),
    31950: ("Stream - Protocol - Binary Message", True),
    31951: ("Stream - Protocol - Invalid Message", True),
}


@dataclass(frozen=True, kw_only=True)
class Notification:
    """One entry: `log` is 0 for an error, 1 for a warning, as on the wire."""

    sid: str
    call_sid: str | None
    code: int
    message: str
    detail: str
    log: int
    at: datetime
    request_url: str
    request_method: str
    request_variables: str
    response_body: str
    response_headers: str


class NotificationLog:
    """All notifications, newest last."""

    def __init__(self) -> None:
        self._entries: list[Notification] = []

    def add(
        self,
        code: int,
        detail: str,
        at: datetime,
        *,
        call_sid: str | None = None,
        request_url: str = "",
        request_method: str = "POST",
        request_variables: str = "",
        response_body: str = "",
        response_headers: str = "",
    ) -> Notification:
        message, warning = MESSAGES.get(code, ("Unknown error", False))
        entry = Notification(
            sid=new_sid("NO"),
            call_sid=call_sid,
            code=code,
            message=message,
            detail=detail,
            log=1 if warning else 0,
            at=at,
            request_url=request_url,
            request_method=request_method,
            request_variables=request_variables,
            response_body=response_body[:4000],
            response_headers=response_headers,
        )
        self._entries.append(entry)
        return entry

    def __iter__(self) -> Iterator[Notification]:
        return iter(list(self._entries))

    def of_call(self, call_sid: str) -> list[Notification]:
        return [entry for entry in self._entries if entry.call_sid == call_sid]
