"""confirm"""

import pytest

from tests.flows.nodes.conversation import Conversation

NODE = """
type: confirm
prompt: {en-US: "Collection on {{ day | date }}?", zh-CN: "{{ day | date }}取件，对吗？"}
value: agreed
exits: {"yes": end, "no": end}
"""
DAY = {"day": "2026-12-05"}


@pytest.mark.parametrize(("key", "exit_name", "value"), [("1", "yes", True), ("2", "no", False)])
def test_it_is_answered_by_keys_alone(key, exit_name, value):
    call = Conversation(NODE, values=DAY).press(key)
    assert (call.exit, call.values["agreed"]) == (exit_name, value)


@pytest.mark.parametrize(
    ("said", "language", "exit_name"),
    [("yes that's right", "en-US", "yes"), ("nope", "en-US", "no"), ("对的", "zh-CN", "yes"), ("不对", "zh-CN", "no")],
)
def test_it_is_answered_by_speech_alone(said, language, exit_name):
    assert Conversation(NODE, values=DAY, language=language).say(said).exit == exit_name


def test_the_values_are_read_back_with_the_keys():
    said = Conversation(NODE, values=DAY).said
    assert "December 5" in said
    assert "For yes, press 1." in said


def test_an_unclear_answer_is_asked_again_and_never_confirmed():
    call = Conversation(NODE, values=DAY).say("bananas")
    assert call.exit is None
    assert call.said.startswith("I did not understand that.")
    assert call.say("yes", 0.5).exit == "yes"
