"""From a question to grammars, and from words back to the answer."""

from __future__ import annotations

import re
from datetime import date

import pytest

from audio.hearing.grammar.answers import BOOKS, answer_rule, answer_text, readings
from audio.hearing.grammar.rules import Again, InOrder, Maybe, OneOf, as_jsgf, in_order, one_of, words_of
from audio.hearing.grammar.vosk_words import fillers, pieces, unknown_to, vosk_words
from audio.hearing.question import AnswerKind, Question
from flows.understanding.asian_numbers import CHINESE
from flows.understanding.asian_numbers import digits as chinese_digits
from flows.understanding.dates import spoken_date
from flows.understanding.english_numbers import digits as english_digits
from flows.understanding.tracking import spoken_code

MENU = Question(language="en-US", phrases=("Track a parcel", "Speed-dial #1", "Operator", "operator"))


def test_a_rule_is_written_as_one_public_jsgf_rule_and_repetition_calls_itself() -> None:
    rule = in_order(Maybe("uh"), OneOf(("a", "b"), (1.0, 0.5)), Again(one_of("x y")))
    lines = as_jsgf(rule, name=str.upper).splitlines()
    assert lines[0] == "#JSGF V1.0;"
    assert lines[2].startswith("<loop0> = /0.99")
    assert lines[2].endswith("(X | Y) <loop0>;")
    assert lines[3] == "public <answer> = ([UH] (/1/ A | /0.5/ B) <loop0>);"


def test_phrases_are_read_back_as_the_question_writes_them() -> None:
    assert answer_text(MENU, ["uh", "track", "a", "parcel", "please"]) == "Track a parcel"
    assert answer_text(MENU, ["speed", "dial", "pound", "one"]) == "Speed-dial #1"
    assert answer_text(MENU, ["operator"]) == "Operator"
    assert answer_text(MENU, ["track", "operator"]) == ""
    assert len(readings(MENU)) == 3


def test_chinese_phrases_are_single_words_and_come_back_in_characters() -> None:
    question = Question(language="zh-CN", phrases=("查快递", "转 人工"))
    assert set(words_of(answer_rule(question, small_words=False) or "")) == {"查快递", "转人工"}
    assert answer_text(question, ["嗯", "转人工"]) == "转 人工"


def test_an_open_question_has_no_grammar_and_a_menu_of_nothing_neither() -> None:
    assert answer_rule(Question(language="en-US", kind=AnswerKind.OPEN)) is None
    assert answer_rule(Question(language="en-US", phrases=("…",))) is None
    assert answer_rule(Question(language="fr-FR", kind=AnswerKind.DIGITS)) is None


def first_way(rule: object) -> list[str]:
    """The words of the first choice everywhere, without what may be left out."""
    match rule:
        case str():
            return [rule]
        case OneOf(choices):
            return first_way(choices[0])
        case InOrder(parts):
            return [word for part in parts for word in first_way(part)]
        case Maybe():
            return []
        case Again(part):
            return first_way(part)
    raise AssertionError(rule)


def test_what_the_grammars_allow_the_flows_understand() -> None:
    assert english_digits(["double", "three", "oh"]) == ("330", True)
    assert chinese_digits("幺三零两", CHINESE) == "1302"
    for language in ("en-US", "zh-CN", "ko-KR"):
        question = Question(language=language, kind=AnswerKind.DATE)
        rule = BOOKS[language[:2]].RULES[AnswerKind.DATE]
        for way in rule.choices:
            text = answer_text(question, first_way(way))
            assert spoken_date(text, language, date(2026, 11, 22)), (language, text)
    code = Question(language="en-US", kind=AnswerKind.CODE)
    heard = spoken_code(answer_text(code, ["s", "foxtrot", "double", "three", "oh"]), "en-US")
    assert heard is not None
    assert heard.value == "SF330"


@pytest.mark.parametrize("kind", [k for k in AnswerKind if k not in (AnswerKind.OPEN, AnswerKind.PHRASES)])
@pytest.mark.parametrize("language", ["en-US", "zh-CN", "ko-KR"])
def test_every_kind_of_answer_has_a_grammar_with_the_phrases_that_hold_everywhere(
    kind: AnswerKind, language: str
) -> None:
    phrase = {"en-US": "operator", "zh-CN": "人工", "ko-KR": "상담원"}[language]
    rule = answer_rule(Question(language=language, kind=kind, phrases=(phrase,)))
    assert rule is not None
    assert phrase in words_of(rule)
    names = {word: f"w{at}" for at, word in enumerate(dict.fromkeys(words_of(rule)))}
    assert re.fullmatch(r"[\x20-\x7e\n]+", as_jsgf(rule, names.__getitem__))


def test_vosk_gets_only_words_it_knows_with_fillers_after_them() -> None:
    known = {"track", "a", "parcel", "speed", "dial", "one", "pound", "the", "and", "[unk]"}
    words = vosk_words(MENU, known.__contains__)
    assert set(words) <= known
    assert words[:3] == ["track", "a", "parcel"]
    assert words[-1] == "[unk]"
    assert unknown_to(MENU, known.__contains__) == ("operator",)
    assert vosk_words(Question(language="en-US", phrases=("xyzzy",)), known.__contains__) == []
    digits = vosk_words(Question(language="en-US", kind=AnswerKind.DIGITS), lambda word: True)
    assert {"oh", "double", "nine"} <= set(digits)
    assert 35 <= len(fillers("en-US")) <= 60


def test_a_korean_word_the_model_lacks_is_heard_in_pieces_and_an_english_one_is_not() -> None:
    known = {"클릭", "합니다", "call", "back"}.__contains__
    assert pieces("클릭합니다", known) == ("클릭", "합니다")
    assert pieces("callback", known) == ()
