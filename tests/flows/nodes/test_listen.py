"""listen"""

from flows.events import SpeechKept
from tests.flows.nodes.conversation import Conversation

NODE = """
type: listen
prompt: {en-US: What is your address? Press the hash key to skip., zh-CN: 请说出您的地址，跳过请按井号键。}
value: address
exits: {next: end}
"""


def test_it_is_answered_by_speech_alone():
    call = Conversation(NODE).say("  12 Main Street,  Springfield ", 0.4)
    assert call.exit == "next"
    assert call.values == {"address": "12 Main Street, Springfield"}
    assert call.seen(SpeechKept) == [SpeechKept(node="node", text="12 Main Street, Springfield", confidence=0.4)]


def test_it_is_skipped_by_keys_alone():
    call = Conversation(NODE).press("#")
    assert (call.exit, call.values) == ("next", {"address": ""})
    assert call.seen(SpeechKept) == []
    call = Conversation(NODE.replace("{next: end}", "{next: end, skipped: end}")).press("#")
    assert call.exit == "skipped"


def test_it_is_skipped_by_words():
    assert Conversation(NODE, language="zh-CN").say("跳过").values == {"address": ""}


def test_a_person_is_reached_by_zero_and_by_the_word_alone():
    assert Conversation(NODE).press("0").exit == "person"
    assert Conversation(NODE).say("operator").exit == "person"


def test_a_sentence_with_a_person_in_it_is_kept():
    call = Conversation(NODE).say("the person at your counter in Main Street was rude to me")
    assert call.exit == "next"
    call = Conversation(NODE, language="zh-CN").say("你们的人工服务态度特别不好我要投诉")
    assert call.exit == "next"


def test_silence_climbs_the_ladder():
    call = Conversation(NODE).silence().silence()
    assert "To skip this, press the hash key." in call.said
    assert call.silence().exit == "failed"


def test_it_can_be_read_back():
    call = Conversation(NODE + "confirm: always\n").say("12 Main Street")
    assert "12 Main Street" in call.said
    assert call.press("2").said.startswith("Sorry about that.")
    assert call.say("13 Main Street").press("1").values == {"address": "13 Main Street"}
