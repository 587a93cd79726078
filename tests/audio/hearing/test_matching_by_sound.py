from __future__ import annotations

import pytest

from audio.hearing.matching import UNLIKE, nearest, sound_distance, sound_length
from audio.hearing.matching_costs import split_syllable

LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")


def test_texts_that_sound_the_same_have_no_distance_however_they_are_written() -> None:
    assert sound_distance("four", "for", "en-US") == 0.0
    assert sound_distance("Two!", "too", "en-US") == 0.0
    assert sound_distance("油间", "邮件", "zh-CN") == 0.0
    assert sound_distance("是", "十", "zh-CN") == 0.0, "tones are not compared"


@pytest.mark.parametrize(
    ("heard", "meant", "other", "language"),
    [
        ("sixty", "sixteen", "seven", "en-US"),
        ("fin", "thin", "bin", "en-US"),
        ("are", "r", "b", "en-US"),
        ("有主", "邮局", "电话", "zh-CN"),
        ("四", "是", "百", "zh-CN"),
        ("蓝", "南", "慢", "zh-CN"),
    ],
)
def test_what_a_telephone_blurs_is_nearer_than_what_it_does_not(
    heard: str, meant: str, other: str, language: str
) -> None:
    assert sound_distance(heard, meant, language) < sound_distance(heard, other, language)


def test_the_distance_is_the_same_both_ways_and_at_most_one() -> None:
    for heard, meant in (("operator", "track a parcel"), ("yes", "no"), ("a", "the conference has ended")):
        there, back = sound_distance(heard, meant, "en-US"), sound_distance(meant, heard, "en-US")
        assert there == pytest.approx(back)
        assert 0.0 < there <= 1.0


def test_a_text_that_cannot_be_said_is_like_nothing() -> None:
    assert sound_distance("", "yes", "en-US") == UNLIKE
    assert sound_distance("♪ ...", "yes", "en-US") == UNLIKE
    assert nearest("…", ("yes", "no"), "en-US", 1) == (("yes", UNLIKE),)


def test_the_nearest_phrases_come_first_out_of_many() -> None:
    phrases = (*LETTERS, "track a parcel", "file a complaint", "speak to an agent", "yes", "no")
    found = nearest("truck a parcel", phrases, "en-US", 3)
    assert found[0][0] == "track a parcel"
    assert [distance for _, distance in found] == sorted(distance for _, distance in found)
    assert len(found) == 3


def test_syllables_fall_into_initial_and_final() -> None:
    assert split_syllable("zhong") == ("zh", "ong")
    assert split_syllable("an") == ("an",)
    assert sound_length("中国", "zh-CN") == 4
    assert sound_length("?", "zh-CN") == 0
