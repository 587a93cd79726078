"""Long values said in several breaths, and parts of them corrected."""

import pytest

from flows.events import NotUnderstood, Understood
from telephony.verbs import Expects
from tests.flows.nodes.conversation import Conversation


def node(kind="tracking", more="min_length: 8\nmax_length: 14\nconfirm: speech"):
    return f"""
type: collect
kind: {kind}
value: it
prompt: {{en-US: What is it?, zh-CN: 请问是什么？}}
exits: {{next: end}}
{more}
"""


def test_a_code_is_said_in_groups_each_said_back_until_it_is_complete():
    call = Conversation(node()).say("R B one two")
    assert call.said == "R B 1 2, go on."
    assert call.gather.expects is Expects.CODE
    call.say("three four")
    assert call.said == "3 4, go on."
    call.say("five six")
    assert call.said.startswith("You said R B 1 2, 3 4 5 6. Is that right?")
    assert call.say("yes").values == {"it": "RB123456"}
    assert call.seen(NotUnderstood) == []
    assert call.seen(Understood)[0].heard == "R B one two three four five six"


def test_groups_go_on_in_chinese_and_korean():
    call = Conversation(node(), language="zh-CN").say("R B 七七").say("八八")
    assert call.said == "8 8，请继续。"
    assert "R B 7 7" in call.say("六六").said
    assert call.say("对").values == {"it": "RB778866"}
    call = Conversation(node("digits"), language="ko-KR").say("일 이 삼 사")
    assert call.said == "1 2 3 4, 계속 말씀해 주세요."
    assert call.say("오 육 칠 팔").say("네").values == {"it": "12345678"}


def test_a_no_right_after_a_group_corrects_that_group():
    call = Conversation(node("digits")).say("one two three").say("no, one two four")
    assert call.said == "1 2 4, go on."
    call.say("five five six").say("no, the last one is seven")
    assert call.said == "5 5 7, go on."
    call.say("no, nine")
    assert call.said == "5 9 7, go on."
    call.say("no")
    assert call.said == "All right. Say it again, please."
    call.say("five six seven").say("eight nine").say("yes")
    assert call.values == {"it": "12456789"}
    assert call.seen(NotUnderstood) == []


def test_a_no_corrects_in_chinese():
    call = Conversation(node("digits"), language="zh-CN").say("一二三一").say("不对，是七")
    assert call.said == "1 2 3 7，请继续。" or call.said == "7 2 3 1，请继续。"
    call = Conversation(node("digits"), language="zh-CN").say("一二三四").say("不对，最后一位是五")
    assert call.said == "1 2 3 5，请继续。"


def test_keys_win_over_groups_and_may_go_on_with_them():
    assert Conversation(node()).say("R B one two").press("12345678#").values == {"it": "12345678"}
    assert Conversation(node()).say("R B one two").press("3456").values == {"it": "RB123456"}


def test_silence_and_unclear_words_keep_the_groups_and_count():
    call = Conversation(node("digits")).say("one two three").silence()
    assert call.said.endswith("So far I have 1 2 3. Please go on, or say that's all.")
    assert [e.kind for e in call.seen(NotUnderstood)] == ["no-input"]
    call.say("my parcel is somewhere in the rain")
    assert [e.kind for e in call.seen(NotUnderstood)] == ["no-input", "no-match"]
    assert call.say("four five six seven eight").say("yes").values == {"it": "12345678"}


def test_whoever_says_that_was_all_is_told_what_is_missing():
    call = Conversation(node("digits")).say("one two three").say("that's all")
    assert call.said.startswith("That number is not complete or has a wrong digit.")
    assert call.said.endswith("What is it?")
    assert call.say("one two three four five six seven eight that's it").say("yes").values == {"it": "12345678"}


def test_a_value_begun_again_from_the_front_replaces_the_groups():
    call = Conversation(node("digits")).say("one two three").say("one two three four five six seven eight")
    assert "1 2 3 4, 5 6 7 8" in call.said


