"""Dial and Enqueue: other legs, whispers, waiting."""

import pytest

AGENT = "+8613900000001"
OTHER = "+8613900000002"


@pytest.fixture
def after(app):
    app.page("/after", "<Say>Dial is over</Say>")
    return lambda: app.of("/after")[0]


def test_a_dialled_person_talks_and_hangs_up(dial, net, after):
    net.people.set(AGENT, talk_s=45)
    phone = dial(f'<Dial action="/after">{AGENT}</Dial>')
    phone.hear("dial is over")
    assert (after()["DialCallStatus"], after()["DialBridged"], after()["DialCallDuration"]) == (
        "completed",
        "true",
        "45",
    )
    child = next(call for call in net.calls if call.direction == "outbound-dial")
    assert (child.parent_sid, child.sid) == (phone.call_sid, after()["DialCallSid"])


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [("busy", "busy"), ("no-answer", "no-answer"), ("unreachable", "failed"), ("rejects", "busy")],
)
def test_somebody_who_cannot_be_had_is_reported_as_such(dial, net, after, behaviour, status):
    net.people.set(AGENT, behaviour)
    dial(f'<Dial action="/after" timeout="10"><Number>{AGENT}</Number></Dial>').hear("dial is over")
    assert (after()["DialCallStatus"], after()["DialBridged"]) == (status, "false")


def test_without_an_action_the_next_verb_runs_after_a_dial(dial, net):
    net.people.set(AGENT, "busy")
    dial(f"<Dial>{AGENT}</Dial><Say>Nobody there</Say>").hear("nobody there")


def test_an_agent_who_accepts_at_the_whisper_is_connected(app, dial, net, after):
    net.people.set(AGENT, "agent", talk_s=20)
    app.page("/whisper", '<Gather numDigits="1" action="/accept"><Say>Press 1 to accept</Say></Gather><Hangup/>')
    app.page("/accept", lambda form: "" if form["Digits"] == "1" else "<Hangup/>")
    phone = dial(f'<Dial action="/after"><Number url="/whisper">{AGENT}</Number></Dial>')
    phone.hear("dial is over")
    assert "Press 1 to accept" not in phone.transcript
    assert (after()["DialBridged"], after()["DialCallDuration"]) == ("true", "20")
    assert app.of("/whisper")[0]["ParentCallSid"] == phone.call_sid


def test_an_agents_voicemail_never_gets_the_caller(app, dial, net, after):
    net.people.set(AGENT, "machine")
    app.page("/whisper", '<Gather numDigits="1" timeout="5"><Say>Press 1 to accept</Say></Gather><Hangup/>')
    phone = dial(f'<Dial action="/after"><Number url="/whisper">{AGENT}</Number></Dial>')
    phone.hear("dial is over")
    assert after()["DialBridged"] == "false"
    assert phone.of_kind("bridged") == []


def test_the_first_of_several_to_answer_gets_the_call(dial, net, after):
    net.people.set(AGENT, answer_after_s=9)
    net.people.set(OTHER, answer_after_s=2, talk_s=5)
    phone = dial(f'<Dial action="/after"><Number>{AGENT}</Number><Number>{OTHER}</Number></Dial>')
    phone.hear("dial is over")
    assert phone.of_kind("bridged")[0]["with"] == OTHER
    by_number = {call.to: call.status for call in net.calls if call.direction == "outbound-dial"}
    assert by_number == {AGENT: "no-answer", OTHER: "completed"}


def test_sequential_dialling_tries_one_after_the_other(dial, net, after):
    net.people.set(AGENT, "busy")
    net.people.set(OTHER, talk_s=5)
    dial(f'<Dial action="/after" sequential="true"><Number>{AGENT}</Number><Number>{OTHER}</Number></Dial>').hear(
        "over"
    )
    first, second = [call for call in net.calls if call.direction == "outbound-dial"]
    assert (first.to, second.to) == (AGENT, OTHER)
    assert first.ended <= second.created


def test_star_ends_the_talk_when_the_app_allows_it(dial, net, after):
    net.people.set(AGENT, talk_s=500)
    phone = dial(f'<Dial action="/after" hangupOnStar="true">{AGENT}</Dial>')
    phone.wait(10)
    phone.press("*", early=True)
    phone.hear("dial is over")
    assert after()["DialCallStatus"] == "completed"


def test_the_time_limit_ends_the_talk(dial, net, after):
    net.people.set(AGENT, talk_s=500)
    dial(f'<Dial action="/after" timeLimit="60">{AGENT}</Dial>').hear("dial is over")
    assert after()["DialCallDuration"] == "60"


