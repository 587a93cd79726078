"""The messages of a media stream: ours to the app, and the app's to us.

Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages. Numbers that count (sequenceNumber, chunk,
timestamp) are strings on the wire, the media format's are numbers, and a key's track is called `inbound_track`.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.errors import SimulatorError

BINARY_MESSAGE, INVALID_MESSAGE = 31950, 31951
_MEDIA_FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
CONNECTED = json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})


class StreamMessageError(SimulatorError):
    """A message of the app that Twilio would refuse; `code` is Twilio's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class MediaToPlay:
    """Sound for the phone: mu-law of any length."""

    payload: bytes


@dataclass(frozen=True, kw_only=True)
class MarkToReturn:
    """To be sent back once everything before it has been played."""

    name: str


@dataclass(frozen=True, kw_only=True)
class ClearBuffer:
    """Throw away what has not been played."""


FromApp = MediaToPlay | MarkToReturn | ClearBuffer


class Writer:
    """Writes the messages of one stream, numbered from 1."""

    def __init__(self, account_sid: str, call_sid: str, stream_sid: str) -> None:
        self._account_sid = account_sid
        self._call_sid = call_sid
        self.stream_sid = stream_sid
        self._sequence = 0
        self._chunks: dict[str, int] = {}

    def start(self, tracks: list[str], parameters: Mapping[str, str]) -> str:
        """`tracks` are inbound and outbound; a bidirectional stream has the inbound one alone."""
        start = {
            "accountSid": self._account_sid,
            "streamSid": self.stream_sid,
            "callSid": self._call_sid,
            "tracks": tracks,
            "mediaFormat": _MEDIA_FORMAT,
            "customParameters": dict(parameters),
        }
        return self._numbered("start", start=start)

    def media(self, track: str, at_ms: int, sound: bytes) -> str:
        """`at_ms` is when the sound began, since the stream did. Written by hand: it is sent fifty times a second."""
        self._sequence += 1
        chunk = self._chunks[track] = self._chunks.get(track, 0) + 1
        payload = base64.b64encode(sound).decode()
        return (
            f'{{"event":"media","sequenceNumber":"{self._sequence}","media":{{"track":"{track}","chunk":"{chunk}",'
            f'"timestamp":"{at_ms}","payload":"{payload}"}},"streamSid":"{self.stream_sid}"}}'
        )

    def key(self, digit: str) -> str:
        return self._numbered("dtmf", dtmf={"track": "inbound_track", "digit": digit})

    def mark(self, name: str) -> str:
        return self._numbered("mark", mark={"name": name})

    def stop(self) -> str:
        return self._numbered("stop", stop={"accountSid": self._account_sid, "callSid": self._call_sid})

    def _numbered(self, event: str, **body: Any) -> str:
        self._sequence += 1
        message = {"event": event, "sequenceNumber": str(self._sequence), **body, "streamSid": self.stream_sid}
        return json.dumps(message, ensure_ascii=False)


def read(text: str, stream_sid: str) -> FromApp:
    """A message of the app, with exactly the documented fields.

    Raises:
        StreamMessageError: 31951, for anything else.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StreamMessageError(INVALID_MESSAGE, "The message is not JSON.") from error
    if not isinstance(message, dict):
        raise StreamMessageError(INVALID_MESSAGE, "The message is no JSON object.")
    event = message.get("event")
    wanted = {"media": {"payload"}, "mark": {"name"}, "clear": None}
    if not isinstance(event, str) or event not in wanted:
        raise StreamMessageError(INVALID_MESSAGE, f"There is no event '{str(event)[:40]}': media, mark or clear.")
    inside = wanted[event]
    _check_fields(message, {"event", "streamSid"} | ({event} if inside else set()), f"The {event} message")
    if message["streamSid"] != stream_sid:
        raise StreamMessageError(INVALID_MESSAGE, f"The {event} message has another streamSid.")
    if inside is None:
        return ClearBuffer()
    body = message[event]
    _check_fields(body, inside, f"The field '{event}'")
    (value,) = body.values()
    if not isinstance(value, str):
        raise StreamMessageError(INVALID_MESSAGE, f"The {event} message holds no text.")
    return MarkToReturn(name=value) if event == "mark" else MediaToPlay(payload=_sound(value))


def _check_fields(found: Any, wanted: set[str], place: str) -> None:
    if not isinstance(found, dict):
        raise StreamMessageError(INVALID_MESSAGE, f"{place} is no JSON object.")
    missing, strange = sorted(wanted - set(found)), sorted(set(found) - wanted)
    if missing:
        raise StreamMessageError(INVALID_MESSAGE, f"{place} lacks {', '.join(missing)}.")
    if strange:
        raise StreamMessageError(INVALID_MESSAGE, f"{place} has unexpected {', '.join(strange)[:80]}.")


def _sound(payload: str) -> bytes:
    try:
        return base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError) as error:
        raise StreamMessageError(INVALID_MESSAGE, "The payload is not base64.") from error
