"""The Twilio provider in whole calls against the simulated telephone network."""

from __future__ import annotations

import io
import socket
import wave
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from small_desk import SmallDesk, small_desk

from simulator.facade import SimulatedNetwork
from telephony.calls import (
    CallEvent,
    CallStatus,
    DialEnded,
    Digits,
    Direction,
    Heard,
    Nothing,
    QueueEnded,
    Recorded,
    Silence,
    Speech,
)
from telephony.errors import OptedOutError, OutcomeUnknownError
from telephony.provider import ProviderError
from telephony.twilio.fallback import SORRY, THANKS, static_fallback_document, thanks_document
from telephony.twilio.provider import TwilioProvider
from telephony.verbs import (
    Dial,
    Enqueue,
    Gather,
    Hangup,
    InputMode,
    Leave,
    Pause,
    Record,
    Reject,
    Say,
    Verb,
)

ACCOUNT = "AC" + "1" * 32
SERVICE = "+12025550123"
CALLER = "+8613800138000"
AGENT = "+14155552671"


@pytest.fixture
def network() -> Iterator[SimulatedNetwork]:
    with SimulatedNetwork(ACCOUNT, "token") as running:
        yield running


@pytest.fixture
def desk(network: SimulatedNetwork) -> Iterator[SmallDesk]:
    with small_desk() as running:
        running.provider = provider(network, running.url)
        network.add_number(SERVICE, voice_url=running.url + "/first", status_callback=running.url + "/status")
        yield running


def provider(network: SimulatedNetwork, url: str, token: str = "token") -> TwilioProvider:
    return TwilioProvider(ACCOUNT, token, url, network.base_url, sleep=lambda _: None)


def say(text: str) -> Say:
    return Say(text=text, language="en-US")


def heard_at(desk: SmallDesk, path: str) -> list[Heard]:
    return [event.heard for at, event in desk.calls if at == path]


def test_a_call_of_keys_speech_silence_and_a_recording(network: SimulatedNetwork, desk: SmallDesk) -> None:
    def script(path: str, event: CallEvent) -> Sequence[Verb]:
        match path:
            case "/first":
                return [
                    Gather(prompts=(say("Press one."),), language="en-US", num_digits=1, action=desk.url + "/a?x=%20")
                ]
            case "/a":
                return [Gather(prompts=(say("What now?"),), language="zh-CN", hints=("包裹",), action=desk.url + "/b")]
            case "/b" if isinstance(event.heard, Speech):
                return [
                    Gather(
                        prompts=(say("Still there?"),), mode=InputMode.KEYS, language="en-US", action=desk.url + "/b"
                    )
                ]
            case "/b":
                record = Record(action=desk.url + "/c", recording_status=desk.url + "/recording")
                return [say("After the tone."), record]
            case _:
                return [say("Goodbye."), Hangup()]

    desk.script = script
    phone = network.call(to=SERVICE, from_=CALLER)
    phone.hear("Press one")
    phone.press("1")
    phone.hear("What now")
    phone.say("查包裹 O'Brien & <Co>", confidence=0.8)
    phone.hear("Still there")
    phone.silence()
    phone.hear("After the tone")
    phone.record_wav(hum_wav(seconds=2))
    phone.wait(2)
    phone.press("#", early=True)
    phone.hear("Goodbye")
    phone.wait_for_end()
    network.settle()

    first = desk.calls[0][1]
    assert (first.from_number, first.to_number, first.direction) == (CALLER, SERVICE, Direction.INBOUND)
    assert (first.heard, first.status) == (Nothing(), CallStatus.RINGING)
    assert heard_at(desk, "/a") == [Digits(digits="1")]
    assert heard_at(desk, "/b") == [Speech(text="查包裹 O'Brien & <Co>", confidence=0.8), Silence()]
    [recorded] = heard_at(desk, "/c")
    assert isinstance(recorded, Recorded)
    assert (recorded.duration_s, recorded.ended_by) == (2, "#")

    [status] = desk.recordings
    assert (status.recording_sid, status.status, status.call_sid) == (recorded.sid, "completed", phone.call_sid)
    wav = desk.provider.fetch_recording(recorded.url)
    with wave.open(io.BytesIO(wav)) as sound:
        assert sound.getframerate() == 8_000
    assert desk.provider.fetch_recording(status.url) == wav
    since = first_time(network) - timedelta(minutes=1)
    [listed] = desk.provider.list_recordings(since=since)
    assert (listed.recording_sid, listed.call_sid, listed.duration_s) == (recorded.sid, phone.call_sid, 2)
    assert desk.provider.fetch_recording(listed.url) == wav

    assert desk.statuses[-1].status is CallStatus.COMPLETED
    assert desk.statuses[-1].heard == Nothing()
    assert desk.provider.fetch_call(phone.call_sid).status is CallStatus.COMPLETED
    assert phone.notifications == []
    assert desk.refused == 0


