"""collect"""

import pytest

from flows.documents import DocumentError
from flows.events import NotUnderstood, Understood
from tests.flows.nodes.conversation import Conversation


def node(kind, more=""):
    return f"""
type: collect
kind: {kind}
value: it
prompt: {{en-US: What is it?, zh-CN: 请问是什么？}}
exits: {{next: end}}
{more}
"""


CHOICES = """
choices:
  - {key: "1", name: small, label: {en-US: small, zh-CN: 小}}
  - {key: "2", name: large, label: {en-US: large, zh-CN: 大号}, words: {zh-CN: [大的, 大]}}
"""


@pytest.mark.parametrize(
    ("kind", "more", "keys", "value"),
    [
        ("digits", "", "0042", "0042"),
        ("number", "", "42", 42),
        ("amount", "", "12*50", 12.5),
        ("date", "", "1205", "2026-12-05"),
        ("date", "", "20261205", "2026-12-05"),
        ("time", "", "1530", "15:30"),
        ("datetime", "", "12051530", "2026-12-05T15:30:00+08:00"),
        ("yes_no", "", "1", True),
        ("yes_no", "", "2", False),
        ("phone", "", "13800138000", "+8613800138000"),
        ("tracking", "prefix: RB", "12345678", "RB12345678"),
        ("choice", CHOICES, "2", "large"),
    ],
)
def test_each_kind_is_collected_by_keys_alone(kind, more, keys, value):
    call = Conversation(node(kind, more)).press(keys)
    assert call.exit == "next"
    assert call.values == {"it": value}
    assert call.events == [Understood(node="node", value=value, mode="keys")]


@pytest.mark.parametrize(
    ("kind", "more", "said", "language", "value"),
    [
        ("digits", "", "double oh four two", "en-US", "0042"),
        ("digits", "", "零零四二", "zh-CN", "0042"),
        ("number", "", "forty two", "en-US", 42),
        ("number", "", "四十二", "zh-CN", 42),
        ("amount", "", "twelve dollars fifty", "en-US", 12.5),
        ("amount", "", "十二块五", "zh-CN", 12.5),
        ("date", "", "December fifth", "en-US", "2026-12-05"),
        ("date", "", "下周三", "zh-CN", "2026-11-25"),
        ("time", "", "half past three pm", "en-US", "15:30"),
        ("time", "", "下午三点半", "zh-CN", "15:30"),
        ("datetime", "", "tomorrow at 3 pm", "en-US", "2026-11-22T15:00:00+08:00"),
        ("datetime", "", "明天下午三点", "zh-CN", "2026-11-22T15:00:00+08:00"),
        ("yes_no", "", "yes", "en-US", True),
        ("yes_no", "", "不是", "zh-CN", False),
        ("phone", "", "幺三八零零幺三八零零零", "zh-CN", "+8613800138000"),
        ("tracking", "", "R B one two three four", "en-US", "RB1234"),
        ("tracking", "prefix: RB", "一二三四", "zh-CN", "RB1234"),
        ("choice", CHOICES, "large", "en-US", "large"),
        ("choice", CHOICES, "大的", "zh-CN", "large"),
    ],
)
def test_each_kind_is_collected_by_speech_alone(kind, more, said, language, value):
    call = Conversation(node(kind, more), language=language).say(said)
    assert call.exit == "next"
    assert call.values == {"it": value}


@pytest.mark.parametrize(
    ("kind", "more", "keys"),
    [
        ("digits", "{min_length: 6}", "123"),
        ("digits", "{max_length: 4}", "12345"),
        ("digits", "{pattern: '[1-3]+'}", "124"),
        ("digits", "{check: damm}", "5725"),
        ("number", "{min: 2, max: 5}", "6"),
        ("amount", "{max: 100}", "101"),
        ("date", "{earliest_days: 1}", "1121"),
        ("date", "{latest_days: 14}", "1231"),
        ("date", "{}", "0230"),
        ("time", "{}", "2560"),
        ("phone", "{}", "12345"),
        ("datetime", "{earliest_days: 0}", "202611210900"),
    ],
)
def test_a_value_outside_its_limits_is_asked_for_again(kind, more, keys):
    fields = more.strip("{}").replace(", ", "\n")
    call = Conversation(node(kind, fields)).press(keys)
    assert call.exit is None
    assert call.seen(NotUnderstood)[0].kind == "no-match"
    assert call.said.endswith("What is it?")


def test_a_wrong_check_digit_is_told():
    call = Conversation(node("digits", "check: damm")).press("5725")
    assert call.said.startswith("That number is not complete or has a wrong digit.")
    assert call.press("5724").values == {"it": "5724"}