def test_a_check_digit_demanded_says_when_a_number_is_complete():
    text = node("digits", "min_length: 4\nmax_length: 12\ncheck: luhn\nconfirm: never")
    call = Conversation(text).say("seven nine nine two")
    assert call.said == "7 9 9 2, go on."
    assert call.say("seven three nine").said == "7 3 9, go on."
    assert call.say("eight seven one three").values == {"it": "79927398713"}


def test_groups_do_not_go_on_for_ever():
    call = Conversation(node("digits", "min_length: 40\nmax_length: 40"))
    for _ in range(13):
        call.say("one two")
    assert call.seen(NotUnderstood)
    call = Conversation(node("digits", "min_length: 8\nmax_length: 8")).say("one two three four five")
    assert call.say("one two three four").said.startswith("That number is not complete")


@pytest.mark.parametrize("said", ["hey", "one", "where is it", "lost"])
def test_what_is_no_group_is_not_understood(said):
    call = Conversation(node()).say(said)
    assert [e.kind for e in call.seen(NotUnderstood)] == ["no-match"]


def test_badly_heard_digits_are_no_group_and_a_doubtful_group_is_read_back_at_the_end():
    assert Conversation(node("digits")).say("one two three", 0.2).seen(NotUnderstood)
    text = node("digits", "min_length: 6\nconfirm: low_confidence")
    call = Conversation(text).say("one two three", 0.6).say("four five six", 0.95)
    assert "You said 1 2 3, 4 5 6" in call.said
    sure = Conversation(text).say("one two three", 0.9).say("four five six", 0.95)
    assert sure.values == {"it": "123456"}


def test_global_words_mean_the_same_between_groups():
    call = Conversation(node("digits")).say("one two three")
    assert call.say("say that again").said == "So far I have 1 2 3. Please go on, or say that's all."
    assert call.say("operator").exit == "person"


def test_a_telephone_number_is_said_in_groups():
    call = Conversation(node("phone", "confirm: speech"), language="zh-CN").say("一三八零零")
    assert "请继续" in call.said
    assert call.say("一三八").said == "1 3 8，请继续。"
    assert "对吗" in call.say("零零零").said
    assert call.say("不对，最后一位是一").said.startswith("您说的是1 3 8")
    assert call.say("对").values == {"it": "+8613800138001"}


@pytest.mark.parametrize(
    ("language", "first", "correction", "yes", "value"),
    [
        ("en-US", "R B seven seven eight eight six six", "no, the last one is seven", "yes", "RB778867"),
        ("en-US", "R B seven seven eight eight six five", "no, nine", "yes", "RB778869"),
        ("en-US", "R B seven seven eight eight six six", "no, eight eight seven six", "yes", "RB778876"),
        ("en-US", "R B seven seven eight eight six six", "the third digit is five", "yes", "RB775866"),
        ("en-US", "R B seven seven eight eight six six", "no, R P", "yes", "RP778866"),
        ("zh-CN", "R B 七七八八六六", "不对，最后一位是七", "对", "RB778867"),
        ("zh-CN", "R B 七七八八六六", "不是，是九", "对的", "RB778869"),
        ("zh-CN", "R B 七七八八六六", "不对，八八六五", "对", "RB778865"),
    ],
)
def test_a_part_of_the_value_read_back_is_corrected_and_asked_again(language, first, correction, yes, value):
    call = Conversation(node(), language=language).say(first).say(correction)
    assert call.exit is None
    assert call.say(yes).values == {"it": value}
    assert [e.kind for e in call.seen(NotUnderstood)] == ["no-match"]


def test_yes_or_a_key_named_aloud_is_no_correction():
    call = Conversation(node("digits", "confirm: always")).press("1234").say("one")
    assert call.seen(NotUnderstood)
    assert call.say("yes").values == {"it": "1234"}
