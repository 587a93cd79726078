"""Trouble on request: what the app lives through when the network or the app itself misbehaves."""

import time

import pytest
import requests
from carrier_app import ACCOUNT, CALLER, NUMBER, TOKEN
from flask import Response
from twilio.base.exceptions import TwilioRestException

EVENTS = ["initiated", "ringing", "answered", "completed"]
PERSON = "+8613900000009"


@pytest.fixture
def outbound(client, app, net):
    net.add_number(NUMBER)
    url, status = app.page("/hello", "<Say>Hello</Say>"), app.page("/status", "")

    def create(**more):
        return client.calls.create(
            to=PERSON, from_=NUMBER, url=url, status_callback=status, status_callback_event=EVENTS, **more
        )

    return create


def statuses(app):
    return [form["CallStatus"] for form in app.of("/status")]


def test_shuffled_callbacks_come_the_wrong_way_round_with_their_own_numbers(outbound, app, net):
    net.fault("callback_shuffle")
    outbound()
    net.settle()
    assert statuses(app) == ["completed", "in-progress", "ringing", "initiated"]
    assert [form["SequenceNumber"] for form in app.of("/status")] == ["3", "2", "1", "0"]


def test_a_duplicated_callback_comes_twice_with_the_same_token(outbound, app, net):
    net.fault("callback_duplicate", events=["answered"])
    outbound()
    net.settle()
    assert statuses(app) == ["initiated", "ringing", "in-progress", "in-progress", "completed"]
    answered = [
        token
        for (path, token), status in zip(
            [pair for pair in app.tokens if pair[0] == "/status"], statuses(app), strict=True
        )
        if status == "in-progress"
    ]
    assert answered[0] == answered[1]


def test_a_late_callback_arrives_after_the_end(outbound, app, net):
    net.fault("callback_late", events=["ringing"], seconds=300)
    outbound()
    net.settle()
    assert statuses(app) == ["initiated", "in-progress", "completed", "ringing"]


def test_a_dropped_callback_never_arrives(outbound, app, net):
    net.fault("callback_drop", events=["completed"], times=1)
    outbound()
    outbound()
    net.settle()
    assert statuses(app).count("completed") == 1


@pytest.mark.parametrize("together", [True, False])
def test_a_duplicated_webhook_brings_the_same_question_twice_and_one_answer_counts(app, dial, net, together):
    net.fault("webhook_duplicate", url_contains="/answer", together=together)
    app.page("/answer", "<Say>Thanks</Say>")
    phone = dial('<Gather numDigits="1" action="/answer"/>')
    phone.press("1")
    phone.hear("thanks")
    phone.wait_for_end()
    net.settle()
    assert phone.transcript == ["Thanks"]
    tokens = [token for path, token in app.tokens if path == "/answer"]
    assert len(tokens) == 2
    assert tokens[0] == tokens[1]


def test_a_slow_app_is_given_up_after_fifteen_seconds_although_it_did_its_work(app, dial, net):
    net.fault("webhook_slow", url_contains="/voice", seconds=20)
    app.page("/fallback", "<Say>One moment please</Say>")
    phone = dial("<Say>Too late</Say>", fallback_url=app.url + "/fallback")
    phone.hear("one moment")
    assert "Too late" not in phone.transcript
    (form,) = app.of("/fallback")
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", app.url + "/voice")
    assert len(app.of("/voice")) == 1
    assert phone.of_kind("say")[0]["t"] == pytest.approx(15.0)


def test_a_somewhat_slow_app_is_waited_for(app, dial, net):
    net.fault("webhook_slow", seconds=9)
    phone = dial("<Say>Here I am</Say>")
    phone.hear("here i am")
    assert phone.of_kind("say")[0]["t"] == pytest.approx(9.0)


def test_a_really_slow_app_is_given_up_by_the_clock_on_the_wall(app, dial):
    def sleepy(form):
        time.sleep(0.6)
        return "<Say>Too late</Say>"

    app.page("/slow", sleepy)
    app.page("/fallback", "<Say>Instead</Say>")
    phone = dial("<Redirect>/slow#tt=200</Redirect>", fallback_url=app.url + "/fallback")
    phone.hear("instead")
    assert app.of("/fallback")[0]["ErrorCode"] == "11200"
    time.sleep(0.6)


def test_an_app_that_fails_without_fallback_is_apologised_for(dial):
    phone = dial(Response("oops", status=500))
    phone.hear("application error")
    end = phone.wait_for_end()
    assert (end["by"], end["reason"]) == ("carrier", "application error")
    assert phone.notifications == [11200]


def test_a_fallback_that_fails_too_is_asked_once(app, dial):
    app.page("/fallback", Response("oops", status=500))
    phone = dial(Response("oops", status=500), fallback_url=app.url + "/fallback")
    phone.hear("application error")
    phone.wait_for_end()
    assert len(app.of("/fallback")) == 1


