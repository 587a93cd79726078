"""Choices, yes and no, and questions with answers."""

import pytest

from flows.understanding.choices import best_choice
from flows.understanding.questions import best_question
from flows.understanding.yes_no import after_no, yes_or_no

EN, ZH, KO = "en-US", "zh-CN", "ko-KR"
ENGLISH = {
    "track": ["parcel tracking", "where is my parcel", "track"],
    "collect": ["a collection", "pick up", "order a collection"],
    "complain": ["a complaint", "complain"],
}
CHINESE = {
    "track": ["查询快递", "查快递", "快递到哪了"],
    "collect": ["上门取件", "寄快递"],
    "complain": ["投诉", "我要投诉"],
}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("track", "track"),
        ("I want to track something", "track"),
        ("parcel traking", "track"),
        ("where's my parcel?", "track"),
        ("a compliant", "complain"),
        ("pick up please", "collect"),
        ("order collection", "collect"),
    ],
)
def test_an_english_choice_is_found(said, name):
    assert best_choice(said, ENGLISH, EN).value == name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("查快递", "track"),
        ("我想查一下快递到哪了", "track"),
        ("茶快递", "track"),
        ("头诉", "complain"),
        ("我要投诉你们", "complain"),
        ("上门去件", "collect"),
        ("寄个快递", "collect"),
    ],
)
def test_a_chinese_choice_is_found_even_by_its_sound(said, name):
    assert best_choice(said, CHINESE, ZH).value == name


@pytest.mark.parametrize(
    ("said", "choices", "language"),
    [
        ("what a lovely day", ENGLISH, EN),
        ("今天天气不错", CHINESE, ZH),
        ("", ENGLISH, EN),
        ("uh", ENGLISH, EN),
        ("快递", {"a": ["查快递"], "b": ["寄快递"]}, ZH),
    ],
)
def test_an_unclear_choice_is_none(said, choices, language):
    assert best_choice(said, choices, language) is None


def test_two_choices_in_one_breath_are_doubtful():
    assert not best_choice("track it or complain", ENGLISH, EN).exact


def test_a_resemblance_is_doubtful_and_the_words_are_not():
    assert best_choice("complain", ENGLISH, EN).exact
    assert not best_choice("complane", {"complain": ["complain"]}, EN).exact


@pytest.mark.parametrize(
    ("said", "language", "meaning"),
    [
        ("yes", EN, True),
        ("Yeah, that's right.", EN, True),
        ("no", EN, False),
        ("no that's wrong", EN, False),
        ("that's not right", EN, False),
        ("nope", EN, False),
        ("ok sure", EN, True),
        ("是的", ZH, True),
        ("对对对", ZH, True),
        ("没错", ZH, True),
        ("好的", ZH, True),
        ("嗯", ZH, True),
        ("不是", ZH, False),
        ("不对", ZH, False),
        ("不用了", ZH, False),
        ("没有了谢谢", ZH, False),
        ("yes", ZH, True),
        ("네", KO, True),
        ("맞아요", KO, True),
        ("아니요", KO, False),
    ],
)
def test_yes_and_no_are_understood(said, language, meaning):
    assert yes_or_no(said, language) is meaning


@pytest.mark.parametrize(
    ("said", "language"), [("maybe", EN), ("yes no", EN), ("november", EN), ("我要投诉", ZH), ("", ZH), ("eyes", EN)]
)
def test_neither_yes_nor_no_is_none(said, language):
    assert yes_or_no(said, language) is None


@pytest.mark.parametrize(
    ("said", "language", "rest"),
    [
        ("no, seven", EN, "seven"),
        ("no it's one two", EN, "one two"),
        ("不对，是一二三", ZH, "一二三"),
        ("no", EN, ""),
        ("seven", EN, None),
        ("november", EN, None),
    ],
)
def test_what_follows_a_no_is_heard(said, language, rest):
    assert after_no(said, language) == rest


QUESTIONS_EN = {
    "hours": ["when are you open", "what are your opening hours"],
    "price": ["how much does a parcel cost", "what is the price"],
    "lost": ["my parcel is lost", "what if my parcel is damaged"],
}
QUESTIONS_ZH = {
    "hours": ["你们几点上班", "营业时间是什么时候"],
    "price": ["寄快递多少钱", "运费怎么算"],
    "lost": ["快递丢了怎么办", "包裹损坏怎么赔偿"],
}


@pytest.mark.parametrize(
    ("said", "questions", "language", "name"),
    [
        ("when do you open", QUESTIONS_EN, EN, "hours"),
        ("opening hours please", QUESTIONS_EN, EN, "hours"),
        ("how much is it to send a parcel, what does it cost", QUESTIONS_EN, EN, "price"),
        ("my parcel got damaged", QUESTIONS_EN, EN, "lost"),
        ("你们营业时间", QUESTIONS_ZH, ZH, "hours"),
        ("几点开始上班啊", QUESTIONS_ZH, ZH, "hours"),
        ("运费多少钱", QUESTIONS_ZH, ZH, "price"),
        ("我的快递丢了", QUESTIONS_ZH, ZH, "lost"),
        ("包裹坏了怎么赔", QUESTIONS_ZH, ZH, "lost"),
    ],
)
def test_a_question_is_found_in_other_words(said, questions, language, name):
    assert best_question(said, questions, language, threshold=0.45)[0] == name


@pytest.mark.parametrize(
    ("said", "questions", "language"),
    [("do you sell umbrellas", QUESTIONS_EN, EN), ("今天天气怎么样", QUESTIONS_ZH, ZH), ("", QUESTIONS_EN, EN)],
)
def test_an_unknown_question_is_none(said, questions, language):
    assert best_question(said, questions, language, threshold=0.45) is None
