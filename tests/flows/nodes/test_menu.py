"""menu, and with it what holds for every question: the ladder, the global keys and words."""

import pytest

from flows.documents import DocumentError
from flows.events import NotUnderstood, PersonRequested, Understood
from telephony.verbs import InputMode
from tests.flows.nodes.conversation import Conversation

MENU = """
type: menu
prompt: {en-US: How can I help you?, zh-CN: 请问您要办理什么业务？}
choices:
  - key: "1"
    name: track
    label: {en-US: parcel tracking, zh-CN: 查询快递}
    words: {en-US: [where is my parcel, tracking], zh-CN: [查快递, 快递到哪了]}
  - key: "2"
    name: complain
    label: {en-US: a complaint, zh-CN: 投诉}
exits: {track: end, complain: end}
"""


@pytest.mark.parametrize(("key", "name"), [("1", "track"), ("2", "complain")])
def test_a_choice_is_made_by_keys_alone(key, name):
    call = Conversation(MENU)
    assert call.said == "How can I help you? For parcel tracking, press 1. For a complaint, press 2."
    assert call.gather.num_digits == 1
    assert call.press(key).exit == name
    assert call.events == [Understood(node="node", value=name, mode="keys")]


@pytest.mark.parametrize(
    ("said", "language", "name"),
    [
        ("tracking", "en-US", "track"),
        ("I'd like to make a complaint", "en-US", "complain"),
        ("two", "en-US", "complain"),
        ("option one", "en-US", "track"),
        ("查快递", "zh-CN", "track"),
        ("我要投诉", "zh-CN", "complain"),
        ("第一个", "zh-CN", "track"),
        ("二", "zh-CN", "complain"),
    ],
)
def test_a_choice_is_made_by_speech_alone(said, language, name):
    call = Conversation(MENU, language=language)
    assert call.gather.mode == InputMode.BOTH
    assert call.say(said).exit == name


def test_the_options_are_said_in_chinese():
    assert "查询快递，请按1。投诉，请按2。" in Conversation(MENU, language="zh-CN").said


def test_options_that_the_prompt_names_are_not_said_twice():
    call = Conversation(MENU + "say_options: false\n")
    assert call.said == "How can I help you?"


def test_hints_are_the_choices_own_words_then_the_global_ones():
    hints = Conversation(MENU).gather.hints
    assert hints[:3] == ("parcel tracking", "where is my parcel", "tracking")
    assert "operator" in hints
    assert all(len(h) <= 100 for h in hints)
    assert len(hints) <= 500


def test_a_resemblance_is_asked_back_and_a_yes_takes_it():
    call = Conversation(MENU).say("complane")
    assert call.said.startswith("You said a complaint. Is that right?")
    assert call.say("yes").exit == "complain"


def test_middling_confidence_is_asked_back_and_low_confidence_is_a_no_match():
    call = Conversation(MENU).say("tracking", 0.6)
    assert "Is that right" in call.said
    assert call.press("1").exit == "track"
    call = Conversation(MENU).say("tracking", 0.2)
    assert call.said.startswith("I did not understand that.")


def test_a_no_asks_again_and_counts_as_not_understood():
    call = Conversation(MENU).say("tracking", 0.6).say("no")
    assert call.said.startswith("Sorry about that.")
    assert call.seen(NotUnderstood)[0].kind == "no-match"
    assert call.say("tracking", 0.9).exit == "track"


def test_a_no_with_the_right_words_corrects():
    call = Conversation(MENU).say("tracking", 0.6).say("no, a complaint")
    assert "a complaint" in call.said
    assert call.say("yes").exit == "complain"


def test_silence_climbs_the_ladder_and_leaves_by_failed():
    call = Conversation(MENU).silence()
    assert call.said.startswith("I did not hear anything. How can I help you?")
    call.silence()
    assert "You can say: parcel tracking, a complaint." in call.said
    assert "Press 0 for a person" in call.said
    assert call.silence().exit == "failed"
    assert [(e.kind, e.count) for e in call.seen(NotUnderstood)] == [("no-input", 1), ("no-input", 2), ("no-input", 3)]