@pytest.mark.parametrize(
    ("policy", "keys_confirm", "sure_speech_confirms", "unsure_speech_confirms"),
    [
        ("always", True, True, True),
        ("speech", False, True, True),
        ("low_confidence", False, False, True),
        ("never", False, False, False),
    ],
)
def test_the_policy_says_when_a_value_is_read_back(policy, keys_confirm, sure_speech_confirms, unsure_speech_confirms):
    text = node("digits", f"confirm: {policy}")
    assert (Conversation(text).press("1234").exit is None) is keys_confirm
    assert (Conversation(text).say("one two three four", 0.9).exit is None) is sure_speech_confirms
    assert (Conversation(text).say("one two three four", 0.5).exit is None) is unsure_speech_confirms


def test_a_value_is_read_back_in_groups_and_taken_after_a_yes():
    call = Conversation(node("digits", "confirm: always")).press("123456")
    assert "1 2 3, 4 5 6" in call.said
    assert call.say("that's right").values == {"it": "123456"}


def test_a_no_with_the_right_value_corrects():
    call = Conversation(node("digits", "confirm: speech")).say("one two three four").say("no, one two three five")
    assert "1 2 3 5" in call.said
    assert call.say("yes").values == {"it": "1235"}


def test_the_right_value_alone_corrects_in_chinese():
    call = Conversation(node("digits", "confirm: speech"), language="zh-CN").say("一二三四").say("不对，是一二三五")
    assert "1 2 3 5" in call.said
    assert call.say("对").values == {"it": "1235"}


def test_corrections_do_not_go_on_for_ever():
    call = Conversation(node("digits", "confirm: speech")).say("one two").say("no, one three").say("no, one four")
    assert call.exit is None
    assert call.say("no, one five").exit == "failed"


def test_a_lone_zero_is_a_person_unless_it_is_an_answer():
    assert Conversation(node("digits", "min_length: 4")).press("0").exit == "person"
    assert Conversation(node("date")).press("0").exit == "person"
    assert Conversation(node("number", "min: 1")).press("0").exit == "person"
    assert Conversation(node("number", "min: 0")).press("0").values == {"it": 0}
    assert Conversation(node("digits")).press("0").values == {"it": "0"}
    assert Conversation(node("digits", "min_length: 4")).press("0090").values == {"it": "0090"}


def test_nine_repeats_unless_it_is_an_answer():
    assert Conversation(node("time")).press("9").events == []
    assert Conversation(node("number", "min: 1")).press("9").values == {"it": 9}


def test_fixed_lengths_end_by_themselves():
    six = Conversation(node("digits", "min_length: 6\nmax_length: 6"))
    assert six.gather.num_digits == 6
    assert Conversation(node("yes_no")).gather.num_digits == 1
    assert Conversation(node("digits")).gather.finish_on_key == "#"


def test_the_fuller_reprompt_explains_how_to_say_and_key_it():
    call = Conversation(node("date")).silence().silence()
    assert "Or key in two digits for the month" in call.said


def test_days_are_the_caller_s_where_the_service_number_is():
    # 17:00 UTC on the 21st is the 22nd in Shanghai already.
    from tests.flows.nodes.conversation import NOW

    call = Conversation(node("date"), now=NOW.replace(hour=17)).say("tomorrow")
    assert call.values == {"it": "2026-11-23"}
    call = Conversation(node("date", "zone: Europe/London"), now=NOW.replace(hour=17)).say("tomorrow")
    assert call.values == {"it": "2026-11-22"}


def test_amounts_are_read_back_in_their_currency():
    call = Conversation(node("amount", "confirm: always\ncurrency: USD")).press("12*50")
    assert "12.50 US dollars" in call.said


def test_hints_fit_the_kind():
    assert "double" in Conversation(node("digits")).gather.hints
    assert "tomorrow" in Conversation(node("date")).gather.hints
    assert "yes" in Conversation(node("yes_no")).gather.hints
    assert "大号" in Conversation(node("choice", CHOICES), language="zh-CN").gather.hints


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (node("choice"), "Choices belong to the kind choice"),
        (node("digits", CHOICES), "Choices belong to the kind choice"),
        (node("digits", "min_length: 9\nmax_length: 3"), "larger than max_length"),
        (node("digits", "pattern: '['"), "not a regular expression"),
    ],
)
def test_impossible_settings_are_refused(text, words):
    with pytest.raises(DocumentError, match=words):
        Conversation(text)
