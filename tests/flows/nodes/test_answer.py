"""answer"""

from flows.events import NotUnderstood, SpeechKept
from tests.flows.nodes.conversation import Conversation

NODE = """
type: answer
prompt: {en-US: What would you like to know?, zh-CN: 请问您想了解什么？}
entries:
  - label: {en-US: opening hours, zh-CN: 营业时间}
    questions: {en-US: [when are you open], zh-CN: [你们几点上班, 几点下班]}
    answer: {en-US: From 8 to 21., zh-CN: 8点到21点。}
  - label: {en-US: prices, zh-CN: 价格}
    questions: {en-US: [how much does a parcel cost], zh-CN: [寄快递多少钱, 运费怎么算]}
    answer: {en-US: From 12 yuan., zh-CN: 12元起。}
exits: {answered: end, no_match: end}
"""


def test_questions_are_answered_by_keys_alone():
    call = Conversation(NODE)
    assert "For opening hours, press 1. For prices, press 2." in call.said
    assert call.press("2").said.startswith("From 12 yuan. Do you have another question?")
    assert call.press("1").said.startswith("Please ask your question.")
    assert call.press("1").said.startswith("From 8 to 21.")
    assert call.press("2").exit == "answered"


def test_questions_are_answered_by_speech_alone():
    call = Conversation(NODE, language="zh-CN").say("请问你们几点开始上班")
    assert call.said.startswith("8点到21点。")
    assert call.values["question"] == "请问你们几点开始上班"
    assert call.say("运费是多少钱").said.startswith("12元起。")
    assert call.say("没有了").exit == "answered"


def test_a_yes_alone_invites_the_next_question():
    call = Conversation(NODE).say("when do you open").say("yes")
    assert call.said.startswith("Please ask your question.")


def test_a_question_without_match_is_kept_and_the_second_leaves():
    call = Conversation(NODE).say("do you sell umbrellas")
    assert call.exit is None
    assert call.say("I want an umbrella").exit == "no_match"
    assert [e.text for e in call.seen(SpeechKept)] == ["do you sell umbrellas", "I want an umbrella"]
    assert len(call.seen(NotUnderstood)) == 2
    assert call.values["question"] == "I want an umbrella"


def test_one_answer_can_be_all():
    call = Conversation(NODE + "again: false\n").press("1")
    assert (call.said, call.exit) == ("From 8 to 21.", "answered")


def test_zero_and_nine_keep_their_meaning():
    assert Conversation(NODE).press("0").exit == "person"
    assert Conversation(NODE).press("9").events == []


def test_silence_climbs_the_ladder():
    assert Conversation(NODE).silence().silence().silence().exit == "failed"
