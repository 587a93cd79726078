"""opening: who calls, why, and how to end such calls."""

from datetime import timedelta

import pytest

from flows.documents import DocumentError
from flows.events import NotUnderstood, OptedOut, PersonRequested
from tests.flows.nodes.conversation import NOW, Conversation

NODE = """
type: opening
about: {en-US: "parcel {{ parcel }}", zh-CN: "快递{{ parcel }}"}
recorded: true
exits: {next: end, wrong_person: end, later: end}
"""
OUTBOUND = {"purpose": "delivery", "organisation": {"en-US": "Ringback Couriers", "zh-CN": "铃回快递"}}
CASE = {"id": 7, "purpose": "delivery", "inbound": False}


def opening(node=NODE, *, language="en-US", case=CASE, **outbound):
    document = {"outbound": {**OUTBOUND, **outbound}}
    return Conversation(node, language=language, values={"parcel": "77", "case": case}, document=document)


def test_it_says_who_calls_why_that_it_is_automated_recording_and_opt_out_in_this_order():
    said = opening().said
    parts = ["automated assistant of Ringback Couriers", "parcel 77", "recorded", "press 7", "press 8 or say stop"]
    assert [said.find(part) for part in parts] == sorted(said.find(part) for part in parts)
    assert all(part in said for part in parts)


def test_it_speaks_chinese():
    said = opening(language="zh-CN").said
    assert said.startswith("您好，这里是铃回快递的智能语音助手，来电是关于快递77。")
    assert "按8" in said


def test_advertising_offers_the_way_out_right_after_the_name():
    said = opening(purpose="marketing").said
    assert said.find("press 8") < said.find("recorded")


def test_silence_leads_on_and_is_no_error():
    call = opening().silence()
    assert call.exit == "next"
    assert call.seen(NotUnderstood) == []


@pytest.mark.parametrize(
    ("key", "exit_name"), [("7", "wrong_person"), ("0", "person"), ("1", "next"), ("5", "next"), ("#", "next")]
)
def test_each_key_leads_where_it_should_by_keys_alone(key, exit_name):
    assert opening().press(key).exit == exit_name


@pytest.mark.parametrize(
    ("said", "language", "exit_name"),
    [
        ("you have the wrong number", "en-US", "wrong_person"),
        ("sorry, not me", "en-US", "wrong_person"),
        ("打错了", "zh-CN", "wrong_person"),
        ("call me later please, I'm driving", "en-US", "later"),
        ("我在开会，晚点再打吧", "zh-CN", "later"),
        ("I want to talk to an agent", "en-US", "person"),
        ("转人工", "zh-CN", "person"),
    ],
)
def test_each_wish_leads_where_it_should_by_speech_alone(said, language, exit_name):
    assert opening(language=language).say(said).exit == exit_name


def test_who_asks_for_a_person_is_known_to_have_asked():
    assert opening().press("0").seen(PersonRequested) == [PersonRequested(node="node", how="key")]


def test_hello_over_the_opening_brings_it_once_more_and_then_the_call_goes_on():
    call = opening()
    first = call.said
    assert call.gather.barge_in
    call.say("hello?")
    assert call.exit is None
    assert call.said == first
    assert not call.gather.barge_in
    assert call.say("hello?").exit == "next"


def test_who_speaks_after_the_whole_opening_has_heard_it():
    call = opening()
    later = NOW + timedelta(seconds=float(call.context.memory["takes_s"]) + 1)
    call.context = type(call.context)(**{**vars(call.context), "now": later})
    assert call.say("hello?").exit == "next"


def test_nine_and_again_repeat_it():
    call = opening()
    first = call.said
    assert call.press("9").said == first
    assert call.say("say that again").said == first
    assert call.exit is None


@pytest.mark.parametrize("how", ["key", "words"])
def test_the_opt_out_ends_the_call_with_a_confirmation(how):
    call = opening()
    call.press("8") if how == "key" else call.say("please stop calling me")
    evidence = "8" if how == "key" else "please stop calling me"
    assert call.events == [OptedOut(node="node", purpose="delivery", how=how, evidence=evidence)]
    assert call.said == "Done. We will not call you about this again."
    assert (call.end.outcome, call.end.whole) == ("opted_out", True)


def test_another_opt_out_key_is_said_and_taken():
    call = opening(opt_out_key="3")
    assert "press 3" in call.said
    assert call.press("3").end.outcome == "opted_out"


def test_an_opt_out_from_all_calls_says_so():
    call = opening(opt_out_from="all").press("8")
    assert call.seen(OptedOut)[0].purpose == "all"
    assert call.said == "Done. We will not call you again."


def test_words_in_any_language_stop_the_calls():
    assert opening().say("不要再打了").end.outcome == "opted_out"
    assert opening(language="zh-CN").say("stop calling").end.outcome == "opted_out"


def test_goodbye_ends_the_call():
    assert opening().say("goodbye").end.outcome == "goodbye"


def test_a_call_back_is_greeted_as_one():
    call = opening(case={**CASE, "inbound": True})
    assert "Thank you for calling back. You are calling about parcel 77." in call.said
    assert "wrong number" not in call.said


def test_later_goes_on_where_that_leads_nowhere():
    node = NODE.replace(", later: end", "")
    assert opening(node).say("call me later").exit == "next"


def test_a_key_that_is_also_the_person_key_is_refused():
    with pytest.raises(DocumentError):
        opening(NODE + 'wrong_person_key: "0"\n')
