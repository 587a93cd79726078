"""Numbers and codes are heard in groups with a pause between them, and letters as letters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest

from audio.loudness import frame_powers
from audio.pcm import Pcm
from audio.speaking_rate import estimate_seconds
from audio.voices.codes import clear_letters, groups
from audio.voices.pyttsx3 import Pyttsx3Voice
from flows.text import render

FRAME_S = 0.01
QUIET_DBFS = -45.0


@pytest.fixture(scope="module")
def voice() -> Iterator[Pyttsx3Voice]:
    voice = Pyttsx3Voice()
    yield voice
    voice.close()


def pauses_ms(sound: Pcm, at_least_ms: int) -> list[int]:
    """The pauses within the sound that are so long."""
    loud = frame_powers(sound, FRAME_S) > (32768 * 10 ** (QUIET_DBFS / 20)) ** 2
    edges = np.flatnonzero(loud)
    return [int(gap - 1) * 10 for gap in np.diff(edges) if (gap - 1) * 10 >= at_least_ms]


@pytest.mark.speech
@pytest.mark.parametrize("language", ["en-US", "zh-CN", "ko-KR"])
def test_the_groups_of_a_tracking_number_are_pauses_apart(voice: Pyttsx3Voice, language: str) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    said = render("{{ code | digits }}", {"code": "RB11234567"}, language, now).text
    assert len(groups(said)) == 3
    pauses = pauses_ms(voice.synthesize(said, language), at_least_ms=150)
    assert len(pauses) == 2
    assert all(200 <= pause <= 500 for pause in pauses)


@pytest.mark.speech
def test_spelled_letters_are_pauses_apart(voice: Pyttsx3Voice) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    for language in ("en-US", "zh-CN"):
        said = render("{{ code | spell }}", {"code": "AB7"}, language, now).text
        assert len(pauses_ms(voice.synthesize(said, language), at_least_ms=220)) >= 2, language


@pytest.mark.speech
def test_the_letter_a_of_a_code_is_as_long_as_a_letter_and_not_an_article(voice: Pyttsx3Voice) -> None:
    letter, article = (voice.synthesize(text, "en-US").duration_s for text in ("A 1, 2", "a 1, 2"))
    assert letter > article + 0.05


@pytest.mark.speech
def test_cantonese_is_read_from_characters(voice: Pyttsx3Voice) -> None:
    said = "您好，歡迎致電快遞熱線。"
    assert voice.synthesize(said, "zh-HK").duration_s == pytest.approx(estimate_seconds(said, "zh-HK"), rel=0.35)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Your number is R B, 1 2 3, 4 5 6 7", ["Your number is R B,", "1 2 3,", "4 5 6 7"]),
        ("您的运单号是R B，1 2 3，4 5 6 7，对吗？", ["您的运单号是R B，", "1 2 3，", "4 5 6 7，对吗？"]),
        ("A as in Alpha, B as in Bravo, 7", ["A as in Alpha,", "B as in Bravo,", "7"]),
        ("apple 的 A，boy 的 B，7", ["apple 的 A，", "boy 的 B，", "7"]),
        ("I, a caller, want a parcel, please", ["I, a caller, want a parcel, please"]),
        ("In 2025, 12 parcels, 3 letters", ["In 2025, 12 parcels, 3 letters"]),
        ("您好，请按1，谢谢", ["您好，请按1，谢谢"]),
    ],
)
def test_a_code_is_cut_after_its_groups_and_nothing_else_is(text: str, pieces: list[str]) -> None:
    assert groups(text) == pieces


def test_only_a_letter_of_a_code_is_read_as_one() -> None:
    assert clear_letters("A 1 B A, B A") == "eh 1 B eh, B eh"
    assert clear_letters("A as in Alpha, A") == "eh as in Alpha, A"
    for text in ("A parcel", "a B 2", "It's A's", "AB 12", "USA 1"):
        assert clear_letters(text) == text
