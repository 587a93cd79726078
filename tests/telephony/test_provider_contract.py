"""One contract for every phone company: what the rest of the house may rely on whichever is configured."""

from __future__ import annotations

import io
import wave
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator
from verb_cases import CASES, TURN

from simulator.facade import SimulatedNetwork
from simulator.recordings import Recording
from simulator.sids import new_sid
from simulator.sound import from_wav
from telephony.calls import (
    AnsweredBy,
    CallEvent,
    CallStatus,
    DialEnded,
    Digits,
    Direction,
    Heard,
    MessageEvent,
    Nothing,
    QueueEnded,
    Recorded,
    RecordingEvent,
    Silence,
    Speech,
)
from telephony.errors import InvalidNumberError, OptedOutError
from telephony.memory import MemoryProvider
from telephony.provider import DetectionMode, HttpRequest, MachineDetection, Provider, ProviderError
from telephony.twilio.action_url import unanswered
from telephony.twilio.provider import TwilioProvider
from telephony.verbs import Gather, Hangup, Redirect, Say, Verb

BASE = "https://desk.example"
SERVICE, PERSON, LEFT = "+12025550123", "+14155552671", "+8613812345678"
SID = "CA" + "a" * 32
MOMENT = datetime(2026, 11, 21, 12, 30, 15, tzinfo=UTC)
Event = CallEvent | RecordingEvent | MessageEvent


class Company(ABC):
    """A provider and the hands to make its company do things."""

    provider: Provider

    @abstractmethod
    def webhook(self, target: str, event: Event) -> HttpRequest:
        """The signed request with which this company tells of an event."""

    @abstractmethod
    def own_number(self, number: str) -> None:
        """Give the account a number that points nowhere."""

    @abstractmethod
    def opt_out(self, number: str) -> None:
        """Somebody tells the company STOP."""

    @abstractmethod
    def keep_recording(self, created_at: datetime) -> str:
        """Put two seconds of sound into the company's store; its URL."""

    @abstractmethod
    def live_call(self) -> str:
        """Somebody calls the service number and it is answered; the call's sid."""

    @abstractmethod
    def end_of(self, call_sid: str) -> None:
        """The caller hangs up, after seconds, and recordings of the call are ready."""


class Memory(Company):
    """The company that remembers."""

    def __init__(self) -> None:
        self.provider = self._memory = MemoryProvider("secret", BASE)

    def webhook(self, target: str, event: Event) -> HttpRequest:
        return self._memory.request(target, event)

    def own_number(self, number: str) -> None:
        self._memory.own_number(number)

    def opt_out(self, number: str) -> None:
        self._memory.opted_out.add(number)

    def keep_recording(self, created_at: datetime) -> str:
        kept = self._memory.keep_recording(two_seconds(), call_sid=SID, duration_s=2, created_at=created_at)
        return kept.url

    def live_call(self) -> str:
        self._memory.own_number(SERVICE)
        placed = self.provider.place_call(to=PERSON, from_=SERVICE, answer_url=BASE, status_url="")
        self._memory.end_call(placed.call_sid, CallStatus.IN_PROGRESS)
        return placed.call_sid

    def end_of(self, call_sid: str) -> None:
        for sid, started in list(self._memory.started.items()):
            if started.listed.call_sid == call_sid:
                self._memory.end_recording(sid, two_seconds(2), duration_s=2)
        self._memory.end_call(call_sid, CallStatus.COMPLETED, duration_s=2)


class Form(dict):
    """A form as Twilio's validator reads it."""

    def getall(self, name: str) -> Sequence[str]:
        return self[name]