def test_words_not_understood_lead_to_a_person_when_there_is_one():
    node = MENU.replace("complain: end}", "complain: end, person: end}")
    call = Conversation(node).say("bananas").say("bananas").say("bananas")
    assert call.exit == "person"
    assert call.seen(PersonRequested)[0].how == "errors"


def test_the_flow_s_own_person_counts():
    call = Conversation(MENU, document={"defaults": {"person": "end"}}).say("bananas").press("7").press("8")
    assert call.exit == "person"


def test_silence_and_no_match_are_counted_separately():
    call = Conversation(MENU).silence().say("bananas").silence().say("bananas")
    assert call.exit is None
    assert [e.count for e in call.seen(NotUnderstood)] == [1, 1, 2, 2]


def test_the_fifth_error_of_the_call_is_the_last():
    assert Conversation(MENU, errors_in_call=4).silence().exit == "failed"


def test_at_a_sensitive_moment_the_first_error_leads_to_a_person():
    call = Conversation(MENU + "sensitive: true\n").silence()
    assert call.exit == "person"


def test_own_reprompts_are_used():
    call = Conversation(MENU + "reprompt: {en-US: Sorry?}\nhelp: {en-US: Press 1 or 2.}\n").silence()
    assert call.said == "I did not hear anything. Sorry?"
    assert "Press 1 or 2." in call.silence().said


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("operator", "en-US"),
        ("I want to talk to an agent", "en-US"),
        ("转人工", "zh-CN"),
        ("我要找人工客服", "zh-CN"),
        ("agent", "zh-CN"),
    ],
)
def test_a_person_can_be_asked_for_in_words(said, language):
    call = Conversation(MENU, language=language).say(said)
    assert call.exit == "person"
    assert call.events[-1] == PersonRequested(node="node", how="words")


def test_zero_asks_for_a_person():
    call = Conversation(MENU).press("0")
    assert call.exit == "person"
    assert call.events == [PersonRequested(node="node", how="key")]


@pytest.mark.parametrize("how", ["key", "words"])
def test_nine_and_repeat_say_it_again_without_an_error(how):
    call = Conversation(MENU)
    first = call.said
    call = call.press("9") if how == "key" else call.say("repeat that please")
    assert call.said == first
    assert call.events == []


def test_star_and_back_go_back():
    assert Conversation(MENU).press("*").went_back
    assert Conversation(MENU, language="zh-CN").say("返回").went_back


def test_goodbye_ends_politely():
    call = Conversation(MENU, language="zh-CN").say("再见")
    assert call.end.outcome == "goodbye"
    assert "再见" in call.said


def test_an_own_choice_wins_over_nine_and_star():
    node = MENU.replace('key: "1"', 'key: "9"').replace('key: "2"', 'key: "*"')
    assert Conversation(node).press("9").exit == "track"
    assert Conversation(node).press("*").exit == "complain"


def test_a_listed_person_is_a_person():
    person = '  - {key: "0", name: person, label: {en-US: a person, zh-CN: 人工服务}}\nexits: {person: end,'
    node = MENU.replace("exits: {", person)
    call = Conversation(node)
    assert "For a person, press 0." in call.said
    assert call.press("0").exit == "person"
    call = Conversation(node).say("a person please")
    assert (call.exit, call.seen(PersonRequested)[0].how) == ("person", "words")


def test_the_choice_can_be_kept():
    assert Conversation(MENU + "value: topic\n").press("1").values == {"topic": "track"}


def test_global_keys_work_while_a_value_is_confirmed():
    call = Conversation(MENU).say("tracking", 0.6).press("9")
    assert "Is that right" in call.said
    assert call.press("0").exit == "person"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('key: "2"', 'key: "1"'), "same key"),
        (("name: complain", "name: track"), "same name"),
        (('key: "2"', 'key: "0"'), "Key 0 always leads to a person"),
        (("name: complain", "name: failed"), "exit for errors"),
    ],
)
def test_impossible_choices_are_refused(change, words):
    with pytest.raises(DocumentError, match=words):
        Conversation(MENU.replace(*change))
