"""Whom the account calls: every way of answering, and those who ring back."""

import pytest
import requests
from carrier_app import NUMBER
from pydantic import ValidationError

from simulator.people import Mixture, Reply

PERSON = "+8613900000009"
ASK = (
    '<Gather input="dtmf speech" timeout="4" speechTimeout="1" numDigits="1" action="{next}">'
    "<Say>{text}</Say></Gather><Hangup/>"
)


@pytest.fixture
def ours(net):
    return net.add_number(NUMBER)


@pytest.fixture
def ask(app):
    """A page that asks something and goes to another page with the answer."""

    def page(path: str, text: str, then: str = "/after") -> str:
        return app.page(path, ASK.format(text=text, next=app.url + then))

    return page


def answer_to(app, path: str = "/after") -> str:
    """Keys or words that came to a page."""
    form = app.of(path)[0]
    return form.get("Digits") or form.get("SpeechResult", "")


@pytest.mark.parametrize(
    ("behaviour", "text", "said"),
    [
        ("answers-and-agrees", "Is this all right?", "1"),
        ("wrong-person", "Am I speaking with Grace?", "You have the wrong number."),
        ("wrong-person", "请问您是王小明吗？", "你打错了，我不是。"),
        ("stop-calling", "Your parcel waits.", "Stop calling me."),
        ("stop-key", "Your parcel waits.", "8"),
        ("call-later", "您现在方便吗？", "我现在没空，晚点再打。"),
        ("call-later", "When shall I call again?", "Tomorrow at ten in the morning."),
    ],
)
def test_a_named_behaviour_answers_in_the_language_it_is_spoken_to(app, net, client, ours, ask, behaviour, text, said):
    net.people.set(PERSON, behaviour)
    app.page("/after", "<Hangup/>")
    client.calls.create(to=PERSON, from_=NUMBER, url=ask("/ask", text))
    net.settle()
    assert answer_to(app) == said


def test_replies_follow_what_is_asked_and_are_used_up(app, net, client, ours, ask):
    replies = [
        {"hears": "door or station", "press": "2"},
        {"hears": "/sure/", "say": "no", "times": 1},
        {"hears": "sure", "say": "yes"},
    ]
    net.people.set(PERSON, replies=replies)
    ask("/sure", "Are you sure?", "/sure2")
    ask("/sure2", "Really sure?", "/end")
    app.page("/end", "<Hangup/>")
    client.calls.create(to=PERSON, from_=NUMBER, url=ask("/ask", "Do you want it at the door or station?", "/sure"))
    net.settle()
    assert [answer_to(app, path) for path in ("/sure", "/sure2", "/end")] == ["2", "no", "yes"]


def test_a_reply_is_given_when_the_question_was_heard_to_its_end(app, net, client, ours):
    net.people.set(PERSON, "answers-and-agrees")
    app.page("/after", "<Hangup/>")
    inside = "<Say>First comes this sentence.</Say><Say>Then comes another one.</Say>"
    url = app.page("/ask", f'<Gather numDigits="1" timeout="9" action="{app.url}/after">{inside}</Gather>')
    made = client.calls.create(to=PERSON, from_=NUMBER, url=url)
    net.settle()
    phone = next(leg.phone for leg in net.carrier.phones.values() if leg.call.sid == made.sid)
    kinds = [event["kind"] for event in phone.events]
    assert kinds.index("pressed") > [n for n, kind in enumerate(kinds) if kind == "say"][1]
    say, pressed = [e for e in phone.events if e["kind"] in ("say", "pressed")][1:]
    assert pressed["t"] - say["t"] > say["duration_s"]


def test_somebody_who_talks_over_the_opening_still_answers_afterwards(app, net, client, ours, ask):
    net.people.set(PERSON, "hello-talker")
    ask("/again", "This is a long opening that says who is calling and why.", "/after")
    app.page("/after", "<Hangup/>")
    url = ask("/ask", "This is a long opening that says who is calling and why.", "/again")
    client.calls.create(to=PERSON, from_=NUMBER, url=url)
    net.settle()
    assert answer_to(app, "/again") == "Hello? Hello, who is this?"
    assert answer_to(app, "/after") == "1"


def test_a_machine_keeps_what_is_said_after_its_beep_only(app, net, client, ours):
    net.people.set(PERSON, "machine", greeting="Nobody is in, please leave a message.")
    url = app.page(
        "/talk", "<Say>You hear this too early by far.</Say><Pause length='5'/><Say>Call back at nine.</Say>"
    )
    client.calls.create(to=PERSON, from_=NUMBER, url=url)
    net.settle()
    (left,) = net.voicemails
    assert (left.number, left.from_) == (PERSON, NUMBER)
    assert left.text == "Call back at nine."


def test_a_machine_keeps_the_rest_of_a_sentence_that_its_beep_cut(app, net, client, ours):
    net.people.set(PERSON, "machine", greeting="Leave a message.")
    client.calls.create(to=PERSON, from_=NUMBER, url=app.page("/talk", "<Say>" + "abcdefghij" * 6 + "</Say>"))
    net.settle()
    text = net.voicemails[0].text
    assert 0 < len(text) < 60
    assert ("abcdefghij" * 6).endswith(text)


