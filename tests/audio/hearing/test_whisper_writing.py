from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest

from audio.hearing.engines.pair_agreement import LIST_BONUS, with_list
from audio.hearing.engines.pair_confidence import pair_confidence
from audio.hearing.engines.whisper_belief import believable, built_confidence
from audio.hearing.engines.whisper_confidence import phrase_confidence
from audio.hearing.engines.whisper_evidence import Evidence, Weight, weigh, with_endings
from audio.hearing.engines.whisper_model import Written
from audio.hearing.engines.whisper_writing import (
    building_words,
    figures_of,
    for_reading,
    is_loop,
    without_loop,
    writings,
)
from audio.hearing.question import AnswerKind
from flows.understanding.dates import spoken_date
from flows.understanding.numbers import spoken_digits, spoken_number

SURE = Written(text="Operator.", mean=-0.1, total=-0.3, no_speech=0.02)


def evidence(*scores: float, fit: float = 0.0, distance: float = 0.0) -> Evidence:
    weights = tuple(
        Weight(phrase=f"phrase {at}", score=score, fit=fit, distance=distance) for at, score in enumerate(scores)
    )
    return Evidence(free=SURE, weights=weights)


@pytest.mark.parametrize(
    ("written", "digits"),
    [("7-7-8-8-1.", "77881"), ("7, 7, 8, 8, 1", "77881"), ("one two double three", "1233"), ("12 34", "1234")],
)
def test_digits_come_out_as_a_flow_reads_them(written: str, digits: str) -> None:
    text = for_reading(written, AnswerKind.DIGITS, "en-US")
    reading = spoken_digits(text, "en-US")
    assert reading is not None
    assert reading.value == digits
    assert figures_of(text, "en-US") == digits


def test_chinese_digits_numbers_and_dates_come_out_as_a_flow_reads_them() -> None:
    digits = spoken_digits(for_reading("幺三五，七七。", AnswerKind.DIGITS, "zh-CN"), "zh-CN")
    number = spoken_number(for_reading("十二。", AnswerKind.NUMBER, "zh-CN"), "zh-CN")
    day = spoken_date(for_reading("三月 三号。", AnswerKind.DATE, "zh-CN"), "zh-CN", date(2026, 1, 2))
    assert digits is not None
    assert digits.value == "13577"
    assert number is not None
    assert number.value == 12
    assert day is not None
    assert day.value == "2026-03-03"


def test_traditional_characters_are_simplified_but_where_they_are_at_home() -> None:
    assert for_reading("問題沒有解決", AnswerKind.OPEN, "zh-CN") == "问题没有解决"
    assert for_reading("問題沒有解決", AnswerKind.OPEN, "zh-TW") == "問題沒有解決"


def test_a_phrase_is_tried_in_the_ways_whisper_writes() -> None:
    assert writings("seven", "en-US") == (" Seven.", " seven", " 7.", " 7")
    assert " R." in writings("r", "en-US")
    assert writings("零", "zh-CN") == ("零", "0")
    assert writings("...", "en-US") == ()


def test_loops_are_seen_and_what_was_said_in_them_is_kept() -> None:
    assert without_loop("13. 13. 13. 13. 1") == "13"
    assert without_loop("Pause Pause Pause Pause Pause") == "Pause"
    assert is_loop("对,对,对,对,对,对,")
    assert not is_loop("no no")
    assert without_loop("call me back") == "call me back"


def test_digits_are_built_of_digits_and_open_answers_of_anything() -> None:
    assert " seven" in building_words(AnswerKind.DIGITS, "en-US")
    assert "B" not in building_words(AnswerKind.DIGITS, "en-US")
    assert "B" in building_words(AnswerKind.CODE, "en-US")
    assert "幺" in building_words(AnswerKind.DIGITS, "zh-CN")
    assert building_words(AnswerKind.OPEN, "en-US") == ()


def test_what_whisper_writes_over_silence_and_music_is_not_believed() -> None:
    assert believable(Written(text="Track a parcel.", mean=-0.2, total=-1.2, no_speech=0.01), 1.5)
    for text in ("Thanks for watching!", "字幕由 Amara.org 社区提供", "(music)", "...", "♪ ♪", "You"):
        assert not believable(Written(text=text, mean=-0.2, total=-1.0, no_speech=0.01), 2.0), text
    assert not believable(
        Written(text="and then he said that we all should go " * 3, mean=-0.2, total=-9, no_speech=0), 1
    )
    assert not believable(Written(text="a word", mean=-2.5, total=-9.0, no_speech=0.1), 1.0)


def test_what_silence_expects_is_taken_off_a_phrase() -> None:
    common = weigh("thank you", [" Thank you."], [-6.0], [-2.0], free=SURE, sounds=7, distance=0.6)
    rare = weigh("zulu", [" Zulu."], [-6.5], [-14.0], free=SURE, sounds=4, distance=0.6)
    assert rare.score > common.score


def test_a_phrase_that_goes_on_gives_way_to_the_longer_one() -> None:
    found = with_endings(evidence(-1.0, -2.0), [-4.0, -0.1])
    assert [weight.phrase for weight in found.weights] == ["phrase 1", "phrase 0"]


def test_confidence_grows_with_the_lead_and_falls_with_the_distance() -> None:
    for language in ("en-US", "zh-CN"):
        sure = phrase_confidence(evidence(-1.0, -9.0), language)
        close = phrase_confidence(evidence(-1.0, -1.3), language)
        unlike = phrase_confidence(evidence(-1.0, -3.0, fit=-3.0, distance=0.9), language)
        assert unlike < close < sure
        assert sure > 0.75
        assert unlike < 0.45
    assert math.isinf(evidence(-1.0).gap)
    assert phrase_confidence(evidence(-1.0, fit=-3.0, distance=0.9), "en-US") < 0.45, "alone is not yet right"


def test_the_other_engines_list_adds_to_its_phrases_on_any_scale() -> None:
    for scale in (1.0, 1e-4):
        found = with_list(evidence(-1.0, -2.0, -6.0), [("phrase 1", -3 * scale), ("phrase 2", -9 * scale)])
        assert found.weights[0].phrase == "phrase 1"
        assert found.weights[0].score == pytest.approx(-2.0 + LIST_BONUS)
    assert with_list(evidence(-1.0, -2.0), []) == evidence(-1.0, -2.0)


def test_two_engines_that_agree_are_surer_than_one_and_two_that_do_not_less_sure() -> None:
    alone = phrase_confidence(evidence(-1.0, -3.0), "en-US")
    agreed = pair_confidence(evidence(-1.0, -3.0), [("phrase 0", -1.0), ("phrase 1", -2.0)], "en-US")
    apart = pair_confidence(evidence(-1.0, -3.0), [("phrase 7", -1.0)], "en-US")
    assert apart < alone < agreed
    assert pair_confidence(evidence(-1.0, -3.0), [], "en-US") == alone


def test_figures_that_the_model_would_not_have_written_or_read_in_two_ways_are_less_sure() -> None:
    built = Written(text="1 2 3", mean=-0.2, total=-1.0, no_speech=0.0)
    other = replace(built, text="1 2 2", total=-1.5)
    sure = built_confidence([built, other], ["123", "123"], replace(SURE, total=-1.0))
    assert built_confidence([built, other], ["123", "123"], replace(SURE, total=8.0)) < 0.45 < sure
    assert built_confidence([built, other], ["123", "122"], replace(SURE, total=-1.0)) < 0.75 < sure