def test_an_app_that_is_down_is_tried_again_with_the_same_token(net):
    net.add_number(NUMBER, voice_url="http://127.0.0.1:9/voice#rc=2&rp=ct")
    phone = net.call(to=NUMBER)
    phone.hear("application error")
    sent = net.requests.of_call(phone.call_sid)
    assert [request.attempt for request in sent] == [0, 1, 2]
    assert len({request.headers["I-Twilio-Idempotency-Token"] for request in sent}) == 1
    assert phone.notifications == [11205]


def test_a_failed_status_is_tried_again_only_when_the_fragment_says_so(app, net):
    answers = iter([Response("no", status=503), "<Say>Second time lucky</Say>"])
    url = app.page("/flaky", lambda form: next(answers))
    net.add_number(NUMBER, voice_url=url + "#rc=1&rp=5xx")
    net.call(to=NUMBER).hear("second time lucky")
    assert [pair[0] for pair in app.tokens] == ["/flaky", "/flaky"]
    assert app.tokens[0] == app.tokens[1]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response("<Response><Say>Fish & chips</Say></Response>", content_type="text/xml"), 12100),
        (
            Response('<!DOCTYPE x [<!ENTITY a "aaaa">]><Response><Say>&a;</Say></Response>', content_type="text/xml"),
            12100,
        ),
        (Response("<Answer/>", content_type="text/xml"), 12100),
        (Response("", content_type="text/xml"), 11770),
        (Response("{}", content_type="application/json"), 12300),
        (Response("<Response>" + " " * 70_000 + "</Response>", content_type="text/xml"), 11750),
    ],
    ids=["unescaped", "doctype", "wrong-root", "empty", "json", "too-large"],
)
def test_a_document_that_cannot_be_run_is_named_by_its_code(dial, answer, code):
    phone = dial(answer)
    phone.hear("application error")
    assert phone.notifications == [code]


def test_a_callback_that_the_app_refuses_is_noted(app, dial, net):
    phone = dial("<Say>Hi</Say>", status_callback=app.page("/status", Response("no", status=500)))
    phone.wait_for_end()
    net.settle()
    assert [entry.code for entry in net.notifications] == [15003]


def test_unknown_parameters_can_be_added_and_are_signed(app, dial, net):
    net.fault("extra_parameters", params={"Zukunft": "ja & <nein>"})
    dial("<Say>Hi</Say>").hear("hi")
    assert app.of("/voice")[0]["Zukunft"] == "ja & <nein>"


def test_rest_refuses_with_429_as_often_as_asked(outbound, net):
    net.fault("rest_status", status=429, times=2, method="POST")
    for _ in range(2):
        with pytest.raises(TwilioRestException) as caught:
            outbound()
        assert (caught.value.status, caught.value.code) == (429, 20429)
    assert outbound().status == "queued"
    assert len(net.calls) == 1


def test_a_create_can_be_done_without_its_answer_arriving(outbound, client, net):
    net.fault("rest_accept_then_timeout", times=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        outbound()
    net.settle()
    assert [call.status for call in client.calls.list(to=PERSON)] == ["completed"]


def test_a_callee_can_be_made_busy_for_one_call(outbound, client, net):
    net.fault("callee", outcome="busy", times=1, to=PERSON)
    first, second = outbound(), outbound()
    net.settle()
    assert [client.calls(made.sid).fetch().status for made in (first, second)] == ["busy", "completed"]


def test_media_may_be_late(app, dial, net):
    net.fault("media_late", seconds=30)
    app.page("/kept", "<Pause length='60'/>")
    phone = dial('<Record action="/kept"/>')
    phone.say("hello there")
    phone.wait(10)
    url = app.of("/kept")[0]["RecordingUrl"]
    assert requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 404
    phone.wait(30)
    assert requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 200


def test_a_recorded_call_can_be_delivered_again_from_the_log(app, dial, net):
    phone = dial("<Gather numDigits='1' action='/answer'/>")
    app.page("/answer", "<Say>Thanks</Say>")
    phone.press("3")
    phone.wait_for_end()
    before = len(app.forms)
    for sent in reversed(net.requests.of_call(phone.call_sid)):
        requests.request(sent.method, sent.url, data=list(sent.params), headers=sent.headers, timeout=5)
    assert [form for _, form in app.forms[before:]] == [form for _, form in app.forms[:before]][::-1]
    assert app.unsigned == []


def test_an_unknown_fault_is_refused(net):
    with pytest.raises(ValueError, match="kind"):
        net.fault("everything_explodes")
    answer = requests.post(net.base_url + "/faults", json={"kind": "callee", "colour": "red"}, timeout=5)
    assert answer.status_code == 422
    assert "colour" in answer.json()["error"]


def test_faults_have_a_scope(dial, net):
    net.fault("webhook_status", status=500, **{"from": "+8613800000000"})
    dial("<Say>Not meant for you</Say>").hear("not meant")
    assert next(iter(net.faults)).matches(None, "", None, None) is False
    assert CALLER not in str(next(iter(net.faults)))
