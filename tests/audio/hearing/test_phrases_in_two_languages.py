"""The choice of a language is heard in each of the languages."""

from __future__ import annotations

import math

from audio.hearing.engines.whisper_evidence import Evidence, Weight, together
from audio.hearing.engines.whisper_model import Written
from audio.hearing.engines.whisper_tongues import by_tongue
from audio.hearing.question import Question

SILENT = Written(text="", mean=0.0, total=0.0, no_speech=0.0)


def weight(phrase: str, score: float) -> Weight:
    return Weight(phrase=phrase, score=score, fit=0.0, distance=0.0, writing=phrase)


def test_english_words_among_chinese_phrases_are_asked_for_in_english() -> None:
    own, foreign = by_tongue(Question(language="zh-CN", phrases=("中文", "English", "英语", "I want English", "1")))
    assert (own.language, own.phrases) == ("zh-CN", ("中文", "英语", "1"))
    assert (foreign.language, foreign.phrases) == ("en", ("English", "I want English"))


def test_phrases_of_one_language_are_one_question() -> None:
    for question in (
        Question(language="zh-CN", phrases=("中文", "英语")),
        Question(language="en-US", phrases=("English", "中文")),
        Question(language="fr-FR", phrases=("bonjour",)),
    ):
        assert by_tongue(question) == (question,)


def test_the_likeliest_phrase_of_both_languages_comes_first() -> None:
    english = Evidence(
        free=Written(text="English.", mean=0.0, total=-1.0, no_speech=0.0), weights=(weight("English", 3),)
    )
    chinese = Evidence(free=SILENT, weights=(weight("英语", 1), weight("中文", -2)))
    both = together([chinese, english])
    assert [one.phrase for one in both.weights] == ["English", "英语", "中文"]
    assert both.free.text == "English."
    assert both.gap == 2


def test_with_nothing_to_say_in_any_language_there_is_no_evidence() -> None:
    nothing = together([Evidence(free=SILENT, weights=()), Evidence(free=SILENT, weights=())])
    assert nothing.weights == ()
    assert nothing.gap == math.inf
