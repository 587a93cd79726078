"""Twilio's REST API when it refuses, is busy, breaks off or says nothing at all."""

from __future__ import annotations

import base64
import logging
import socket
import threading
from datetime import UTC, datetime

import pytest
from scripted_twilio import Peer, Reply, error, resource, serving

from telephony.calls import CallStatus
from telephony.errors import OptedOutError, OutcomeUnknownError
from telephony.provider import DetectionMode, MachineDetection, PlacedCall, ProviderError
from telephony.twilio.client import RestClient
from telephony.twilio.errors import REFUSALS
from telephony.twilio.http import rehosted
from telephony.twilio.provider import TwilioProvider

ACCOUNT = "AC" + "0" * 32
CALL = "CA" + "1" * 32
CREATED = resource(
    201,
    sid=CALL,
    status="queued",
    to="+14155552671",
    date_created="Fri, 17 Mar 2023 11:28:31 +0000",
    duration=None,
    **{"from": "+12025550123"},
)
BUSY = error(429, 20429, "Too Many Requests")


def provider(peer: Peer, waits: list[float] | None = None, **options: object) -> TwilioProvider:
    """A provider that talks to the peer; its waits are noted and not waited."""
    noted: list[float] = [] if waits is None else waits
    settings = {"sleep": noted.append, "chance": lambda: 0.5, **options}
    return TwilioProvider(ACCOUNT, "secret token", "https://desk.example", peer.url, **settings)  # type: ignore[arg-type]


def place(twilio: TwilioProvider, machine_detection: MachineDetection | None = None) -> PlacedCall:
    return twilio.place_call(
        to="+14155552671",
        from_="+12025550123",
        answer_url="https://desk.example/voice/incoming",
        status_url="https://desk.example/voice/status",
        timeout_s=25,
        machine_detection=machine_detection,
    )


def test_a_call_is_asked_for_with_all_four_status_events() -> None:
    with serving(CREATED) as peer:
        placed = place(provider(peer))
    asked = peer.asked[0]
    assert (asked.method, asked.target) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json")
    assert asked.form["StatusCallbackEvent"] == ["ringing", "answered", "completed"]
    assert (asked.form["Timeout"], asked.form["Method"]) == (["25"], ["POST"])
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(f"{ACCOUNT}:secret token".encode()).decode()
    assert placed == PlacedCall(
        call_sid=CALL,
        status=CallStatus.QUEUED,
        from_number="+12025550123",
        to_number="+14155552671",
        created_at=datetime(2023, 3, 17, 11, 28, 31, tzinfo=UTC),
    )


def test_a_busy_twilio_is_asked_again_after_longer_and_longer_waits() -> None:
    waits: list[float] = []
    with serving(BUSY, BUSY, BUSY, CREATED) as peer:
        assert provider(peer, waits).fetch_call(CALL).call_sid == CALL
    assert len(peer.asked) == 4
    assert waits == [0.375, 0.75, 1.5]


def test_a_call_that_is_refused_for_haste_is_left_to_whoever_paces_the_calls() -> None:
    waits: list[float] = []
    with serving(BUSY, CREATED) as peer, pytest.raises(ProviderError, match=r"too often") as caught:
        place(provider(peer, waits))
    assert (len(peer.asked), waits) == (1, [])
    assert caught.value.retryable


def test_machine_detection_is_asked_for_beside_the_call() -> None:
    detection = MachineDetection(
        mode=DetectionMode.DETECT_MESSAGE_END, callback_url="https://desk.example/voice/calls/k/answered-by"
    )
    with serving(CREATED) as peer:
        place(provider(peer), machine_detection=detection)
    form = peer.asked[0].form
    assert (form["MachineDetection"], form["AsyncAmd"]) == (["DetectMessageEnd"], ["true"])
    assert form["AsyncAmdStatusCallback"] == ["https://desk.example/voice/calls/k/answered-by"]
    assert form["MachineDetectionTimeout"] == ["30"]


def test_a_twilio_that_stays_busy_ends_in_an_error_that_may_be_retried() -> None:
    with serving(BUSY) as peer, pytest.raises(ProviderError, match=r"too often") as caught:
        provider(peer, tries=3).fetch_call(CALL)
    assert len(peer.asked) == 3
    assert (caught.value.code, caught.value.retryable) == (20429, True)