def test_a_machine_with_a_full_tape_hangs_up(app, net, client, ours):
    net.people.set(PERSON, "machine", records_s=3)
    url = app.page("/talk", "<Pause length='600'/>")
    made = client.calls.create(to=PERSON, from_=NUMBER, url=url)
    net.settle()
    assert 0 < int(client.calls(made.sid).fetch().duration) < 20


def test_somebody_picks_up_at_the_second_call_only(app, net, client, ours):
    net.people.set(PERSON, "second-call")
    url = app.page("/hello", "<Hangup/>")
    statuses = []
    for _ in range(2):
        made = client.calls.create(to=PERSON, from_=NUMBER, url=url)
        net.settle()
        statuses.append(client.calls(made.sid).fetch().status)
    assert statuses == ["no-answer", "completed"]


def test_somebody_who_missed_the_call_rings_back_and_answers(app, net, client, ask):
    net.add_number(NUMBER, voice_url=ask("/voice", "You are calling about your parcel: door or station?"))
    app.page("/after", "<Hangup/>")
    replies = [{"hears": "door or station", "press": "1"}]
    net.people.set(PERSON, "calls-back", calls_back={"after_s": 90, "replies": replies})
    missed = client.calls.create(to=PERSON, from_=NUMBER, url=app.page("/never", "<Hangup/>"))
    net.settle()
    (incoming,) = [call for call in net.calls if call.direction == "inbound"]
    assert (incoming.from_, incoming.to) == (PERSON, NUMBER)
    gap = (incoming.created - net.carrier.calls.get(missed.sid).ended).total_seconds()
    assert gap == pytest.approx(90, abs=1)
    assert answer_to(app) == "1"
    assert app.of("/never") == []


def test_somebody_who_was_reached_does_not_ring_back(app, net, client, ours):
    net.people.set(PERSON, "calls-back", outcome="answer", replies=[])
    client.calls.create(to=PERSON, from_=NUMBER, url=app.page("/hello", "<Hangup/>"))
    net.settle()
    assert [call.direction for call in net.calls] == ["outbound-api"]


def test_a_mixture_gives_each_number_always_the_same_behaviour_in_the_right_shares(net):
    mixture = [{"weight": 6, "behaviour": "busy"}, {"weight": 3, "behaviour": "machine"}, {"behaviour": "stop-key"}]
    rule = net.people.set("+86139*", mixture=mixture, seed="a")
    assert isinstance(rule, Mixture)
    numbers = [f"+86139{n:08d}" for n in range(3000)]
    names = [rule.part(number).name for number in numbers]
    assert names == [rule.part(number).name for number in numbers]
    shares = [names.count(name) / len(names) for name in ("busy", "machine", "stop-key")]
    assert shares == pytest.approx([0.6, 0.3, 0.1], abs=0.04)
    assert net.people.at(numbers[0]) == rule.part(numbers[0]).person
    other = net.people.set("+86139*", mixture=mixture, seed="b")
    assert names != [other.part(number).name for number in numbers]


def test_mixtures_and_voicemails_are_served_to_other_processes(app, net, client, ours):
    mixture = [{"behaviour": "machine", "greeting": "Gone."}]
    answer = requests.post(f"{net.base_url}/people", json={"number": "+8613*", "mixture": mixture}, timeout=5)
    assert answer.status_code == 201
    assert answer.json()["parts"][0]["person"]["greeting"] == "Gone."
    listed = requests.get(f"{net.base_url}/people", timeout=5).json()["people"]
    assert [row["number"] for row in listed] == ["+8613*"]
    url = app.page("/talk", "<Pause length='4'/><Say>Hello.</Say>")
    client.calls.create(to=PERSON, from_=NUMBER, url=url)
    net.settle()
    rows = requests.get(f"{net.base_url}/voicemails", params={"number": PERSON}, timeout=5).json()["voicemails"]
    assert [(row["from"], row["text"]) for row in rows] == [(NUMBER, "Hello.")]


def test_a_behaviour_that_makes_no_sense_is_refused_with_a_sentence(net):
    with pytest.raises(ValueError, match="no behaviour 'sleeps'"):
        net.people.set(PERSON, mixture=[{"behaviour": "sleeps"}])
    with pytest.raises(ValueError, match="mixture has no behaviour of its own"):
        net.people.set(PERSON, "busy", mixture=[{"behaviour": "busy"}])
    with pytest.raises(ValidationError, match="exactly one thing"):
        Reply(press="1", say="yes")
    with pytest.raises(ValidationError, match="no step 'shout'"):
        net.people.set(PERSON, script=[{"shout": "hey"}])


def test_detection_tells_of_a_machine_when_its_greeting_has_ended(app, net, client, ours):
    net.people.set(PERSON, "machine")
    client.calls.create(
        to=PERSON,
        from_=NUMBER,
        url=app.page("/talk", "<Pause length='30'/>"),
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=app.page("/amd", ""),
    )
    net.settle()
    (form,) = app.of("/amd")
    greeting_ms = net.people.at(PERSON).greeting_s * 1000
    assert form["AnsweredBy"] == "machine_end_beep"
    assert int(form["MachineDetectionDuration"]) >= greeting_ms
    assert app.of("/talk")[0].get("AnsweredBy") is None