class SimulatedTwilio(Company):
    """Twilio, as the simulated network plays it."""

    def __init__(self, network: SimulatedNetwork) -> None:
        self._network = network
        self.provider = TwilioProvider(
            network.account_sid, network.auth_token, BASE, network.base_url, sleep=lambda _: None
        )

    def webhook(self, target: str, event: Event) -> HttpRequest:
        if isinstance(event, CallEvent) and event.heard == Silence():
            target = unanswered(target)
        form = Form({name: [value] for name, value in twilio_form(event).items()})
        token = event.idempotency_token if isinstance(event, CallEvent) else ""
        signature = RequestValidator(self._network.auth_token).compute_signature(BASE + target, form)
        headers = {"x-twilio-signature": signature, "i-twilio-idempotency-token": token}
        return HttpRequest(method="POST", target=target, headers=headers, form=form)

    def own_number(self, number: str) -> None:
        self._network.add_number(number)

    def opt_out(self, number: str) -> None:
        self._network.text(to=SERVICE, from_=number, body="STOP")

    def keep_recording(self, created_at: datetime) -> str:
        recording = Recording(
            sid=new_sid("RE"),
            account_sid=self._network.account_sid,
            call_sid=SID,
            created=created_at,
            started=created_at,
            duration_s=2,
            source="RecordVerb",
        )
        self._network.carrier.recordings.add(recording, from_wav(two_seconds()))
        path = f"/2010-04-01/Accounts/{self._network.account_sid}/Recordings/{recording.sid}"
        return "https://api.twilio.com" + path

    def live_call(self) -> str:
        self._network.add_number(SERVICE, voice_url=self._network.base_url + "/bins/wait.xml")
        self._phone = self._network.call(to=SERVICE, from_=PERSON)
        self._phone.wait(0.5)
        return self._phone.call_sid

    def end_of(self, call_sid: str) -> None:
        self._phone.wait(2.0)
        self._phone.hangup()
        self._network.settle()


def twilio_form(event: Event) -> dict[str, str]:
    """The parameters with which Twilio tells of an event."""
    match event:
        case CallEvent():
            known = {
                "CallSid": event.call_sid,
                "From": event.from_number or "anonymous",
                "To": event.to_number,
                "CallStatus": event.status.value,
                "Direction": "outbound-api" if event.direction is Direction.OUTBOUND else "inbound",
                "ParentCallSid": event.parent_sid,
                "SequenceNumber": event.sequence_number,
                "Timestamp": event.occurred_at and format_datetime(event.occurred_at),
                "CallDuration": event.duration_s,
                "AnsweredBy": event.answered_by and event.answered_by.value,
                "SipResponseCode": event.sip_code,
                "ErrorCode": event.error_code,
                **twilio_heard(event.heard),
            }
        case RecordingEvent():
            known = {
                "CallSid": event.call_sid,
                "RecordingSid": event.recording_sid,
                "RecordingUrl": event.url,
                "RecordingStatus": event.status,
                "RecordingDuration": event.duration_s,
                "RecordingStartTime": event.started_at and format_datetime(event.started_at),
            }
        case MessageEvent():
            known = {
                "MessageSid": event.message_sid,
                "From": event.from_number,
                "To": event.to_number,
                "MessageStatus": event.status,
                "Body": event.body,
                "ErrorCode": event.error_code,
            }
    return {name: str(value) for name, value in known.items() if value not in (None, "")}


def twilio_heard(heard: Heard) -> Mapping[str, object]:
    """The parameters that an action's answer adds."""
    match heard:
        case Digits():
            return {"Digits": heard.digits, "FinishedOnKey": "#"}
        case Speech():
            return {"SpeechResult": heard.text, "Confidence": heard.confidence}
        case Recorded():
            return {
                "RecordingUrl": heard.url,
                "RecordingSid": heard.sid,
                "RecordingDuration": heard.duration_s,
                "Digits": heard.ended_by,
            }
        case DialEnded():
            return {
                "DialCallStatus": heard.status,
                "DialCallDuration": heard.duration_s,
                "DialBridged": "true" if heard.bridged else "false",
            }
        case QueueEnded():
            return {"QueueResult": heard.result, "QueueTime": heard.waited_s}
        case _:
            return {}


