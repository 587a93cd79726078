"""The door of the REST interface: who may come in, pretended trouble, and errors as Twilio writes them."""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from simulator.carrier import Carrier
from simulator.errors import RestError
from simulator.faults import FaultKind

CARRIER: web.AppKey[Carrier] = web.AppKey("carrier", Carrier)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def carrier_of(request: web.Request) -> Carrier:
    return request.app[CARRIER]


def error_response(error: RestError) -> web.Response:
    """Code, message, more_info, status."""
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if error.status == 401 else {}
    if error.status == 429:
        headers["Retry-After"] = "1"
    return web.json_response(
        {
            "code": error.code,
            "message": error.message,
            "more_info": f"https://www.twilio.com/docs/errors/{error.code}",
            "status": error.status,
        },
        status=error.status,
        headers=headers,
    )


@web.middleware
async def rest_door(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Basic auth and faults for everything under /2010-04-01; the rest of the carrier is not its business."""
    if not request.path.startswith("/2010-04-01/"):
        return await handler(request)
    carrier = carrier_of(request)
    with carrier.clock.busy():
        try:
            _authenticate(carrier, request)
            _pretend_refusal(carrier, request)
            response = await handler(request)
        except RestError as error:
            return error_response(error)
        except web.HTTPNotFound:
            return error_response(not_found(request))
        except web.HTTPMethodNotAllowed:
            return error_response(RestError(405, 20004, "Method not allowed"))
    if request.method == "POST" and response.status == 201:
        await _pretend_lost_answer(carrier, request)
    return response


def not_found(request: web.Request) -> RestError:
    return RestError(404, 20404, f"The requested resource {request.path} was not found")


def _authenticate(carrier: Carrier, request: web.Request) -> None:
    user, token = _credentials(request.headers.get("Authorization", ""))
    settings = carrier.settings
    known = hmac.compare_digest(user.encode(), settings.account_sid.encode())
    if not (known and hmac.compare_digest(token.encode(), settings.auth_token.encode())):
        raise RestError(401, 20003, "Authenticate")
    if request.match_info.get("account") not in (None, settings.account_sid):
        raise not_found(request)


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, token = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, token


def _pretend_refusal(carrier: Carrier, request: web.Request) -> None:
    fault = carrier.faults.take(FaultKind.REST_STATUS, url=request.path, method=request.method)
    if fault is None:
        return
    if fault.status == 429:
        raise RestError(429, 20429, "Too Many Requests")
    raise RestError(fault.status, 20500, "An internal server error has occurred (pretended)")


async def _pretend_lost_answer(carrier: Carrier, request: web.Request) -> None:
    """What was asked for is done; the answer never arrives, and the client cannot know."""
    fault = carrier.faults.take(FaultKind.REST_ACCEPT_THEN_TIMEOUT, url=request.path)
    if fault is not None and request.transport is not None:
        request.transport.abort()


async def form(request: web.Request) -> "Form":
    """The form parameters of a POST."""
    return Form(await request.post())


class Form:
    """Form parameters with Twilio's ways: text, repeated values, whole numbers, booleans as words."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def text(self, name: str, default: str = "") -> str:
        return str(self._data.get(name, default))

    def has(self, name: str) -> bool:
        return name in self._data

    def all(self, name: str) -> list[str]:
        return [str(value) for value in self._data.getall(name, [])]

    def whole(self, name: str, default: int, low: int = 0, high: int = 1_000_000) -> int:
        text = self.text(name)
        return int(text) if text.isdecimal() and low <= int(text) <= high else default

    def truth(self, name: str) -> bool:
        return self.text(name).lower() == "true"

    def method(self, name: str) -> str:
        return (self.text(name) or "POST").upper()
