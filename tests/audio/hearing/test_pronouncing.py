"""How words sound."""

from __future__ import annotations

import pytest

from audio.hearing.engines.pocketsphinx_mandarin import PHONES, word_sounds
from audio.hearing.pronouncing import MOST_VARIANTS, knows, phones, word_phones


def said(text: str, language: str) -> list[str]:
    return [" ".join(way) for way in phones(text, language)]


def test_english_words_come_from_the_dictionary_with_all_their_ways() -> None:
    assert said("Hello world.", "en-US") == ["HH AH L OW W ER L D", "HH EH L OW W ER L D"]
    assert knows("hello", "en-US")


def test_abbreviations_are_spelled_and_figures_are_read() -> None:
    assert said("USB", "en-GB") == ["Y UW EH S B IY"]
    assert said("12", "en-US")[0] == "T W EH L V"
    assert said("H.323", "en-US")[0] == "EY CH TH R IY T UW TH R IY"


def test_a_word_that_no_dictionary_holds_is_read_by_rule_and_told_as_unknown() -> None:
    assert said("brumkel", "en-US") == ["B R AH M K EH L"]
    assert not knows("brumkel", "en-US")
    assert said("voicemail", "en-US")[0] == "V OY S M EY L"


def test_mandarin_is_pinyin_without_tones_and_a_second_reading_is_a_variant() -> None:
    assert said("人工", "zh-CN") == ["ren gong"]
    assert said("银行", "zh-CN") == ["yin hang", "yin xing"]
    assert said("女儿12号", "zh-CN") == ["nv er yi er hao"]
    assert said("SF一二", "zh-CN") == ["ai si ai fu yi er"]


def test_what_cannot_be_said_has_no_sound() -> None:
    assert phones("…!", "en-US") == ()
    assert phones("", "zh-CN") == ()


def test_variants_of_a_long_phrase_stay_few() -> None:
    assert 1 < len(phones("the a either neither data route the a either the a", "en-US")) <= MOST_VARIANTS


@pytest.mark.parametrize(
    ("word", "sound"),
    [
        ("人工", "r en g ong"),
        ("是", "sh ib"),
        ("四", "s if"),
        ("取", "q ux"),
        ("雨", "uxs ux"),
        ("二", "es er"),
        ("有", "y ou"),
    ],
)
def test_syllables_become_phones_of_the_mandarin_model(word: str, sound: str) -> None:
    assert " ".join(word_sounds(word)[0]) == sound


def test_every_common_syllable_is_made_of_phones_the_model_has() -> None:
    characters = (
        "零一二三四五六七八九十百千万月号日年点分半刻天周星期上下午晚早中"
        "今明后昨前查询快递投诉营业时间人工服务女绿略云元月"
    )
    assert all(word_sounds(character) for character in characters)
    assert all(PHONES.issuperset(way) for character in characters for way in word_sounds(character))


def test_korean_is_taken_apart_into_letters() -> None:
    assert len(word_phones("배송", "ko-KR")[0]) == 5
