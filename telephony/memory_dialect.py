"""How the remembering phone company writes its webhooks: one JSON event in a form field, signed with HMAC-SHA256."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, replace
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from telephony.calls import (
    CallEvent,
    DialEnded,
    Digits,
    Heard,
    MessageEvent,
    Nothing,
    QueueEnded,
    Recorded,
    RecordingEvent,
    Silence,
    Speech,
)
from telephony.provider import HttpRequest, ProviderError

T = TypeVar("T")
Event = CallEvent | RecordingEvent | MessageEvent

_HEARD: dict[str, type[Heard]] = {
    kind.__name__: kind for kind in (Digits, Speech, Silence, Recorded, DialEnded, QueueEnded, Nothing)
}
_CALL = TypeAdapter(CallEvent)
_RECORDING = TypeAdapter(RecordingEvent)
_MESSAGE = TypeAdapter(MessageEvent)


def write_event(event: Event) -> dict[str, list[str]]:
    """The form that tells of an event."""
    match event:
        case CallEvent():
            written = _CALL.dump_python(replace(event, heard=Nothing(), raw={}), mode="json")
            written["heard"] = {"kind": type(event.heard).__name__, **asdict(event.heard)}
        case RecordingEvent():
            written = _RECORDING.dump_python(event, mode="json")
        case MessageEvent():
            written = _MESSAGE.dump_python(event, mode="json")
    return {"event": [json.dumps(written)]}


def read_call(request: HttpRequest) -> CallEvent:
    """Read a call's event. Raises ProviderError when it names no call."""
    written = _event_of(request)
    try:
        heard = dict(written.pop("heard"))  # type: ignore[call-overload]
        event = _CALL.validate_python(written)
        kind = _HEARD[heard.pop("kind")]
        return replace(event, heard=kind(**heard), raw={name: str(value) for name, value in written.items()})
    except (KeyError, TypeError, ValueError) as error:
        raise ProviderError("The webhook names no call, or tells nothing readable of it.") from error


def read_recording(request: HttpRequest) -> RecordingEvent:
    """Read a recording's event. Raises ProviderError when it names no recording."""
    return _validated(_RECORDING, request)


def read_message(request: HttpRequest) -> MessageEvent:
    """Read a message's event. Raises ProviderError when it names no message."""
    return _validated(_MESSAGE, request)


def signature(secret: bytes, base_url: str, request: HttpRequest) -> str:
    """HMAC-SHA256 over method, URL and form, in hexadecimal."""
    form = json.dumps(sorted((name, list(values)) for name, values in request.form.items()))
    signed = f"{request.method} {base_url}{request.target}\n{form}"
    return hmac.new(secret, signed.encode(), hashlib.sha256).hexdigest()


def _event_of(request: HttpRequest) -> dict[str, object]:
    try:
        written = json.loads(next(iter(request.form["event"])))
    except (KeyError, StopIteration, ValueError) as error:
        raise ProviderError("The webhook tells of no event.") from error
    if not isinstance(written, dict):
        raise ProviderError("The webhook tells of no event.")
    return written


def _validated(adapter: TypeAdapter[T], request: HttpRequest) -> T:
    try:
        return adapter.validate_python(_event_of(request))
    except ValidationError as error:
        raise ProviderError("The webhook tells nothing readable.") from error
