"""Twilio's Media Streams: JSON text over a websocket, read strictly and written with exactly the documented fields.

Twilio answers a message of ours that has a field too many or too few with error 31951 and drops it.
Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from typing import Any

import orjson

from telephony.media import (
    KeyPressed,
    MarkReached,
    MediaError,
    SoundHeard,
    StreamEvent,
    StreamStarted,
    StreamStopped,
)

# A sid ends up in log lines and messages, so its shape is held to.
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEYS = frozenset("0123456789*#")
_FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}


class TwilioMediaStream:
    """One stream's messages, both ways. It learns the stream's sid from its start and holds later messages to it."""

    def __init__(self) -> None:
        self._stream_sid: str | None = None
        self._readers: dict[str, Callable[[dict[str, Any]], StreamEvent | None]] = {
            "start": self._start,
            "media": self._media,
            "dtmf": self._dtmf,
            "mark": self._mark,
            "stop": self._stop,
        }

    def read(self, message: str | bytes) -> StreamEvent | None:
        """The event of a message; None for `connected`, tracks that are not the caller's, and events we do not know.

        Raises:
            MediaError: binary, no JSON object, a field missing or of the wrong type, another stream's sid.
        """
        if isinstance(message, bytes):
            raise MediaError("The message is binary; Twilio sends text.")
        try:
            data = orjson.loads(message)
        except ValueError as error:
            raise MediaError("The message is not JSON.") from error
        if not isinstance(data, dict):
            raise MediaError("The message is not a JSON object.")
        reader = self._readers.get(_text(data, "event", "message"))
        return None if reader is None else reader(data)

    def sound(self, stream_sid: str, payload: bytes) -> str:
        """Sound for the caller: mu-law, 8000 Hz, without a header."""
        encoded = binascii.b2a_base64(payload, newline=False).decode("ascii")
        return _written({"event": "media", "streamSid": stream_sid, "media": {"payload": encoded}})

    def mark(self, stream_sid: str, name: str) -> str:
        """Ask to be told when everything sent before has been played."""
        return _written({"event": "mark", "streamSid": stream_sid, "mark": {"name": name}})

    def clear(self, stream_sid: str) -> str:
        """Throw away what has not been played yet; its marks come back all the same."""
        return _written({"event": "clear", "streamSid": stream_sid})

    def _start(self, data: dict[str, Any]) -> StreamStarted:
        if self._stream_sid is not None:
            raise MediaError("The stream starts a second time.")
        _text(data, "sequenceNumber", "start")
        start = _object(data, "start", "start")
        _text(start, "accountSid", "start")
        stream_sid, call_sid = _sid(start, "streamSid", "start"), _sid(start, "callSid", "start")
        if _text(data, "streamSid", "start") != stream_sid:
            raise MediaError("The start names two different streams.")
        if not isinstance(start.get("tracks"), list):
            raise MediaError("The start's tracks are missing or no list.")
        _require_telephone_sound(_object(start, "mediaFormat", "start"))
        parameters = start.get("customParameters", {})
        if not isinstance(parameters, dict) or not all(isinstance(value, str) for value in parameters.values()):
            raise MediaError("The start's customParameters are no object of texts.")
        self._stream_sid = stream_sid
        return StreamStarted(stream_sid=stream_sid, call_sid=call_sid, parameters=parameters)

    def _media(self, data: dict[str, Any]) -> SoundHeard | None:
        self._require_own(data, "media")
        media = _object(data, "media", "media")
        _number(media, "chunk", "media")
        at_ms = _number(media, "timestamp", "media")
        track, encoded = _text(media, "track", "media"), _text(media, "payload", "media")
        if track != "inbound":
            return None
        try:
            payload = binascii.a2b_base64(encoded, strict_mode=True)
        except ValueError as error:
            raise MediaError("The media's payload is not base64.") from error
        if not payload:
            raise MediaError("The media's payload is empty.")
        return SoundHeard(payload=payload, at_ms=at_ms)

    def _dtmf(self, data: dict[str, Any]) -> KeyPressed | None:
        self._require_own(data, "dtmf")
        dtmf = _object(data, "dtmf", "dtmf")
        _text(dtmf, "track", "dtmf")
        digit = _text(dtmf, "digit", "dtmf")
        if len(digit) != 1:
            raise MediaError("The dtmf's digit is not one key.")
        return KeyPressed(digit=digit) if digit in _KEYS else None  # Tones A to D are on no caller's telephone.

    def _mark(self, data: dict[str, Any]) -> MarkReached:
        self._require_own(data, "mark")
        return MarkReached(name=_text(_object(data, "mark", "mark"), "name", "mark"))

    def _stop(self, data: dict[str, Any]) -> StreamStopped:
        self._require_own(data, "stop")
        stop = _object(data, "stop", "stop")
        _text(stop, "accountSid", "stop")
        _text(stop, "callSid", "stop")
        return StreamStopped()

    def _require_own(self, data: dict[str, Any], event: str) -> None:
        _number(data, "sequenceNumber", event)
        if _text(data, "streamSid", event) != self._stream_sid and self._stream_sid is not None:
            raise MediaError(f"The {event} is another stream's.")


def _written(message: dict[str, Any]) -> str:
    return orjson.dumps(message).decode()


def _object(data: dict[str, Any], name: str, event: str) -> dict[str, Any]:
    value = data.get(name)
    if not isinstance(value, dict):
        raise MediaError(f"The {event}'s {name} is missing or no object.")
    return value


def _text(data: dict[str, Any], name: str, event: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise MediaError(f"The {event}'s {name} is missing or no text.")
    return value


def _number(data: dict[str, Any], name: str, event: str) -> int:
    """A whole number that Twilio writes as text."""
    value = _text(data, name, event)
    if not (value.isascii() and value.isdecimal() and len(value) <= 18):
        raise MediaError(f"The {event}'s {name} is not a whole number in a text.")
    return int(value)


def _sid(data: dict[str, Any], name: str, event: str) -> str:
    value = _text(data, name, event)
    if not _SID.fullmatch(value):
        raise MediaError(f"The {event}'s {name} is not a sid.")
    return value


def _require_telephone_sound(form: dict[str, Any]) -> None:
    for name, wanted in _FORMAT.items():
        found = form.get(name)
        if isinstance(found, bool) or type(found) is not type(wanted) or found != wanted:
            raise MediaError(f"The stream's {name} is not {wanted}; only mu-law at 8000 Hz, mono, is read.")
