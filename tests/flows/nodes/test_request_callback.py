"""request_callback. Now is Saturday, 21 November 2026, 15:00 in Shanghai."""

import pytest

from flows.events import CallbackRequested
from tests.flows.nodes.conversation import Conversation

NODE = """
type: request_callback
reason: "{{ topic }}"
exits: {next: end}
"""
OWN = "+8613800138000"


def test_as_soon_as_possible_on_the_own_number_by_keys_alone():
    call = Conversation(NODE, values={"topic": "parcel"}).press("1").press("1")
    assert call.exit == "next"
    assert call.seen(CallbackRequested) == [CallbackRequested(node="node", number=OWN, at="", reason="parcel")]
    assert "as soon as we can" in call.said
    assert call.values["callback"] == {"number": OWN, "at": ""}


def test_another_time_and_number_by_keys_alone():
    call = Conversation(NODE).press("2").press("11231030").press("2").press("13900139000#")
    assert "Is that right" in call.said
    call.press("1")
    wish = call.seen(CallbackRequested)[0]
    assert (wish.number, wish.at) == ("+8613900139000", "2026-11-23T10:30:00+08:00")


def test_a_time_and_another_number_by_speech_alone():
    call = (
        Conversation(NODE, language="zh-CN")
        .say("下周一上午十点半")
        .say("换一个号码")
        .say("幺三九零零幺三九零零零")
        .say("对")
    )
    wish = call.seen(CallbackRequested)[0]
    assert (wish.number, wish.at) == ("+8613900139000", "2026-11-23T10:30:00+08:00")
    assert "11月23日" in call.said


def test_as_soon_as_possible_by_speech_alone():
    call = Conversation(NODE).say("as soon as possible").say("yes")
    assert call.seen(CallbackRequested)[0].at == ""


def test_a_time_that_is_over_is_asked_again():
    call = Conversation(NODE).press("2").press("202611210900")
    assert call.said.startswith("That time is over.")


def test_a_withheld_number_is_asked_for():
    call = Conversation(NODE, number="").press("1")
    assert call.said.startswith("On which number shall we call you?")
    assert call.press("13900139000").press("1").seen(CallbackRequested)[0].number == "+8613900139000"


def test_nothing_need_be_asked():
    call = Conversation(NODE + "ask_time: false\nask_number: false\n")
    assert call.exit == "next"
    assert call.seen(CallbackRequested)[0].number == OWN


def test_a_doubtful_time_is_confirmed():
    call = Conversation(NODE).say("tomorrow at three")
    assert "Is that right" in call.said
    assert call.say("yes").said.startswith("Shall we call you on")


def test_zero_leads_to_a_person_at_every_stage():
    assert Conversation(NODE).press("0").exit == "person"
    assert Conversation(NODE).press("2").press("0").exit == "person"
    assert Conversation(NODE).press("1").press("0").exit == "person"


@pytest.mark.parametrize("stage", [[], ["2"], ["1"]])
def test_silence_leads_on_at_every_stage(stage):
    call = Conversation(NODE)
    for key in stage:
        call.press(key)
    assert call.silence().silence().silence().exit == "failed"
