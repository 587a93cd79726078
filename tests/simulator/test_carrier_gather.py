"""Gather: keys, speech, silence."""

import pytest

ASK = '<Gather action="/answer" {}><Say>Press or say</Say></Gather><Redirect>/nothing</Redirect>'


@pytest.fixture
def ask(app, dial):
    app.page("/answer", "<Say>Thank you</Say>")
    app.page("/nothing", "<Say>No input</Say>")
    return lambda attributes="": dial(ASK.format(attributes))


def test_the_wanted_number_of_digits_ends_the_question(ask, app):
    phone = ask('numDigits="2"')
    phone.hear("press or say")
    phone.press("42")
    phone.hear("thank you")
    assert app.of("/answer")[0]["Digits"] == "42"


def test_a_key_during_the_prompt_cuts_it_short(ask, app):
    phone = ask('numDigits="1"')
    phone.hear("press or say")
    phone.press("1")
    phone.hear("thank you")
    assert phone.of_kind("say")[1]["t"] < phone.of_kind("say")[0]["duration_s"]


def test_the_finish_key_ends_the_question_and_is_not_sent(ask, app):
    phone = ask()
    phone.press("123#")
    phone.hear("thank you")
    assert app.of("/answer")[0]["Digits"] == "123"


def test_the_finish_key_alone_is_no_answer(ask):
    phone = ask()
    phone.press("#")
    phone.hear("no input")


def test_without_a_finish_key_the_timeout_ends_the_digits(ask, app):
    phone = ask('finishOnKey="" timeout="3"')
    phone.press("1#2")
    phone.hear("thank you")
    assert app.of("/answer")[0]["Digits"] == "1#2"


def test_silence_goes_on_to_the_next_verb_after_the_timeout(ask):
    phone = ask('timeout="7"')
    phone.silence()
    phone.hear("no input")
    asked, answered = phone.of_kind("say")
    assert answered["t"] == pytest.approx(asked["t"] + asked["duration_s"] + 7, abs=0.1)


def test_silence_is_reported_when_the_app_wants_to_know_of_it(ask, app):
    phone = ask('actionOnEmptyResult="true" input="dtmf speech"')
    phone.silence()
    phone.hear("thank you")
    assert app.of("/answer")[0]["Digits"] == ""


def test_speech_is_reported_with_its_confidence(ask, app):
    phone = ask('input="dtmf speech" language="zh-CN" speechTimeout="auto"')
    phone.say("查快递", 0.83)
    phone.hear("thank you")
    form = app.of("/answer")[0]
    assert (form["SpeechResult"], form["Confidence"], form["Language"]) == ("查快递", "0.83", "zh-CN")
    assert "Digits" not in form


def test_a_recogniser_may_keep_its_confidence_to_itself(ask, app):
    phone = ask('input="speech"')
    phone.say("hello", None)
    phone.hear("thank you")
    assert "Confidence" not in app.of("/answer")[0]


def test_words_said_soon_after_each_other_are_one_answer(ask, app):
    phone = ask('input="speech" speechTimeout="3"')
    phone.say("I want")
    phone.wait(1)
    phone.say("my parcel", early=True)
    phone.hear("thank you")
    assert app.of("/answer")[0]["SpeechResult"] == "I want my parcel"


def test_speech_is_not_heard_where_only_keys_are_wanted(ask):
    phone = ask()
    phone.hear("press or say")
    phone.say("hello", early=True)
    phone.hear("no input")
    assert phone.of_kind("ignored")[0]["text"] == "hello"


def test_keys_pressed_while_nobody_listens_are_lost_and_the_caller_is_told(app, dial):
    phone = dial("<Say>A long announcement that nobody can interrupt</Say><Gather numDigits='1'/><Say>Nothing</Say>")
    phone.hear("announcement")
    phone.press("5", early=True)
    phone.hear("nothing")
    assert phone.of_kind("ignored")[0]["digits"] == "5"


def test_partial_results_are_told_aside(ask, app):
    app.page("/partial", "")
    phone = ask('input="speech" partialResultCallback="/partial"')
    phone.say("where is my parcel")
    phone.hear("thank you")
    forms = app.of("/partial")
    assert [form["SequenceNumber"] for form in forms] == ["0", "1"]
    assert forms[-1]["UnstableSpeechResult"] == "where is my parcel"


def test_without_an_action_the_document_itself_is_asked_again(app, dial):
    def voice(form):
        return "<Say>Got it</Say>" if form.get("Digits") == "7" else "<Gather numDigits='1'/>"

    phone = dial(voice)
    phone.press("7")
    phone.hear("got it")


def test_a_get_action_carries_the_digits_in_its_address(app, dial):
    app.page("/answer", "<Say>Thanks</Say>")
    phone = dial('<Gather numDigits="1" action="/answer?n=a%20b" method="GET"/>')
    phone.press("*")
    phone.hear("thanks")
    assert (app.of("/answer")[0]["n"], app.of("/answer")[0]["Digits"]) == ("a b", "*")
