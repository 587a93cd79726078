"""A person calls: what the app is asked, and what the person hears."""

from datetime import UTC, datetime, timedelta

import requests
from carrier_app import ACCOUNT, CALLER, NUMBER, TOKEN, XML
from flask import Response

from simulator import SimulatedNetwork


def test_a_call_is_announced_with_all_of_twilios_parameters(app, dial):
    phone = dial("<Say>Welcome</Say><Hangup/>")
    end = phone.wait_for_end()
    form = app.of("/voice")[0]
    assert (form["CallSid"], form["AccountSid"]) == (phone.call_sid, ACCOUNT)
    assert (form["From"], form["To"]) == (form["Caller"], form["Called"]) == (CALLER, NUMBER)
    assert (form["CallStatus"], form["Direction"], form["ApiVersion"]) == ("ringing", "inbound", "2010-04-01")
    assert (form["FromCity"], form["CalledZip"], form["FromCountry"]) == ("", "", "CN")
    assert (end["by"], end["reason"], end["status"]) == ("app", "hangup", "completed")


def test_what_is_said_is_heard_with_speech_marks_taken_off(dial):
    phone = dial(
        '<Say language="en-GB">Your code is <say-as interpret-as="digits">12</say-as>, <sub alias="parcel"'
        '>pcl</sub>.<break time="2s"/></Say>'
    )
    assert phone.hear("code is 12, parcel.") == "Your code is 12, parcel."
    heard = phone.of_kind("say")[0]
    assert heard["language"] == "en-GB"
    assert heard["duration_s"] > 2


def test_chinese_takes_longer_to_say_than_as_many_latin_letters(dial):
    phone = dial('<Say language="zh-CN">您的包裹已经到站</Say><Say>abcdefgh</Say>')
    phone.wait_for_end()
    chinese, latin = phone.of_kind("say")
    assert chinese["duration_s"] > 2 * latin["duration_s"]


def test_a_document_without_verbs_left_hangs_up(dial):
    end = dial("").wait_for_end()
    assert (end["by"], end["reason"]) == ("app", "no verb left")


def test_a_pause_takes_its_time_on_the_virtual_clock(dial):
    phone = dial('<Pause length="3600"/><Say>Still here?</Say>')
    phone.hear("still here", within_s=4000)
    assert phone.of_kind("say")[0]["t"] >= 3600


def test_redirects_are_resolved_against_the_current_document(app, dial):
    app.page("/deep/second", '<Redirect method="GET">third?x=1&amp;y=%E4%BD%A0</Redirect>')
    app.page("/deep/third", "<Say>Third page</Say>")
    phone = dial("<Redirect>deep/second</Redirect>")
    phone.hear("third page")
    assert app.of("/deep/third")[0]["y"] == "你"


def test_a_rejected_call_is_never_answered(dial, net):
    phone = dial('<Reject reason="busy"/>')
    assert phone.wait_for_end()["status"] == "busy"
    assert phone.of_kind("answered") == []
    assert net.calls[0].duration_s == 0


def test_a_number_that_nobody_owns_is_not_in_service(net):
    end = net.call(to="+862155550199").wait_for_end()
    assert (end["by"], end["reason"]) == ("carrier", "The number is not in service.")


def test_a_number_without_voice_url_ends_the_call_without_a_word_to_the_debugger(net):
    net.add_number(NUMBER)
    end = net.call(to=NUMBER).wait_for_end()
    assert "no voice URL" in end["reason"]
    assert net.notifications == []


def test_the_number_reports_the_end_of_an_incoming_call_once(app, net, dial):
    phone = dial("<Pause length='65'/>", status_callback=app.page("/status", ""))
    phone.wait_for_end()
    net.settle()
    (form,) = app.of("/status")
    assert (form["CallStatus"], form["CallDuration"], form["Duration"]) == ("completed", "65", "2")
    assert (form["SequenceNumber"], form["CallbackSource"], form["SipResponseCode"]) == (
        "0",
        "call-progress-events",
        "200",
    )
    assert form["Timestamp"].endswith("+0000")