@pytest.mark.parametrize(
    "reply", [error(500, 20500), error(503, 20503), Reply(status=502, body=b"<html>"), Reply(cut=True)]
)
def test_a_create_whose_outcome_is_unknown_is_sent_once_only_and_says_so(reply: Reply) -> None:
    with serving(reply) as peer:
        with pytest.raises(OutcomeUnknownError) as of_call:
            place(provider(peer))
        with pytest.raises(OutcomeUnknownError) as of_message:
            provider(peer).send_message(to="+14155552671", from_="+12025550123", body="Hello")
    assert len(peer.asked) == 2
    assert not of_call.value.retryable
    assert not of_message.value.retryable


def test_a_create_that_is_answered_too_late_is_an_unknown_outcome() -> None:
    release = threading.Event()
    with serving(CREATED) as peer:
        peer.before_reply = lambda: release.wait(10)
        with pytest.raises(OutcomeUnknownError):
            place(provider(peer, timeout_s=0.2))
        release.set()
    assert len(peer.asked) == 1


def test_an_answer_that_cannot_be_read_is_an_unknown_outcome() -> None:
    for reply in (
        Reply(status=201, body=b"<html>"),
        resource(201, sid=CALL, status="martian"),
        Reply(status=201, body=b"[]"),
    ):
        with serving(reply) as peer, pytest.raises(OutcomeUnknownError):
            place(provider(peer))


@pytest.mark.parametrize("reply", [error(500, 20500), error(503, None), Reply(cut=True), Reply(body=b"<html>")])
def test_a_question_without_a_good_answer_may_be_asked_again(reply: Reply) -> None:
    with serving(reply) as peer, pytest.raises(ProviderError) as caught:
        provider(peer).fetch_call(CALL)
    assert caught.value.retryable
    assert not isinstance(caught.value, OutcomeUnknownError)


def test_a_connection_that_never_came_about_did_nothing_and_may_be_retried() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(ProviderError, match=r"cannot be reached") as caught:
            place(TwilioProvider(ACCOUNT, "t", "https://desk.example", url))
    assert caught.value.retryable
    assert not isinstance(caught.value, OutcomeUnknownError)


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_each_known_code_is_a_sentence_of_ours(code: int) -> None:
    told = "The number +14155552671 is unverified"
    with serving(error(429 if code == 20429 else 400, code, told)) as peer, pytest.raises(ProviderError) as caught:
        provider(peer, tries=1).send_message(to="+14155552671", from_="+12025550123", body="Hello")
    assert (caught.value.code, caught.value.retryable) == (code, code in {20429, 21611, 22005})
    assert "4155552671" not in str(caught.value)
    assert isinstance(caught.value, OptedOutError) is (code == 21610)


def test_an_unknown_refusal_quotes_twilio_without_the_numbers_in_it() -> None:
    told = error(400, 99999, "Number +1 415 555 2671 is on the moon")
    with serving(told) as peer, pytest.raises(ProviderError, match=r"••• is on the moon") as caught:
        place(provider(peer))
    assert (caught.value.code, caught.value.retryable) == (99999, False)


@pytest.mark.parametrize("code", [None, 20003])
def test_wrong_credentials_are_named_as_such_also_by_lists(code: int | None) -> None:
    with serving(error(401, code, "Authenticate")) as peer:
        twilio = provider(peer)
        for ask in (lambda: place(twilio), lambda: list(twilio.number_configurations())):
            with pytest.raises(ProviderError, match=r"auth token") as caught:
                ask()
            assert (caught.value.code, caught.value.retryable) == (code, False)


def test_an_error_in_the_newer_form_is_understood() -> None:
    body = b'{"type": "about:blank", "title": "Too many", "status": 429, "code": 20429}'
    with serving(Reply(status=429, body=body)) as peer, pytest.raises(ProviderError) as caught:
        place(provider(peer, tries=1))
    assert (caught.value.code, caught.value.retryable) == (20429, True)


def test_hanging_up_on_a_call_that_has_ended_is_no_error() -> None:
    with serving(error(400, 21220, "Call is not in-progress")) as peer:
        provider(peer).update_call(CALL, hang_up=True)
        provider(peer).update_call(CALL, answer_url="https://desk.example/x")
    assert peer.asked[0].form == {"Status": ["completed"]}
    assert peer.asked[1].form == {"Url": ["https://desk.example/x"], "Method": ["POST"]}


def test_an_update_says_what_to_do() -> None:
    with serving(CREATED) as peer:
        for wrong in ({}, {"answer_url": "https://desk.example", "hang_up": True}):
            with pytest.raises(ProviderError, match=r"say which"):
                provider(peer).update_call(CALL, **wrong)  # type: ignore[arg-type]
    assert not peer.asked