def test_a_caller_who_hangs_up_while_it_rings_ends_both_legs(dial, net, app, after):
    net.people.set(AGENT, "no-answer")
    phone = dial(f'<Dial action="/after">{AGENT}</Dial>')
    phone.wait(5)
    phone.hangup()
    net.settle()
    assert (after()["DialCallStatus"], after()["CallStatus"]) == ("no-answer", "completed")
    assert [call.status for call in net.calls if call.direction == "outbound-dial"] == ["no-answer"]


def test_child_legs_report_their_progress(app, dial, net, after):
    net.people.set(AGENT, talk_s=5)
    events = "initiated ringing answered completed"
    noun = f'<Number statusCallback="/child" statusCallbackEvent="{events}">{AGENT}</Number>'
    app.page("/child", "")
    dial(f'<Dial action="/after">{noun}</Dial>').hear("over")
    net.settle()
    forms = app.of("/child")
    assert [form["CallStatus"] for form in forms] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in forms] == ["0", "1", "2", "3"]


def test_an_attended_phone_is_answered_by_the_test(dial, net):
    net.people.set("client:anna", "attended")
    caller = dial("<Dial><Client>anna</Client></Dial><Say>Bye</Say>")
    agent = net.next_ring("client:anna")
    agent.answer()
    agent.wait(1)
    caller.say("Is my parcel there?", early=True)
    agent.hear("is my parcel there")
    agent.hangup()
    net.settle()
    assert "Bye" in caller.transcript


def test_a_number_that_is_none_is_complained_of(dial):
    phone = dial("<Dial><Number>12</Number></Dial><Say>On</Say>")
    phone.hear("on")
    assert phone.notifications == [13223]


def test_a_conversation_can_be_recorded(dial, net, after):
    net.people.set(AGENT, talk_s=12)
    dial(f'<Dial action="/after" record="record-from-answer">{AGENT}</Dial>').hear("over")
    (recording,) = net.carrier.recordings
    assert (recording.source, recording.duration_s) == ("DialVerb", 12)
    assert recording.sid in after()["RecordingUrl"]


@pytest.fixture
def queue(app, dial):
    app.page("/wait", "<Say>You are waiting</Say><Pause length='10'/>")
    app.page("/left", "<Say>Queue is over</Say>")
    return lambda: dial('<Enqueue waitUrl="/wait" action="/left">support</Enqueue>')


def test_waiting_is_entertained_again_and_again_and_tells_the_position(queue, app):
    phone = queue()
    phone.hear("you are waiting", "you are waiting")
    first, second = app.of("/wait")[:2]
    assert (first["QueuePosition"], first["CurrentQueueSize"], first["QueueTime"]) == ("1", "1", "0")
    assert int(second["QueueTime"]) >= 10
    phone.hangup()


def test_hanging_up_in_the_queue_is_told_to_the_action(queue, app, net):
    phone = queue()
    phone.hear("waiting")
    phone.hangup()
    net.settle()
    assert (app.of("/left")[0]["QueueResult"], app.of("/left")[0]["CallStatus"]) == ("hangup", "completed")


def test_leave_goes_on_behind_the_queue(queue, app):
    phone = queue()
    app.page("/wait", "<Leave/>")
    phone.hear("queue is over")
    assert app.of("/left")[0]["QueueResult"] == "leave"


def test_a_full_queue_turns_callers_away(app, dial):
    app.page("/left", "<Say>Queue is over</Say>")
    first = dial('<Enqueue maxQueueSize="1">tiny</Enqueue>')
    first.wait(1)
    second = dial('<Enqueue action="/left" maxQueueSize="1">tiny</Enqueue>')
    second.hear("queue is over")
    assert app.of("/left")[0]["QueueResult"] == "queue-full"
    first.hangup()


def test_an_agent_who_dials_the_queue_talks_to_whoever_waited_longest(queue, app, net):
    caller = queue()
    caller.hear("waiting")
    net.add_number("+862155550101", voice_url=app.page("/agent", "<Dial><Queue>support</Queue></Dial>"))
    agent = net.call(to="+862155550101", from_=AGENT)
    agent.wait(3)
    assert agent.of_kind("bridged")[0]["with"] == "+8613800138000"
    agent.hangup()
    net.settle()
    assert app.of("/left")[0]["QueueResult"] == "bridged"
    assert "Queue is over" in caller.transcript


def test_the_rest_interface_takes_a_caller_out_of_the_queue(queue, app, client):
    phone = queue()
    phone.hear("waiting")
    (waiting,) = client.queues.list()
    (member,) = client.queues(waiting.sid).members.list()
    assert (member.call_sid, member.position, waiting.current_size) == (phone.call_sid, 1, 1)
    client.queues(waiting.sid).members("Front").update(url=app.page("/taken", "<Say>Taken out</Say>"))
    phone.hear("taken out")
    assert client.queues(waiting.sid).fetch().current_size == 0
