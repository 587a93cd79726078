"""The official client against the carrier."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from carrier_app import ACCOUNT, CALLER, NUMBER, TOKEN, SimulatedHost
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

PERSON = "+8613900000009"


@pytest.fixture
def ours(net):
    return net.add_number(NUMBER)


def refused(call, *codes):
    with pytest.raises(TwilioRestException) as caught:
        call()
    assert caught.value.code in codes
    return caught.value


def test_the_official_client_places_a_call_that_runs_a_document(client, app, net, ours):
    made = client.calls.create(
        to=PERSON,
        from_=NUMBER,
        url=app.page("/hello", "<Say>Hello there</Say>"),
        status_callback=app.page("/status", ""),
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert (made.status, made.direction, made.queue_time) == ("queued", "outbound-api", "0")
    net.settle()
    fetched = client.calls(made.sid).fetch()
    assert (fetched.status, fetched.to, fetched._from) == ("completed", PERSON, NUMBER)
    assert fetched.start_time <= fetched.end_time
    assert int(fetched.duration) >= 1
    assert app.of("/hello")[0]["CallStatus"] == "in-progress"
    forms = app.of("/status")
    assert [form["CallStatus"] for form in forms] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in forms] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("behaviour", "status", "sip"),
    [
        ("busy", "busy", "486"),
        ("no-answer", "no-answer", "487"),
        ("unreachable", "failed", "404"),
        ("rejects", "busy", "603"),
    ],
)
def test_every_way_of_not_answering_arrives_as_the_completed_event(client, app, net, ours, behaviour, status, sip):
    net.people.set(PERSON, behaviour)
    url = app.page("/hello", "<Say>Hello</Say>")
    client.calls.create(to=PERSON, from_=NUMBER, url=url, status_callback=app.page("/status", ""), timeout=20)
    net.settle()
    (form,) = app.of("/status")
    assert (form["CallStatus"], form["SipResponseCode"], form["CallDuration"]) == (status, sip, "0")
    assert app.of("/hello") == []


def test_a_call_is_redirected_while_it_goes_on(client, app, net, dial):
    phone = dial("<Gather timeout='60'><Say>Wait for it</Say></Gather>")
    phone.hear("wait for it")
    client.calls(phone.call_sid).update(twiml="<Response><Say>New words</Say></Response>")
    phone.hear("new words")


def test_a_call_is_completed_and_then_cannot_be_changed(client, dial):
    phone = dial("<Pause length='600'/>")
    phone.wait(1)
    client.calls(phone.call_sid).update(status="completed")
    assert phone.wait_for_end()["by"] == "app"
    error = refused(lambda: client.calls(phone.call_sid).update(status="completed"), 21220)
    assert error.status == 400


def test_a_ringing_call_is_canceled(client, app, net, ours):
    net.people.set(PERSON, "attended")
    made = client.calls.create(to=PERSON, from_=NUMBER, url=app.page("/hello", ""))
    phone = net.next_ring(PERSON)
    client.calls(made.sid).update(status="canceled")
    phone.wait_for_end()
    assert client.calls(made.sid).fetch().status == "canceled"


def test_calls_are_listed_newest_first_page_by_page_and_filtered(client, net, ours):
    for number in range(7):
        client.calls.create(to=f"+861390000010{number}", from_=NUMBER, twiml="<Response/>")
    net.settle()
    listed = client.calls.list(page_size=3)
    assert [call.to[-1] for call in listed] == ["6", "5", "4", "3", "2", "1", "0"]
    assert [call.to for call in client.calls.list(to="+8613900000104")] == ["+8613900000104"]
    assert client.calls.list(status="busy") == []
    hour = timedelta(hours=1)
    assert len(client.calls.list(start_time_after=datetime.now(UTC) - hour)) == 7
    assert client.calls.list(start_time_before=datetime.now(UTC) - hour) == []


def test_what_twilio_refuses_to_call_is_refused_with_its_code(client, ours):
    create = client.calls.create
    twiml = "<Response/>"
    refused(lambda: create(to="", from_=NUMBER, twiml=twiml), 21201)
    refused(lambda: create(to="12", from_=NUMBER, twiml=twiml), 21211)
    refused(lambda: create(to=PERSON, from_="nobody", twiml=twiml), 21212)
    refused(lambda: create(to=PERSON, from_="+862155550177", twiml=twiml), 21210)
    refused(lambda: create(to=PERSON, from_=NUMBER), 21205)
    refused(lambda: create(to=PERSON, from_=NUMBER, url="/relative"), 21205)
    refused(lambda: create(to=PERSON, from_=NUMBER, twiml="<Response>" + "x" * 4000), 32018)
    refused(lambda: create(to=PERSON, from_=NUMBER, twiml=twiml, machine_detection="Perhaps"), 21234)
    refused(lambda: client.calls("CA" + "0" * 32).fetch(), 20404)
    assert client.calls.list() == []


def test_the_wrong_token_opens_nothing(net):
    stranger = Client(ACCOUNT, "wrong", http_client=SimulatedHost(net.base_url))
    error = refused(lambda: stranger.calls("CA" + "0" * 32).fetch(), 20003)
    assert error.status == 401
    assert requests.get(f"{net.base_url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json", timeout=5).status_code == 401


def test_a_relative_action_in_twiml_given_to_rest_has_nowhere_to_go(client, net, ours):
    made = client.calls.create(
        to=PERSON, from_=NUMBER, twiml='<Response><Gather action="/x" timeout="1"/><Redirect>/y</Redirect></Response>'
    )
    net.settle()
    assert [entry.code for entry in net.notifications] == [11100]
    assert client.calls(made.sid).fetch().status == "completed"


def test_numbers_are_listed_changed_bought_and_given_back(client, net, ours):
    (number,) = client.incoming_phone_numbers.list(phone_number=NUMBER)
    changed = number.update(voice_url="https://example.com/voice", status_callback="https://example.com/status")
    assert (changed.voice_url, changed.voice_method, changed.capabilities["sms"]) == (
        "https://example.com/voice",
        "POST",
        True,
    )
    bought = client.incoming_phone_numbers.create(phone_number="+862155550188", friendly_name="Second")
    assert {one.friendly_name for one in client.incoming_phone_numbers.list()} == {NUMBER, "Second"}
    assert bought.delete()
    refused(lambda: client.incoming_phone_numbers(bought.sid).fetch(), 20404)
    refused(lambda: number.update(voice_url="not a url"), 21402)


def test_recordings_are_listed_fetched_and_deleted(client, app, dial, net):
    phone = dial("<Record/>")
    phone.say("a short message")
    phone.hangup()
    net.settle()
    (recording,) = client.calls(phone.call_sid).recordings.list()
    assert (recording.source, recording.status, recording.channels) == ("RecordVerb", "completed", 1)
    assert [one.sid for one in client.recordings.list(call_sid=phone.call_sid)] == [recording.sid]
    assert client.recordings(recording.sid).fetch().media_url.startswith(net.base_url)
    assert client.recordings(recording.sid).delete()
    assert client.recordings.list() == []


def test_notifications_are_listed_for_a_call(client, app, dial):
    phone = dial("<Dance/>")
    phone.wait_for_end()
    (entry,) = client.calls(phone.call_sid).notifications.list()
    assert (entry.error_code, entry.log) == ("12200", "1")
    assert "Dance" in client.api.v2010.account.notifications(entry.sid).fetch().message_text


def test_a_message_goes_its_way_and_reports_each_state(client, app, net, ours):
    made = client.messages.create(to=PERSON, from_=NUMBER, body="您好 " * 30, status_callback=app.page("/sms", ""))
    assert (made.status, made.num_segments) == ("queued", "2")
    net.settle()
    assert client.messages(made.sid).fetch().status == "delivered"
    assert [form["MessageStatus"] for form in app.of("/sms")] == ["sent", "delivered"]


def test_a_message_that_cannot_be_sent_is_refused_with_twilios_code(client, net, ours):
    create = client.messages.create
    refused(lambda: create(to="12", from_=NUMBER, body="x"), 21211)
    refused(lambda: create(to="+862161234567", from_=NUMBER, body="x"), 21614)
    refused(lambda: create(to=PERSON, from_="+862155550177", body="x"), 21606)
    refused(lambda: create(to=PERSON, from_=NUMBER), 21602)
    refused(lambda: create(to=PERSON, from_=NUMBER, body="x" * 1601), 21617)


def test_who_said_stop_gets_no_more_messages_until_start(client, app, net):
    net.add_number(NUMBER, sms_url=app.page("/inbound", ""))
    net.text(to=NUMBER, from_=PERSON, body=" stop ")
    net.settle()
    assert (app.of("/inbound")[0]["Body"], app.of("/inbound")[0]["OptOutType"]) == (" stop ", "STOP")
    refused(lambda: client.messages.create(to=PERSON, from_=NUMBER, body="x"), 21610)
    net.text(to=NUMBER, from_=PERSON, body="START")
    assert client.messages.create(to=PERSON, from_=NUMBER, body="x").status == "queued"


def test_an_unreachable_handset_leaves_the_message_undelivered(client, net, ours):
    net.people.set(PERSON, "unreachable")
    made = client.messages.create(to=PERSON, from_=NUMBER, body="x")
    net.settle()
    message = client.messages(made.sid).fetch()
    assert (message.status, message.error_code) == ("undelivered", 30003)


@pytest.mark.parametrize(
    ("mode", "behaviour", "answered_by"),
    [
        ("Enable", "answers", "human"),
        ("Enable", "machine", "machine_start"),
        ("DetectMessageEnd", "machine", "machine_end_beep"),
    ],
)
def test_machine_detection_holds_the_call_until_it_knows(client, app, net, ours, mode, behaviour, answered_by):
    net.people.set(PERSON, behaviour)
    url = app.page("/hello", "<Say>Hello</Say>")
    made = client.calls.create(to=PERSON, from_=NUMBER, url=url, machine_detection=mode)
    net.settle()
    assert app.of("/hello")[0]["AnsweredBy"] == answered_by
    assert client.calls(made.sid).fetch().answered_by == answered_by


def test_asynchronous_machine_detection_connects_at_once_and_tells_later(client, app, net, ours):
    net.people.set(PERSON, "machine")
    client.calls.create(
        to=PERSON,
        from_=NUMBER,
        url=app.page("/hello", "<Pause length='30'/>"),
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=app.page("/amd", ""),
    )
    net.settle()
    assert "AnsweredBy" not in app.of("/hello")[0]
    assert app.of("/amd")[0]["AnsweredBy"] == "machine_end_beep"
    assert int(app.of("/amd")[0]["MachineDetectionDuration"]) > 3000


def test_paced_creates_wait_for_their_turn(tmp_path):
    from simulator import SimulatedNetwork

    with SimulatedNetwork(ACCOUNT, TOKEN, data_dir=tmp_path, calls_per_second=1) as paced:
        paced.add_number(NUMBER)
        client = Client(ACCOUNT, TOKEN, http_client=SimulatedHost(paced.base_url))
        made = [client.calls.create(to=PERSON, from_=NUMBER, twiml="<Response/>") for _ in range(3)]
        assert int(made[0].queue_time) == 0
        paced.settle()
        assert {call.status for call in paced.calls} == {"completed"}


def test_a_restart_keeps_numbers_recordings_and_the_list_of_calls(tmp_path, app):
    from simulator import SimulatedNetwork

    with SimulatedNetwork(ACCOUNT, TOKEN, data_dir=tmp_path) as first:
        first.add_number(NUMBER, voice_url=app.page("/voice", "<Record/>"))
        phone = first.call(to=NUMBER, from_=CALLER)
        phone.say("remember me")
        phone.hangup()
        first.settle()
        cut_off = first.call(to=NUMBER, from_=CALLER)
        cut_off.wait(1)
    with SimulatedNetwork(ACCOUNT, TOKEN, data_dir=tmp_path) as second:
        client = Client(ACCOUNT, TOKEN, http_client=SimulatedHost(second.base_url))
        assert client.incoming_phone_numbers.list()[0].voice_url == app.url + "/voice"
        assert client.recordings.list()[0].call_sid == phone.call_sid
        assert {call.sid: call.status for call in client.calls.list()} == {
            phone.call_sid: "completed",
            cut_off.call_sid: "completed",
        }


def test_an_app_answers_a_text_message_with_twiml(app, net):
    net.add_number(NUMBER, sms_url=app.page("/inbound", "<Message>Your ticket is open</Message>"))
    net.text(to=NUMBER, from_=PERSON, body="STATUS")
    net.settle()
    inbound, reply = net.carrier.messages
    assert (reply.to, reply.body, reply.direction) == (PERSON, "Your ticket is open", "outbound-reply")
    assert inbound.status == "received"
