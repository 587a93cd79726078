"""language"""

import pytest

from flows.events import LanguageChosen
from telephony.verbs import Say
from tests.flows.nodes.conversation import Conversation

NODE = """
type: language
choices:
  - {key: "1", language: zh-CN, prompt: 中文服务请按1。, words: [中文, 普通话, Chinese]}
  - {key: "2", language: en-US, prompt: "For English, press 2.", words: [English, 英语, 英文]}
exits: {next: end}
"""


def test_each_language_is_offered_in_itself():
    call = Conversation(NODE, document={"voice": {"zh-CN": "house"}})
    assert call.gather.prompts == (
        Say(text="中文服务请按1。", language="zh-CN", voice="house"),
        Say(text="For English, press 2.", language="en-US"),
    )


@pytest.mark.parametrize(("key", "language"), [("1", "zh-CN"), ("2", "en-US")])
def test_it_is_chosen_by_keys_alone(key, language):
    call = Conversation(NODE, language="zh-CN").press(key)
    assert (call.exit, call.step.language) == ("next", language)
    assert call.seen(LanguageChosen) == [LanguageChosen(node="node", language=language)]


@pytest.mark.parametrize(
    ("said", "language"), [("English", "en-US"), ("英语", "en-US"), ("中文", "zh-CN"), ("Chinese please", "zh-CN")]
)
def test_it_is_chosen_by_speech_alone(said, language):
    assert Conversation(NODE, language="zh-CN").say(said).step.language == language


def test_a_known_caller_is_not_asked():
    call = Conversation(NODE, values={"caller": {"language": "en-US"}})
    assert (call.exit, call.step.language, call.step.verbs) == ("next", "en-US", ())


def test_an_unknown_language_of_the_caller_is_asked_for():
    assert Conversation(NODE, values={"caller": {"language": "fr-FR"}}).exit is None


def test_silence_goes_on_in_the_first_language():
    call = Conversation(NODE).silence()
    assert call.said == "中文服务请按1。 For English, press 2."
    call.silence().silence()
    assert (call.exit, call.step.language) == ("next", "zh-CN")


def test_zero_leads_to_a_person():
    assert Conversation(NODE).press("0").exit == "person"