def two_seconds(channels: int = 1) -> bytes:
    """A WAV of two seconds at 8 kHz."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(b"\x00\x20\x00\xe0" * 8_000 * channels)
    return sound.getvalue()


@pytest.fixture(params=["memory", "twilio"])
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Company]:
    if request.param == "memory":
        yield Memory()
        return
    wait = tmp_path / "wait.xml"
    wait.write_text('<Response><Pause length="60"/></Response>')
    with SimulatedNetwork("AC" + "1" * 32, "token", bins={"wait": wait}) as network:
        network.people.set("*", "no-answer")
        yield SimulatedTwilio(network)


@pytest.fixture(scope="module", params=["memory", "twilio"])
def reader(request: pytest.FixtureRequest) -> Iterator[Company]:
    """A company that is only asked to read and write, shared by many tests."""
    if request.param == "memory":
        yield Memory()
        return
    with SimulatedNetwork("AC" + "1" * 32, "token") as network:
        yield SimulatedTwilio(network)


def call_event(**changed: object) -> CallEvent:
    event = CallEvent(
        call_sid=SID,
        from_number=PERSON,
        to_number=SERVICE,
        status=CallStatus.IN_PROGRESS,
        direction=Direction.INBOUND,
    )
    return replace(event, **changed)  # type: ignore[arg-type]


def test_it_has_a_name_and_declares_what_it_can_do(reader: Company) -> None:
    provider = reader.provider
    assert provider.name
    assert provider.capabilities.max_hints > 0
    assert provider.capabilities.max_document_bytes >= 4_000
    assert {"zh-CN", "en-US", "ko-KR"} <= provider.capabilities.speech_languages


CALLS = {
    "first": call_event(status=CallStatus.RINGING),
    "withheld": call_event(from_number=""),
    "digits": call_event(heard=Digits(digits="12*#")),
    "finish key": call_event(heard=Digits(digits="")),
    "speech": call_event(heard=Speech(text="查包裹 O'Brien & <Co>", confidence=0.5)),
    "speech without confidence": call_event(heard=Speech(text="parcel")),
    "silence": call_event(heard=Silence()),
    "recorded": call_event(
        heard=Recorded(url="https://x.example/Recordings/RE1", sid="RE1", duration_s=7, ended_by="#")
    ),
    "recorded to the end": call_event(
        status=CallStatus.COMPLETED,
        heard=Recorded(url="https://x.example/Recordings/RE1", sid="RE1", duration_s=0, ended_by="hangup"),
    ),
    "dial": call_event(heard=DialEnded(status="completed", duration_s=31, bridged=True)),
    "dial busy": call_event(heard=DialEnded(status="busy")),
    "queue": call_event(heard=QueueEnded(result="bridged", waited_s=12)),
    "child": call_event(parent_sid="CA" + "b" * 32),
    "status": call_event(
        status=CallStatus.NO_ANSWER,
        direction=Direction.OUTBOUND,
        sequence_number=2,
        occurred_at=MOMENT,
        duration_s=0,
        sip_code=487,
    ),
    "machine": call_event(answered_by=AnsweredBy.MACHINE_END_BEEP, direction=Direction.OUTBOUND),
    "retry": call_event(idempotency_token="token-1"),
    "fallback": call_event(error_code="11200"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_event_arrives_as_it_happened(reader: Company, name: str) -> None:
    request = reader.webhook("/voice/calls/k7Gd/turns/1", CALLS[name])
    assert reader.provider.verify(request)
    assert replace(reader.provider.parse_call(request), raw={}) == CALLS[name]
    assert reader.provider.parse_call(request).raw


def test_every_way_of_being_heard_is_covered() -> None:
    assert {type(event.heard) for event in CALLS.values()} == {
        Digits, Speech, Silence, Recorded, DialEnded, QueueEnded, Nothing
    }  # fmt: skip


def test_a_recording_event_arrives_as_it_happened(reader: Company) -> None:
    event = RecordingEvent(
        call_sid=SID,
        recording_sid="RE1",
        url="https://x.example/RE1",
        status="completed",
        duration_s=3,
        started_at=MOMENT,
    )
    request = reader.webhook("/voice/recordings/k7Gd", event)
    assert reader.provider.verify(request)
    assert reader.provider.parse_recording(request) == event


def test_a_message_event_arrives_as_it_happened(reader: Company) -> None:
    event = MessageEvent(
        message_sid="SM1", from_number=SERVICE, to_number=PERSON, status="undelivered", error_code="30003"
    )
    request = reader.webhook("/voice/messages/status", event)
    assert reader.provider.verify(request)
    assert reader.provider.parse_message(request) == event


TAMPER: dict[str, Callable[[HttpRequest], HttpRequest]] = {
    "another target": lambda request: replace(request, target=request.target + "x"),
    "another form": lambda request: replace(request, form={**request.form, "Digits": ["9"]}),
    "no form": lambda request: replace(request, form={}),
    "no headers": lambda request: replace(request, headers={}),
    "odd characters": lambda request: replace(request, target="/\ud800"),
}


@pytest.mark.parametrize("how", TAMPER)
def test_a_request_that_was_changed_on_the_way_is_not_verified(reader: Company, how: str) -> None:
    request = reader.webhook("/voice/calls/k7Gd/turns/1", call_event())
    assert not reader.provider.verify(TAMPER[how](request))


@pytest.mark.parametrize(
    "form", [{}, {"x": ["1"]}, {"CallSid": []}, {"CallSid": [""]}, {"event": ["[]"]}, {"event": ["{"]}]
)
def test_a_request_that_tells_of_nothing_is_an_error_in_words(reader: Company, form: dict[str, list[str]]) -> None:
    request = HttpRequest(method="POST", target="/voice/incoming", headers={}, form=form)
    for parse in (reader.provider.parse_call, reader.provider.parse_recording, reader.provider.parse_message):
        with pytest.raises(ProviderError, match=r"The webhook"):
            parse(request)


@pytest.mark.parametrize("name", CASES)
def test_every_verb_can_be_written(reader: Company, name: str) -> None:
    assert reader.provider.render(CASES[name])


@pytest.mark.parametrize(
    "verbs",
    [
        [Redirect(url="/voice/turn")],
        [Redirect()],
        [Gather(prompts=(), language="en-US")],
        [Hangup(), Say(text="Too late.", language="en-US")],
        [Gather(prompts=(), language="en-US", action=TURN), Redirect(url=TURN)],
        [Say(text="x" * 70_000, language="en-US")],
    ],
)
def test_an_answer_that_would_be_refused_is_an_error(reader: Company, verbs: list[Verb]) -> None:
    with pytest.raises(ProviderError):
        reader.provider.render(verbs)


def place(company: Company, to: str = PERSON) -> str:
    company.own_number(SERVICE)
    placed = company.provider.place_call(
        to=to, from_=SERVICE, answer_url=BASE + "/voice/incoming", status_url=BASE + "/voice/status", timeout_s=20
    )
    return placed.call_sid


def test_a_placed_call_can_be_asked_about(company: Company) -> None:
    call_sid = place(company)
    fetched = company.provider.fetch_call(call_sid)
    assert (fetched.call_sid, fetched.to_number, fetched.from_number) == (call_sid, PERSON, SERVICE)
    assert fetched.created_at is not None
    assert abs(fetched.created_at - datetime.now(UTC)) < timedelta(hours=1)


def test_each_placed_call_is_a_call_of_its_own(company: Company) -> None:
    assert place(company) != place(company)


def test_calls_to_a_number_are_listed_newest_first(company: Company) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    older, newer = place(company), place(company)
    place(company, to=LEFT)
    listed = list(company.provider.list_calls(to=PERSON, since=before))
    assert [call.call_sid for call in listed] == [newer, older]
    assert {(call.to_number, call.from_number) for call in listed} == {(PERSON, SERVICE)}
    assert list(company.provider.list_calls(to=PERSON, since=datetime.now(UTC) + timedelta(hours=2))) == []


def test_a_call_may_be_placed_with_machine_detection(company: Company) -> None:
    company.own_number(SERVICE)
    placed = company.provider.place_call(
        to=PERSON,
        from_=SERVICE,
        answer_url=BASE + "/voice/incoming",
        status_url=BASE + "/voice/status",
        machine_detection=MachineDetection(mode=DetectionMode.ENABLE, callback_url=BASE + "/voice/answered-by"),
    )
    assert company.provider.fetch_call(placed.call_sid).to_number == PERSON


def test_hanging_up_twice_is_no_error(company: Company) -> None:
    call_sid = place(company)
    company.provider.update_call(call_sid, hang_up=True)
    company.provider.update_call(call_sid, hang_up=True)
    company.provider.update_call(call_sid, answer_url=BASE + "/voice/other")
    assert company.provider.fetch_call(call_sid).status.is_final


@pytest.mark.parametrize("to", ["", "hello", "+1", "415555267100000000000"])
def test_a_number_that_does_not_exist_is_not_called_and_not_tried_again(company: Company, to: str) -> None:
    with pytest.raises(ProviderError) as caught:
        place(company, to)
    assert not caught.value.retryable
    assert isinstance(caught.value, InvalidNumberError) or not to


def test_a_call_nobody_knows_is_an_error(company: Company) -> None:
    unknown = "CA" + "f" * 32
    for ask in (
        lambda: company.provider.fetch_call(unknown),
        lambda: company.provider.update_call(unknown, hang_up=True),
    ):
        with pytest.raises(ProviderError) as caught:
            ask()
        assert not caught.value.retryable


def test_a_message_gets_a_sid_of_its_own(company: Company) -> None:
    company.own_number(SERVICE)
    send = company.provider.send_message
    first = send(to=PERSON, from_=SERVICE, body="您的工单 123458", status_url=BASE + "/voice/messages/status")
    assert first
    assert first != send(to=PERSON, from_=SERVICE, body="Again.")


@pytest.mark.parametrize("body", ["", "   ", "x" * 1_601])
def test_a_message_without_text_or_with_too_much_is_refused(company: Company, body: str) -> None:
    company.own_number(SERVICE)
    with pytest.raises(ProviderError):
        company.provider.send_message(to=PERSON, from_=SERVICE, body=body)


def test_whoever_said_stop_gets_no_message_and_the_house_can_tell(company: Company) -> None:
    company.own_number(SERVICE)
    company.opt_out(LEFT)
    with pytest.raises(OptedOutError) as caught:
        company.provider.send_message(to=LEFT, from_=SERVICE, body="Hello")
    assert not caught.value.retryable
    assert company.provider.send_message(to=PERSON, from_=SERVICE, body="Hello")


def test_recordings_are_listed_newest_first_and_fetched(company: Company) -> None:
    urls = [company.keep_recording(MOMENT + timedelta(minutes=minute)) for minute in range(3)]
    listed = list(company.provider.list_recordings(since=MOMENT + timedelta(minutes=1)))
    assert [(found.url, found.call_sid, found.duration_s) for found in listed] == [(url, SID, 2) for url in urls[:0:-1]]
    assert all(found.created_at.tzinfo for found in listed)
    with wave.open(io.BytesIO(company.provider.fetch_recording(listed[0].url))) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (8_000, 16_000)


def test_a_live_call_is_recorded_to_its_end_in_two_channels(company: Company) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    call_sid = company.live_call()
    begun = company.provider.start_recording(call_sid, status_url=BASE + "/voice/calls/k7Gd/recorded")
    assert (begun.call_sid, begun.whole_call, begun.duration_s) == (call_sid, True, 0)
    assert begun.started_at is not None
    [listed] = company.provider.list_recordings(since=before, call_sid=call_sid)
    assert listed == begun
    assert list(company.provider.list_recordings(since=before, call_sid="CA" + "f" * 32)) == []
    with pytest.raises(ProviderError) as caught:
        company.provider.fetch_recording(begun.url)
    assert caught.value.retryable
    company.end_of(call_sid)
    [ready] = company.provider.list_recordings(since=before)
    assert (ready.recording_sid, ready.url, ready.duration_s) == (begun.recording_sid, begun.url, 2)
    with wave.open(io.BytesIO(company.provider.fetch_recording(ready.url))) as sound:
        assert (sound.getnchannels(), sound.getnframes()) == (2, 16_000)


def test_a_call_that_is_over_is_not_recorded(company: Company) -> None:
    call_sid = company.live_call()
    company.end_of(call_sid)
    with pytest.raises(ProviderError):
        company.provider.start_recording(call_sid, status_url="")
    assert list(company.provider.list_recordings(since=MOMENT, call_sid=call_sid)) == []


def test_a_recording_that_is_not_there_yet_may_be_asked_for_again(company: Company) -> None:
    url = company.keep_recording(MOMENT)
    with pytest.raises(ProviderError) as caught:
        company.provider.fetch_recording(url[:-32] + "0" * 32)
    assert caught.value.retryable


def test_nothing_is_fetched_from_elsewhere(company: Company) -> None:
    with pytest.raises(ProviderError) as caught:
        company.provider.fetch_recording("https://evil.example/Recordings/RE1")
    assert not caught.value.retryable


def test_a_number_is_pointed_somewhere_and_found_there(company: Company) -> None:
    company.own_number(SERVICE)
    company.own_number("+12025550188")
    company.provider.configure_number(
        SERVICE,
        voice_url=BASE + "/voice/incoming",
        fallback_url="https://files.example/sorry.xml",
        status_url=BASE + "/voice/status",
    )
    held = {configuration.number: configuration for configuration in company.provider.number_configurations()}
    assert held.keys() == {SERVICE, "+12025550188"}
    assert held[SERVICE].sid
    assert held[SERVICE].voice_url == BASE + "/voice/incoming"
    assert held[SERVICE].voice_fallback_url == "https://files.example/sorry.xml"
    assert held[SERVICE].status_callback == BASE + "/voice/status"
    assert held["+12025550188"].voice_url == ""
    with pytest.raises(ProviderError):
        company.provider.configure_number("+12025550177", voice_url=BASE, fallback_url="", status_url="")