@pytest.mark.parametrize(
    ("behaviour", "status", "bridged"),
    [("agent", "completed", True), ("busy", "busy", False), ("no-answer", "no-answer", False)],
)
def test_a_transfer_comes_back_with_what_became_of_it(
    network: SimulatedNetwork, desk: SmallDesk, behaviour: str, status: str, bridged: bool
) -> None:
    def script(path: str, event: CallEvent) -> Sequence[Verb]:
        match path:
            case "/first":
                whisper = desk.url + "/whisper"
                return [
                    Dial(numbers=(AGENT,), caller_id=SERVICE, timeout_s=20, whisper=whisper, action=desk.url + "/after")
                ]
            case "/whisper" if event.heard == Nothing():
                return [
                    Gather(
                        prompts=(say("Press one to accept."),), language="en-US", num_digits=1, action=desk.url + path
                    )
                ]
            case "/whisper":
                return [] if event.heard == Digits(digits="1") else [Hangup()]
            case _:
                return [Hangup()]

    desk.script = script
    network.people.set(AGENT, behaviour)
    phone = network.call(to=SERVICE)
    phone.wait_for_end()
    network.settle()
    [ended] = heard_at(desk, "/after")
    assert isinstance(ended, DialEnded)
    assert (ended.status, ended.bridged) == (status, bridged)
    whispers = [event for path, event in desk.calls if path == "/whisper"]
    assert all(event.parent_sid == phone.call_sid for event in whispers)
    assert bool(whispers) is bridged
    assert phone.notifications == []


def test_a_caller_who_leaves_the_queue_goes_on(network: SimulatedNetwork, desk: SmallDesk) -> None:
    def script(path: str, _: CallEvent) -> Sequence[Verb]:
        match path:
            case "/first":
                return [Enqueue(queue="parcels", wait=desk.url + "/wait", action=desk.url + "/after")]
            case "/wait":
                return [say("Please wait."), Pause(seconds=3), Leave()]
            case _:
                return [Hangup()]

    desk.script = script
    phone = network.call(to=SERVICE)
    phone.hear("Please wait")
    phone.wait_for_end()
    network.settle()
    [ended] = heard_at(desk, "/after")
    assert isinstance(ended, QueueEnded)
    assert ended.result == "leave"
    assert ended.waited_s >= 3


def test_a_call_may_be_turned_away(network: SimulatedNetwork, desk: SmallDesk) -> None:
    desk.script = lambda _path, _event: [Reject(busy=True)]
    phone = network.call(to=SERVICE)
    phone.wait_for_end()
    network.settle()
    assert desk.statuses[-1].status is CallStatus.BUSY


def test_a_call_we_place_tells_all_its_statuses_in_numbered_order(network: SimulatedNetwork, desk: SmallDesk) -> None:
    desk.script = lambda _path, _event: [say("This is an automated call."), Hangup()]
    network.people.set(AGENT, "answers")
    placed = desk.provider.place_call(
        to=AGENT, from_=SERVICE, answer_url=desk.url + "/answered", status_url=desk.url + "/status"
    )
    assert (placed.to_number, placed.from_number, placed.status) == (AGENT, SERVICE, CallStatus.QUEUED)
    network.settle()
    by_number = sorted(desk.statuses, key=lambda event: event.sequence_number or 0)
    assert [event.status for event in by_number] == [
        CallStatus.RINGING,
        CallStatus.IN_PROGRESS,
        CallStatus.COMPLETED,
    ]
    assert [event.sequence_number for event in by_number] == [0, 1, 2]
    assert all(event.occurred_at and event.direction is Direction.OUTBOUND for event in by_number)
    assert by_number[-1].duration_s is not None
    assert desk.provider.fetch_call(placed.call_sid).duration_s == by_number[-1].duration_s