@pytest.mark.parametrize(("body", "code"), [("", 21602), (" \n", 21602), ("x" * 1_601, 21617)])
def test_a_message_twilio_would_refuse_is_not_sent(body: str, code: int) -> None:
    with serving(CREATED) as peer, pytest.raises(ProviderError) as caught:
        provider(peer).send_message(to="+14155552671", from_="+12025550123", body=body)
    assert caught.value.code == code
    assert not peer.asked


def test_the_library_logs_no_number(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(CREATED, resource(incoming_phone_numbers=[])) as peer:
        place(provider(peer))
        with pytest.raises(ProviderError):
            provider(peer).configure_number("+12025550123", voice_url="", fallback_url="", status_url="")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("twilio", "telephony"))]
    assert not [line for line in ours if "2025550123" in line or "4155552671" in line]


def recordings_page(first: int, count: int, next_page: str | None) -> Reply:
    rows = [
        {
            "sid": f"RE{n}",
            "call_sid": CALL,
            "duration": "-1" if n == 0 else str(n),
            "date_created": f"Fri, 17 Mar 2023 11:28:{59 - n:02} +0000",
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE{n}.json",
        }
        for n in range(first, first + count)
    ]
    return resource(recordings=rows, next_page_uri=next_page, page_size=2)


def test_recordings_are_listed_over_all_pages_at_the_same_base_url() -> None:
    since = datetime(2023, 3, 17, 11, 28, 56, tzinfo=UTC)
    more = f"/2010-04-01/Accounts/{ACCOUNT}/Recordings.json?Page=1"
    with serving(recordings_page(0, 2, more), recordings_page(2, 3, None)) as peer:
        listed = list(provider(peer).list_recordings(since=since))
    assert [(found.recording_sid, found.duration_s) for found in listed] == [
        ("RE0", 0),
        ("RE1", 1),
        ("RE2", 2),
        ("RE3", 3),
    ]
    assert listed[0].url == f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE0"
    assert "DateCreated%3E=2023-03-17T11%3A28%3A56Z" in peer.asked[0].target
    assert peer.asked[1].target == more


LIVE = {
    "sid": "RE" + "1" * 32,
    "call_sid": CALL,
    "duration": None,
    "date_created": "Fri, 17 Mar 2023 11:28:59 +0000",
    "start_time": "Fri, 17 Mar 2023 11:28:58 +0000",
    "source": "StartCallRecordingAPI",
    "status": "in-progress",
    "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{CALL}/Recordings/{'RE' + '1' * 32}.json",
}


def test_a_call_is_recorded_whole_and_untrimmed() -> None:
    with serving(resource(201, **LIVE)) as peer:
        begun = provider(peer).start_recording(CALL, status_url="https://desk.example/voice/calls/k7/recorded")
    [asked] = peer.asked
    assert (asked.method, asked.target) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{CALL}/Recordings.json")
    assert asked.form == {
        "RecordingChannels": ["dual"],
        "RecordingTrack": ["both"],
        "Trim": ["do-not-trim"],
        "RecordingStatusCallback": ["https://desk.example/voice/calls/k7/recorded"],
        "RecordingStatusCallbackMethod": ["POST"],
        "RecordingStatusCallbackEvent": ["completed", "absent"],
    }
    assert begun.url == f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{LIVE['sid']}"
    assert begun.started_at == datetime(2023, 3, 17, 11, 28, 58, tzinfo=UTC)


def test_a_recording_whose_beginning_is_unknown_is_not_asked_for_twice() -> None:
    with serving(Reply(cut=True)) as peer, pytest.raises(OutcomeUnknownError):
        provider(peer).start_recording(CALL, status_url="")
    assert len(peer.asked) == 1
    with serving(error(400, 21220)) as peer, pytest.raises(ProviderError) as caught:
        provider(peer).start_recording(CALL, status_url="")
    assert caught.value.retryable


def test_a_listing_that_breaks_off_is_an_error_and_not_a_short_list() -> None:
    more = f"/2010-04-01/Accounts/{ACCOUNT}/Recordings.json?Page=1"
    with serving(recordings_page(0, 2, more), error(500, 20500)) as peer, pytest.raises(ProviderError) as caught:
        list(provider(peer).list_recordings(since=datetime(2023, 1, 1, tzinfo=UTC)))
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("fallback", "method"),
    [("https://files.example/sorry.xml", "GET"), ("https://desk.example/voice/fallback", "POST")],
)
def test_a_number_is_pointed_here(fallback: str, method: str) -> None:
    held = {"sid": "PN1", "phone_number": "+12025550123"}
    with serving(resource(incoming_phone_numbers=[held]), resource(**held)) as peer:
        provider(peer).configure_number(
            "+12025550123",
            voice_url="https://desk.example/voice/incoming",
            fallback_url=fallback,
            status_url="https://desk.example/voice/status",
        )
    assert peer.asked[1].target.endswith("/IncomingPhoneNumbers/PN1.json")
    assert peer.asked[1].form == {
        "VoiceUrl": ["https://desk.example/voice/incoming"],
        "VoiceMethod": ["POST"],
        "VoiceFallbackUrl": [fallback],
        "VoiceFallbackMethod": [method],
        "StatusCallback": ["https://desk.example/voice/status"],
        "StatusCallbackMethod": ["POST"],
    }


