"""rate"""

import pytest

from flows.events import Rated
from tests.flows.nodes.conversation import Conversation

NODE = """
type: rate
prompt: {en-US: How was it?, zh-CN: 请打分。}
about: call
exits: {next: end}
"""


@pytest.mark.parametrize("key", ["1", "2", "3", "4", "5"])
def test_a_score_is_given_by_keys_alone(key):
    call = Conversation(NODE).press(key)
    assert call.seen(Rated) == [Rated(node="node", score=int(key), about="call")]
    assert (call.exit, call.values) == ("next", {"rating": int(key)})


@pytest.mark.parametrize(
    ("said", "language", "score"),
    [("four", "en-US", 4), ("5 stars", "en-US", 5), ("五分", "zh-CN", 5), ("三", "zh-CN", 3), ("一分", "zh-CN", 1)],
)
def test_a_score_is_given_by_speech_alone(said, language, score):
    assert Conversation(NODE, language=language).say(said).seen(Rated)[0].score == score


@pytest.mark.parametrize("said", ["seven", "one hundred", "bananas"])
def test_any_other_score_is_asked_again(said):
    assert Conversation(NODE).say(said).exit is None


def test_a_no_goes_on_without_a_score():
    call = Conversation(NODE).say("no thanks")
    assert (call.exit, call.seen(Rated)) == ("next", [])


def test_silence_is_no_failure():
    assert Conversation(NODE).silence().silence().silence().exit == "next"
    assert (
        Conversation(NODE.replace("next: end", "next: end, skipped: end"), errors_in_call=4).press("8").exit
        == "skipped"
    )
