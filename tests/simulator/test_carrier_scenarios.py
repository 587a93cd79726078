"""Scenarios: whole calls as YAML, in this process."""

from pathlib import Path

import pytest
from carrier_app import NUMBER

from simulator.errors import ScenarioError
from simulator.scenario import load_scenario, parse_scenario

FOLDER = Path(__file__).parent / "scenarios"
MENU = '<Gather numDigits="1" action="/choice" input="dtmf speech"><Say>Press 1 to track, 2 to complain</Say></Gather>'


@pytest.fixture
def hotline(app, net):
    """A small hotline: track by number, or complain into a recording."""

    def choice(form):
        if form.get("Digits") == "1" or "track" in form.get("SpeechResult", ""):
            return '<Gather action="/number" finishOnKey="#"><Say>Key in the number</Say></Gather>'
        return '<Say>Speak after the beep</Say><Record action="/thanks" timeout="3"/><Say>Nothing recorded</Say>'

    app.page("/choice", choice)
    app.page("/number", lambda form: f"<Say>Parcel {form['Digits']} is at the station</Say>")
    app.page("/thanks", "<Say>Your ticket is 10 27</Say><Hangup/>")
    net.add_number(NUMBER, voice_url=app.page("/voice", MENU + "<Say>Goodbye</Say>"))
    return net


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_scenario_holds(hotline, file):
    hotline.play(file).require()


def play(net, steps, **expect):
    return net.play({"call": {"to": NUMBER}, "steps": steps, "expect": expect or None})


def test_a_prompt_that_never_comes_reads_like_a_diff(hotline):
    result = play(hotline, [{"hear": "Press 9 for sales"}])
    assert not result.ok
    assert "step 1 (hear)" in result.failure
    assert "- Press 9 for sales" in result.failure
    assert "+ Press 1 to track, 2 to complain" in result.failure


def test_a_wrong_expectation_about_the_end_fails(hotline):
    result = play(hotline, [{"press": 1}, {"press": "7788#"}], ended_by="caller", twiml_valid=True)
    assert "Expected the call to be ended by" in result.failure
    assert "- caller" in result.failure


def test_what_must_not_be_heard_is_checked(hotline):
    result = play(hotline, [{"press": 1}, {"press": "7788#"}], not_heard=["/parcel 7+8+/"])
    assert "should not have been" in result.failure


class Inside:
    """An app that needs a moment until its ticket is there."""

    def __init__(self, after: int) -> None:
        self.asked = 0
        self.after = after

    def look(self, call_sid: str) -> dict:
        self.asked += 1
        tickets = [{"number": "1027", "category": "complaint"}] if self.asked > self.after else []
        return {"nodes": ["menu", "record", "thanks"], "tickets": tickets, "messages": [], "outcome": "ticket"}


def test_what_came_of_it_inside_the_app_is_waited_for(hotline):
    steps = [{"press": 2}, {"say": "it is broken"}]
    expect = {"ticket": {"category": "complaint"}, "tickets": 1, "nodes": ["menu", "thanks"], "outcome": "ticket"}
    hotline.play({"call": {"to": NUMBER}, "steps": steps, "expect": expect}, Inside(after=2)).require()
    expect["within_s"] = 0
    result = hotline.play({"call": {"to": NUMBER}, "steps": steps, "expect": expect}, Inside(after=9))
    assert "Expected a ticket" in result.failure


def test_an_expectation_inside_the_app_needs_a_way_inside(hotline):
    assert "no app address" in play(hotline, [], node="menu").failure


def test_a_text_message_can_be_expected(hotline, app, client):
    def thanks(form):
        client.messages.create(to=form["From"], from_=NUMBER, body="Your ticket: 10 27")
        return "<Say>We sent you a text</Say>"

    app.page("/thanks", thanks)
    steps = [{"press": 2}, {"say": "broken"}]
    hotline.play(
        {
            "call": {"to": NUMBER, "from": "+8613900000077"},
            "steps": steps,
            "expect": {"sms": {"to": "+8613900000077", "body": "10 27"}},
        }
    ).require()
    failed = hotline.play(
        {"call": {"to": NUMBER}, "steps": ["silence"], "expect": {"sms": {"body": "99"}, "within_s": 0}}
    )
    assert "Expected a message" in failed.failure


def test_many_calls_at_once_need_no_real_time(hotline):
    """Two hundred calls of over half a minute each: nearly two hours of call time."""
    scenario = load_scenario(FOLDER / "track_a_parcel.yaml")
    results = hotline.run_many(200, scenario, at_once=50)
    assert [result.failure for result in results if not result.ok] == []
    assert hotline.carrier.calls.counts() == {"inbound": {"completed": 200}}
    assert len({result.call_sid for result in results}) == 200


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("steps: [{shout: hello}]", "step 1: there is no step 'shout'"),
        ("steps: [{hear: a, press: 1}]", "step 1 must be one word"),
        ("steps: [{hear: hi}, {press: abc}]", r"step 2 \(press\): digits"),
        ("steps: [{press: true}]", r"step 1 \(press\): digits"),
        ("steps: [{say: {text: hi, confidence: 2}}]", r"step 1 \(say\): confidence"),
        ("steps: [{wav: missing.wav}]", "there is no file"),
        ("steps: [{hang up: now}]", "takes no value"),
        ("steps: {hear: hi}", "'steps' must be a list"),
        ("call: {too: x}", "call: too"),
        ("expect: {ended_by: nobody}", "expect: ended_by"),
        ("expects: {}", "unknown parts: expects"),
        ("- hear: x", "must be a mapping"),
        ("steps: [", "is not YAML"),
    ],
)
def test_a_scenario_that_cannot_be_understood_names_the_place(text, complaint):
    with pytest.raises(ScenarioError, match=complaint):
        parse_scenario(text)


def test_a_number_with_leading_zeros_is_written_in_quotes_and_kept():
    (step,) = parse_scenario("steps: [{press: '0012'}]").steps
    assert step.action.digits == "0012"


def test_a_person_who_is_called_follows_a_script(net, app, client):
    net.add_number(NUMBER)
    net.people.set("+8613900000009", script=[{"hear": "door or station"}, {"press": 2}])
    app.page("/out", '<Gather numDigits="1" action="/chosen"><Say>Door or station?</Say></Gather>')
    app.page("/chosen", "<Say>Noted</Say>")
    client.calls.create(to="+8613900000009", from_=NUMBER, url=app.url + "/out")
    net.settle()
    assert app.of("/chosen")[0]["Digits"] == "2"


def test_yes_and_no_are_words_that_callers_say():
    steps = parse_scenario(
        "steps: [{say: yes}, {say: no}, {say: {text: on}}, {press: {digits: '1', early: true}}]"
    ).steps
    assert [step.action.text for step in steps[:3]] == ["yes", "no", "on"]
    assert steps[3].action.early is True
