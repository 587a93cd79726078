"""Twilio's webhooks are read whatever they bring, and whatever they lack."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.calls import (
    AnsweredBy,
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
from telephony.provider import HttpRequest, ProviderError
from telephony.twilio.action_url import is_unanswered, unanswered
from telephony.twilio.webhook import parameters_of, parse_call, parse_message, parse_recording

SID = "CA" + "0" * 32
# A first webhook as Twilio sends it, blanks included.
INCOMING = {
    "AccountSid": "AC" + "1" * 32,
    "ApiVersion": "2010-04-01",
    "CallSid": SID,
    "CallStatus": "ringing",
    "CallToken": '{"parentCallInfoToken":"x"}',
    "Called": "+12025550123",
    "CalledCity": "",
    "CalledCountry": "US",
    "CalledZip": "",
    "Caller": "+14155552671",
    "Direction": "inbound",
    "From": "+14155552671",
    "FromCity": "SAN FRANCISCO",
    "StirVerstat": "TN-Validation-Passed-A",
    "To": "+12025550123",
    "SomethingNew": "1",
}


def post(target: str = "/voice/incoming", headers: dict[str, str] | None = None, **changed: str) -> HttpRequest:
    form = {name: [value] for name, value in {**INCOMING, **changed}.items()}
    return HttpRequest(method="POST", target=target, headers=headers or {}, form=form)


def heard(target: str = "/voice/calls/k7/turns/1", **changed: str) -> Heard:
    return parse_call(post(target, CallStatus="in-progress", **changed)).heard


def test_the_first_webhook_of_a_call() -> None:
    event = parse_call(post())
    assert (event.call_sid, event.from_number, event.to_number) == (SID, "+14155552671", "+12025550123")
    assert (event.status, event.direction, event.heard) == (CallStatus.RINGING, Direction.INBOUND, Nothing())
    assert event.raw["SomethingNew"] == "1"
    assert event.raw["CalledZip"] == ""
    assert event.sequence_number is event.duration_s is event.occurred_at is event.answered_by is event.sip_code is None


def test_get_brings_the_same_event_as_post() -> None:
    asked = HttpRequest(method="GET", target="/voice/incoming?" + urlencode(INCOMING), headers={}, form={})
    assert parse_call(asked) == parse_call(post())


@pytest.mark.parametrize(
    "withheld",
    ["anonymous", "unknown", "", "Restricted", "+266696687", "+7378742833", "client:alice", "sip:a@b.example", "1000"],
)
def test_a_withheld_number_is_no_number(withheld: str) -> None:
    assert parse_call(post(From=withheld)).from_number == ""


def test_a_plus_that_arrives_as_a_space_is_a_plus_again() -> None:
    assert parse_call(post(From=" 14155552671")).from_number == "+14155552671"


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"Digits": "1"}, Digits(digits="1")),
        ({"Digits": "12*#"}, Digits(digits="12*#")),
        ({"Digits": "1w2"}, Digits(digits="12")),
        ({"Digits": "", "FinishedOnKey": "#"}, Digits(digits="")),
        ({"Digits": "", "FinishedOnKey": ""}, Silence()),
        ({"Digits": "", "FinishedOnKey": "timeout"}, Silence()),
        ({"SpeechResult": ""}, Silence()),
        ({"SpeechResult": " parcel ", "Confidence": "0.93"}, Speech(text="parcel", confidence=0.93)),
        ({"SpeechResult": "查件"}, Speech(text="查件")),
        ({"SpeechResult": "a", "Confidence": ""}, Speech(text="a")),
        ({"SpeechResult": "a", "Confidence": "high"}, Speech(text="a")),
        ({"SpeechResult": "a", "Confidence": "nan"}, Speech(text="a")),
        ({"SpeechResult": "a", "Confidence": "7"}, Speech(text="a", confidence=1.0)),
        ({"SpeechResult": "one", "Digits": "1"}, Digits(digits="1")),
        ({"DialCallStatus": "busy"}, DialEnded(status="busy")),
        (
            {"DialCallStatus": "completed", "DialCallDuration": "42", "RecordingUrl": "https://api.twilio.com/x"},
            DialEnded(status="completed", duration_s=42, bridged=True),
        ),
        ({"DialCallStatus": "completed", "DialBridged": "false"}, DialEnded(status="completed")),
        ({"QueueResult": "leave", "QueueTime": "31", "QueueSid": "QU1"}, QueueEnded(result="leave", waited_s=31)),
    ],
)
def test_what_the_caller_did(changed: dict[str, str], wanted: Heard) -> None:
    assert heard(**changed) == wanted


def test_a_recording_is_named_by_its_sid_or_else_by_its_url() -> None:
    url = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE0af"
    recorded = {"RecordingUrl": url, "RecordingDuration": "7", "Digits": "hangup"}
    assert heard(**recorded) == Recorded(url=url, sid="RE0af", duration_s=7, ended_by="hangup")
    assert heard(**recorded, RecordingSid="RE9") == Recorded(url=url, sid="RE9", duration_s=7, ended_by="hangup")
    assert heard(RecordingUrl=url, Digits="#") == Recorded(url=url, sid="RE0af", duration_s=0, ended_by="#")


def test_the_way_out_of_an_unanswered_question_is_silence_whatever_else_it_carries() -> None:
    target = unanswered("/voice/calls/k7/turns/1")
    assert heard(target) == Silence()
    assert heard(target, Digits="5") == Silence()
    marked = HttpRequest(method="GET", target=target + "&" + urlencode(INCOMING), headers={}, form={})
    assert parse_call(marked).heard == Silence()


@pytest.mark.parametrize(
    ("target", "marked"),
    [
        ("/t?heard=nothing", True),
        ("/t?a=1&heard=nothing", True),
        ("/t?heard=nothing#rc=2", True),
        ("/t?heard=something", False),
        ("/t?unheard=nothing", False),
        ("/heard=nothing", False),
        ("/t#?heard=nothing", False),
    ],
)
def test_the_mark_is_read_from_the_query_alone(target: str, marked: bool) -> None:
    assert is_unanswered(target) is marked


def test_a_form_field_cannot_make_an_answer_look_unanswered() -> None:
    assert heard(heard="nothing", Digits="1") == Digits(digits="1")


def test_a_status_callback_with_everything() -> None:
    event = parse_call(
        post(
            "/voice/status",
            CallStatus="no-answer",
            Direction="outbound-api",
            CallDuration="0",
            SequenceNumber="3",
            SipResponseCode="487",
            Timestamp="Fri, 17 Mar 2023 11:28:31 +0000",
            CallbackSource="call-progress-events",
            RecordingUrl="https://api.twilio.com/x/Recordings/RE1",
        )
    )
    assert (event.status, event.direction, event.heard) == (CallStatus.NO_ANSWER, Direction.OUTBOUND, Nothing())
    assert (event.sequence_number, event.duration_s, event.sip_code) == (3, 0, 487)
    assert event.occurred_at == datetime(2023, 3, 17, 11, 28, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("timestamp", "wanted"),
    [
        ("Fri, 17 Mar 2023 12:28:31 +0100", datetime(2023, 3, 17, 11, 28, 31, tzinfo=UTC)),
        ("2023-03-17T11:28:31Z", datetime(2023, 3, 17, 11, 28, 31, tzinfo=UTC)),
        ("", None),
        ("yesterday", None),
        ("Fri, 99 Mar 2023 11:28:31 +0000", None),
        ("Fri, 17 Mar 99999 11:28:31 +0000", None),
    ],
)
def test_timestamps_are_utc_or_absent(timestamp: str, wanted: datetime | None) -> None:
    assert parse_call(post(Timestamp=timestamp)).occurred_at == wanted


def test_a_machine_detection_verdict_has_no_call_status() -> None:
    form = {"CallSid": [SID], "AccountSid": ["AC1"], "AnsweredBy": ["machine_end_beep"]}
    event = parse_call(HttpRequest(method="POST", target="/amd", headers={}, form=form))
    assert (event.answered_by, event.status) == (AnsweredBy.MACHINE_END_BEEP, CallStatus.IN_PROGRESS)
    assert parse_call(post(AnsweredBy="martian")).answered_by is AnsweredBy.UNKNOWN


def test_a_retry_and_a_fallback_request_are_known_as_such() -> None:
    event = parse_call(post("/voice/fallback", {"i-twilio-idempotency-token": "tok-1"}, ErrorCode="11200"))
    assert (event.idempotency_token, event.error_code) == ("tok-1", "11200")


@pytest.mark.parametrize("sid", ["", "CA 1", "CA1\nforged log line", "../../etc/passwd", "x" * 65, "包"])
def test_a_webhook_that_names_no_call_is_refused_in_words(sid: str) -> None:
    with pytest.raises(ProviderError, match=r"names no call"):
        parse_call(post(CallSid=sid))


def test_what_cannot_be_stored_is_taken_out_and_the_rest_stays_inert() -> None:
    hostile = "O'Brien & <Co> ${{7*7}} =1+1 \x00\x1b\ud800 " + "x" * 4_096
    values = parse_call(post(SpeechResult=hostile)).raw
    assert values["SpeechResult"] == "O'Brien & <Co> ${{7*7}} =1+1  " + "x" * 4_096


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*INCOMING, "Digits", "SpeechResult", "Confidence", "SequenceNumber", "CallDuration", "x"]),
        st.lists(st.text(st.characters(), max_size=40), max_size=3),
    )
)
def test_any_form_is_an_event_or_a_provider_error(form: dict[str, list[str]]) -> None:
    for parse in (parse_call, parse_recording, parse_message):
        try:
            parse(HttpRequest(method="POST", target="/x", headers={}, form=form))
        except ProviderError:
            continue


def test_bytes_that_are_not_utf_8_are_replaced_in_a_query() -> None:
    asked = HttpRequest(method="GET", target=f"/v?CallSid={SID}&Body=%ff%fe", headers={}, form={})
    assert parameters_of(asked)["Body"] == "��"


def test_a_recording_status_callback() -> None:
    event = parse_recording(
        post(
            RecordingSid="RE1",
            RecordingUrl="https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1",
            RecordingStatus="completed",
            RecordingDuration="12",
            RecordingStartTime="Fri, 17 Mar 2023 11:28:31 +0000",
            ErrorCode="0",
        )
    )
    assert (event.call_sid, event.recording_sid, event.status, event.duration_s) == (SID, "RE1", "completed", 12)
    assert event.started_at == datetime(2023, 3, 17, 11, 28, 31, tzinfo=UTC)
    assert event.error_code == ""
    absent = parse_recording(post(RecordingSid="RE2", RecordingStatus="absent", RecordingDuration="-1"))
    assert (absent.status, absent.duration_s, absent.url) == ("absent", 0, "")
    with pytest.raises(ProviderError, match=r"names no recording"):
        parse_recording(post())


def test_a_message_and_its_status() -> None:
    came = parse_message(post(MessageSid="SM1", Body="STOP", SmsStatus="received"))
    assert (came.message_sid, came.from_number, came.body, came.status) == ("SM1", "+14155552671", "STOP", "received")
    went = parse_message(post(SmsSid="SM2", MessageStatus="undelivered", ErrorCode="30005"))
    assert (went.message_sid, went.status, went.error_code, went.body) == ("SM2", "undelivered", "30005", "")
    with pytest.raises(ProviderError, match=r"names no message"):
        parse_message(post())