def test_twilios_clock_is_read_from_any_answer() -> None:
    with serving(Reply(status=404, headers={"Date": "Fri, 17 Mar 2023 11:28:31 GMT"})) as peer:
        told = RestClient(ACCOUNT, "t", base_url=peer.url).carrier_time()
    assert told == datetime(2023, 3, 17, 11, 28, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://api.twilio.com/2010-04-01/x.json?a=%20", "http://127.0.0.1:8081/2010-04-01/x.json?a=%20"),
        ("https://api.ie1.twilio.com/x", "http://127.0.0.1:8081/x"),
        ("https://twilio.com.evil.example/x", "https://twilio.com.evil.example/x"),
        ("https://eviltwilio.com/x", "https://eviltwilio.com/x"),
    ],
)
def test_only_twilios_own_hosts_are_replaced(url: str, wanted: str) -> None:
    assert rehosted(url, "http://127.0.0.1:8081") == wanted


RECORDING = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE1"


@pytest.mark.parametrize("url", [RECORDING, RECORDING + ".wav", RECORDING + ".json", RECORDING + ".mp3#x"])
def test_a_recording_is_fetched_as_wav_with_our_credentials(url: str) -> None:
    with serving(Reply(body=b"RIFF....WAVE")) as peer:
        assert provider(peer).fetch_recording(url) == b"RIFF....WAVE"
    assert peer.asked[0].target == f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE1.wav"
    assert peer.asked[0].headers["authorization"].startswith("Basic ")


def test_credentials_do_not_follow_a_redirect_to_another_host() -> None:
    with serving(Reply(body=b"RIFF")) as media:
        with serving(Reply(status=302, headers={"Location": media.url + "/media/RE1.wav?Signature=x"})) as peer:
            assert provider(peer).fetch_recording(RECORDING) == b"RIFF"
        assert "authorization" in peer.asked[0].headers
    assert media.asked[0].target == "/media/RE1.wav?Signature=x"
    assert "authorization" not in media.asked[0].headers


def test_a_redirect_in_a_circle_ends() -> None:
    with (
        serving(Reply(status=302, headers={"Location": "/again"})) as peer,
        pytest.raises(ProviderError, match=r"circle"),
    ):
        provider(peer).fetch_recording(RECORDING)
    assert len(peer.asked) == 6


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/2010-04-01/Accounts/AC/Recordings/RE1",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "",
    ],
)
def test_nothing_is_fetched_from_a_host_that_is_not_twilios(url: str) -> None:
    with serving(Reply()) as peer, pytest.raises(ProviderError, match=r"not at Twilio") as caught:
        provider(peer).fetch_recording(url)
    assert not peer.asked
    assert not caught.value.retryable


@pytest.mark.parametrize(
    ("reply", "retryable"),
    [
        (error(404, 20404), True),
        (error(401, 20003), False),
        (error(403, 20006), False),
        (error(410, None), False),
        (error(500, None), True),
        (BUSY, True),
        (Reply(cut=True), True),
        (Reply(body=b"RIFF", headers={"Content-Length": "9"}), True),
    ],
)
def test_a_recording_that_cannot_be_had_says_whether_to_try_again(reply: Reply, retryable: bool) -> None:
    with serving(reply) as peer, pytest.raises(ProviderError) as caught:
        provider(peer, timeout_s=0.5).fetch_recording(RECORDING)
    assert caught.value.retryable is retryable


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "999999999"}])
def test_a_recording_that_is_too_large_is_given_up(headers: dict[str, str]) -> None:
    with serving(Reply(body=b"x" * 5_000, headers=headers)) as peer:
        twilio = provider(peer, max_recording_bytes=4_999)
        with pytest.raises(ProviderError, match=r"larger than 4,999 bytes") as caught:
            twilio.fetch_recording(RECORDING)
    assert not caught.value.retryable