def test_a_live_call_is_sent_elsewhere_and_then_ended(network: SimulatedNetwork, desk: SmallDesk) -> None:
    def script(path: str, _: CallEvent) -> Sequence[Verb]:
        return [say("Elsewhere."), Pause(seconds=500)] if path == "/elsewhere" else [say("Here."), Pause(seconds=500)]

    desk.script = script
    phone = network.call(to=SERVICE)
    phone.hear("Here")
    desk.provider.update_call(phone.call_sid, answer_url=desk.url + "/elsewhere")
    phone.hear("Elsewhere")
    desk.provider.update_call(phone.call_sid, hang_up=True)
    phone.wait_for_end()
    desk.provider.update_call(phone.call_sid, hang_up=True)
    network.settle()
    assert desk.provider.fetch_call(phone.call_sid).status is CallStatus.COMPLETED


def test_webhooks_signed_with_another_token_are_refused(network: SimulatedNetwork, desk: SmallDesk) -> None:
    desk.provider = provider(network, desk.url, token="another")
    network.call(to=SERVICE).wait_for_end()
    network.settle()
    assert desk.refused >= 1
    assert desk.calls == desk.statuses == []
    with pytest.raises(ProviderError, match=r"account sid and auth token"):
        list(desk.provider.number_configurations())


def test_a_busy_network_is_asked_again_and_a_lost_answer_is_not(network: SimulatedNetwork, desk: SmallDesk) -> None:
    network.fault("rest_status", status=429, times=2)
    desk.provider.send_message(to=AGENT, from_=SERVICE, body="Hello", status_url=desk.url + "/message")
    with network.in_trouble("rest_accept_then_timeout"), pytest.raises(OutcomeUnknownError):
        desk.provider.place_call(to=AGENT, from_=SERVICE, answer_url=desk.url + "/x", status_url="")
    assert len(network.calls) == 1
    desk.script = lambda _path, _event: [Hangup()]


def test_a_message_reports_its_way_and_a_stop_is_heeded(network: SimulatedNetwork, desk: SmallDesk) -> None:
    sid = desk.provider.send_message(to=AGENT, from_=SERVICE, body="您的工单", status_url=desk.url + "/message")
    network.settle()
    assert [(event.message_sid, event.status) for event in desk.messages][-1] == (sid, "delivered")
    network.add_number(SERVICE, sms_url=desk.url + "/message")
    network.text(to=SERVICE, from_=AGENT, body="STOP")
    network.settle()
    assert (desk.messages[-1].body, desk.messages[-1].from_number) == ("STOP", AGENT)
    with pytest.raises(OptedOutError):
        desk.provider.send_message(to=AGENT, from_=SERVICE, body="Hello again")


def first_time(network: SimulatedNetwork) -> datetime:
    """When the first call was made, on the network's own clock."""
    return network.calls[0].created


def hum_wav(*, seconds: int) -> bytes:
    """A WAV of a low hum at 8 kHz, so that it is not taken for silence."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(b"\x00\x20\x00\xe0" * (4_000 * seconds))
    return sound.getvalue()


def test_while_the_application_is_down_a_voicemail_is_taken_and_found_afterwards(tmp_path: Path) -> None:
    sorry, thanks = tmp_path / "sorry.xml", tmp_path / "thanks.xml"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        down = f"http://127.0.0.1:{closed.getsockname()[1]}"
        sorry.touch()
        thanks.write_text(thanks_document(THANKS), encoding="utf-8")
        with SimulatedNetwork(ACCOUNT, "token", bins={"sorry": sorry, "thanks": thanks}) as network:
            at_bins = network.base_url + "/bins/"
            document = static_fallback_document(SORRY, down + "/recording", at_bins + "thanks.xml")
            sorry.write_text(document, encoding="utf-8")
            twilio = provider(network, down)
            network.add_number(SERVICE)
            twilio.configure_number(
                SERVICE, voice_url=down + "/first", fallback_url=at_bins + "sorry.xml", status_url=down + "/status"
            )
            phone = network.call(to=SERVICE)
            phone.hear("our system has a fault")
            phone.record_wav(hum_wav(seconds=2))
            phone.wait(2)
            phone.press("#", early=True)
            phone.hear("we have your message")
            phone.wait_for_end()
            network.settle()
            [kept] = twilio.list_recordings(since=first_time(network) - timedelta(minutes=1))
            assert (kept.call_sid, kept.duration_s) == (phone.call_sid, 2)
            assert twilio.fetch_call(kept.call_sid).from_number == CALLER
            assert twilio.fetch_recording(kept.url)[:4] == b"RIFF"