def test_a_caller_who_hangs_up_is_seen_to_have_done_so(dial, net):
    phone = dial("<Gather><Say>Press something</Say></Gather>")
    phone.hear("press something")
    assert phone.hangup()["by"] == "caller"
    net.settle()
    assert net.calls[0].status == "completed"


def test_cookies_come_back_as_to_a_browser(app, dial):
    seen = []

    def second(form):
        from flask import request

        seen.append(request.cookies.get("session"))
        return ""

    answer = Response(XML.format("<Redirect>/second</Redirect>"), content_type="text/xml")
    answer.set_cookie("session", "abc")
    app.page("/second", second)
    dial(answer).wait_for_end()
    assert seen == ["abc"]


def test_an_http_redirect_is_followed_with_a_get(app, dial):
    app.page("/moved", "<Say>Moved here</Say>")
    dial(Response(status=302, headers={"Location": "/moved"})).hear("moved here")


def test_an_unknown_verb_attribute_or_case_is_warned_of_and_the_call_goes_on(dial):
    phone = dial('<say>small</say><Say speed="9">Loud</Say><Gather num_digits="1"><Say>Key</Say></Gather><Pay/>')
    phone.hear("loud", "key")
    phone.wait_for_end()
    messages = " ".join(event["message"] for event in phone.of_kind("notification"))
    assert phone.notifications == [12200] * 4
    assert all(word in messages for word in ("'say'", "'speed'", "'num_digits'", "does not do 'Pay'"))


def test_a_verb_twilio_does_not_let_this_carrier_do_is_refused_and_skipped(dial):
    phone = dial("<Refer><Sip>sip:x@example.com</Sip></Refer><Connect><Room>x</Room></Connect><Say>On</Say>")
    phone.hear("on")
    assert {event["code"] for event in phone.of_kind("notification")} == {12200}


def test_played_sound_is_fetched_and_lasts_as_long_as_it_is(app, dial):
    from simulator.sound import silence, to_wav

    app.page("/beep.wav", Response(to_wav(silence(2.5)), content_type="audio/wav"))
    phone = dial('<Play loop="2">beep.wav</Play><Play digits="1w2"/><Say>After</Say>')
    phone.hear("after")
    first, second, keys = phone.of_kind("play")
    assert (first["duration_s"], second["duration_s"], keys["digits"]) == (2.5, 2.5, "1w2")
    assert phone.of_kind("say")[0]["t"] >= 6
    assert len(app.of("/beep.wav")) == 1


def test_played_sound_that_is_no_sound_is_complained_of_and_skipped(app, dial):
    app.page("/page", "<Say/>")
    phone = dial("<Play>/page</Play><Play>/missing.wav</Play><Say>After</Say>")
    phone.hear("after")
    assert phone.notifications == [12300, 11200]


def test_a_network_may_begin_at_another_time(tmp_path):
    monday = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    with SimulatedNetwork(ACCOUNT, TOKEN, starts_at=monday, data_dir=tmp_path) as network:
        assert network.now() == monday
        phone = network.call(to="+862155550100")
        phone.let_go()
        network.settle()
        assert monday <= network.now() < monday + timedelta(minutes=1)


def test_no_call_time_passes_while_a_test_is_busy_beside_the_calls(dial, net):
    phone = dial('<Say>Wait</Say><Pause length="30"/><Say>Thank you</Say>')
    phone.hear("Wait")
    with net.time_standing():
        before = net.now()
        phone.let_go()
        for _ in range(20):
            requests.get(f"{net.base_url}/health", timeout=5)
        assert net.now() - before < timedelta(seconds=30)
        assert not any("Thank you" in heard for heard in phone.transcript)
    phone.hear("Thank you")
