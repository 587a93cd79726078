"""Twilio's Media Streams are read strictly and written with exactly the documented fields."""

from __future__ import annotations

import base64
import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.media import KeyPressed, MarkReached, MediaError, SoundHeard, StreamStarted, StreamStopped
from telephony.twilio.media_stream import TwilioMediaStream

SID = "MZ18ad3ab5a668481ce02b83e7395059f0"
START: dict[str, Any] = {
    "event": "start",
    "sequenceNumber": "1",
    "start": {
        "accountSid": "AC1",
        "streamSid": SID,
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"key": "one-use"},
    },
    "streamSid": SID,
}
MEDIA: dict[str, Any] = {
    "event": "media",
    "sequenceNumber": "3",
    "media": {"track": "inbound", "chunk": "1", "timestamp": "5", "payload": base64.b64encode(b"\xff" * 160).decode()},
    "streamSid": SID,
}
DTMF = {"event": "dtmf", "streamSid": SID, "sequenceNumber": "5", "dtmf": {"track": "inbound_track", "digit": "1"}}
MARK = {"event": "mark", "sequenceNumber": "4", "streamSid": SID, "mark": {"name": "b7"}}
STOP = {"event": "stop", "sequenceNumber": "5", "stop": {"accountSid": "AC1", "callSid": "CA1"}, "streamSid": SID}
EVERY = {"start": START, "media": MEDIA, "dtmf": DTMF, "mark": MARK, "stop": STOP}


def begun() -> TwilioMediaStream:
    stream = TwilioMediaStream()
    stream.read(json.dumps(START))
    return stream


def test_every_documented_message_is_read() -> None:
    stream = TwilioMediaStream()
    assert stream.read('{"event":"connected","protocol":"Call","version":"1.0.0"}') is None
    started = stream.read(json.dumps(START))
    assert started == StreamStarted(stream_sid=SID, call_sid="CA1", parameters={"key": "one-use"})
    assert stream.read(json.dumps(MEDIA)) == SoundHeard(payload=b"\xff" * 160, at_ms=5)
    assert stream.read(json.dumps(DTMF)) == KeyPressed(digit="1")
    assert stream.read(json.dumps(MARK)) == MarkReached(name="b7")
    assert stream.read(json.dumps(STOP)) == StreamStopped()


def test_unknown_fields_events_tracks_and_tones_say_nothing() -> None:
    stream = begun()
    for message in EVERY.values():
        if message is not START:
            assert stream.read(json.dumps({**message, "brandNew": [1]})) is not None
    assert stream.read('{"event":"weather","sun":true}') is None
    assert stream.read(json.dumps({**MEDIA, "media": {**MEDIA["media"], "track": "outbound"}})) is None
    assert stream.read(json.dumps({**DTMF, "dtmf": {"track": "inbound_track", "digit": "A"}})) is None


def _fields(message: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, value in message.items():
        found.append((*path, name))
        if isinstance(value, dict) and name != "customParameters":
            found += _fields(value, (*path, name))
    return found


@pytest.mark.parametrize(("event", "path"), [(event, path) for event in EVERY for path in _fields(EVERY[event])])
@pytest.mark.parametrize("wrong", ["missing", "number", "list"])
def test_a_missing_field_and_one_of_the_wrong_type_is_refused(event: str, path: tuple[str, ...], wrong: str) -> None:
    message = copy.deepcopy(EVERY[event])
    inner = message
    for name in path[:-1]:
        inner = inner[name]
    if wrong == "missing":
        del inner[path[-1]]
        if path[-1] == "customParameters":
            return  # Twilio leaves it out when there are none.
    elif path[-1] == "tracks" and wrong == "list":
        return
    else:
        inner[path[-1]] = 7 if wrong == "number" else [7]
    stream = TwilioMediaStream() if event == "start" else begun()
    with pytest.raises(MediaError, match=r"^The .*\.$"):
        stream.read(json.dumps(message))


@pytest.mark.parametrize(
    ("name", "value"), [("encoding", "audio/pcm"), ("sampleRate", 16000), ("sampleRate", "8000"), ("channels", True)]
)
def test_only_telephone_sound_is_taken(name: str, value: object) -> None:
    start = copy.deepcopy(START)
    start["start"]["mediaFormat"][name] = value
    with pytest.raises(MediaError, match=r"only mu-law"):
        TwilioMediaStream().read(json.dumps(start))


@pytest.mark.parametrize("payload", ["not base64!", "/w==\n", "/w=", "/w", "", "٣٣٣٣"])
def test_sound_that_is_no_base64_is_refused(payload: str) -> None:
    with pytest.raises(MediaError, match=r"payload"):
        begun().read(json.dumps({**MEDIA, "media": {**MEDIA["media"], "payload": payload}}))


def test_another_streams_messages_and_a_second_start_are_refused() -> None:
    stream = begun()
    for message in (MEDIA, DTMF, MARK, STOP):
        with pytest.raises(MediaError, match=r"another stream"):
            stream.read(json.dumps({**message, "streamSid": "MZ2"}))
    with pytest.raises(MediaError, match=r"second time"):
        stream.read(json.dumps(START))
    with pytest.raises(MediaError, match=r"two different streams"):
        TwilioMediaStream().read(json.dumps({**START, "streamSid": "MZ2"}))
    with pytest.raises(MediaError, match=r"not a sid"):
        TwilioMediaStream().read(json.dumps({**START, "start": {**START["start"], "callSid": "CA1\n"}}))


@pytest.mark.parametrize("message", [b"{}", "", "nonsense", "[]", "7", '{"event":7}', "{}", '{"event":"media"'])
def test_what_is_no_message_is_refused_in_a_sentence(message: str | bytes) -> None:
    with pytest.raises(MediaError, match=r"^The message.*\.$"):
        begun().read(message)


@given(st.binary(min_size=1, max_size=400))
def test_what_we_write_has_exactly_the_documented_fields(payload: bytes) -> None:
    stream = TwilioMediaStream()
    sound = json.loads(stream.sound(SID, payload))
    assert sound == {
        "event": "media",
        "streamSid": SID,
        "media": {"payload": base64.b64encode(payload).decode()},
    }
    mark = json.loads(stream.mark(SID, "b1 您好 “x”"))
    assert mark == {"event": "mark", "streamSid": SID, "mark": {"name": "b1 您好 “x”"}}
    assert json.loads(stream.clear(SID)) == {"event": "clear", "streamSid": SID}
