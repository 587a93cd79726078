"""Who may use the control interface, and errors as sentences."""

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from simulator.errors import PhoneStateError, SimulatorError

CONTROL = (
    "/phones",
    "/people",
    "/faults",
    "/messages",
    "/requests",
    "/notifications",
    "/numbers",
    "/voicemails",
    "/ledger",
)
TOKEN: web.AppKey[str] = web.AppKey("control_token", str)
ORIGIN: web.AppKey[str] = web.AppKey("allow_origin", str)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def problem(status: int, sentence: str) -> web.Response:
    """An error answer: {"error": sentence}."""
    return web.json_response({"error": sentence}, status=status)


@web.middleware
async def control_door(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Checks the control token where one is set, and lets the named web origin in."""
    if not request.path.startswith(CONTROL):
        return await handler(request)
    if request.method == "GET" and request.path.endswith("/audio"):
        # A browser's websocket can send no token; its one-use ticket is the key.
        return await handler(request)
    origin = request.app.get(ORIGIN, "")
    if request.method == "OPTIONS":
        return _with_origin(web.Response(status=204), origin)
    token = request.app.get(TOKEN, "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and not hmac.compare_digest(given.encode(), token.encode()):
        return _with_origin(problem(401, "The control token is missing or wrong (Authorization: Bearer …)."), origin)
    try:
        response = await handler(request)
    except PhoneStateError as error:
        response = problem(409, str(error))
    except ValidationError as error:
        response = problem(422, "; ".join(f"{_place(row['loc'])}: {row['msg']}" for row in error.errors()))
    except (SimulatorError, ValueError) as error:
        response = problem(422, str(error))
    return _with_origin(response, origin)


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(map(str, loc)) or "request"


def _with_origin(response: web.StreamResponse, origin: str) -> web.StreamResponse:
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE, OPTIONS"
    return response


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request; empty when there is no body. Raises SimulatorError."""
    text = await request.text()
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise SimulatorError(f"The body is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise SimulatorError("The body must be a JSON object.")
    return value
