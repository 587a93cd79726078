"""What recognisers are measured on."""

from __future__ import annotations

import numpy as np
import pytest

from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import AnswerKind, Question
from audio.pcm import Pcm
from bench.speech import accuracy, accuracy_page
from bench.speech.material import has_corpus, sets
from bench.speech.noise import on_the_line
from bench.speech.subjects import Subject
from bench.speech.test_sets import Condition, Half, Said, TestSet, spread

TONE = Pcm(samples=(8000 * np.sin(np.arange(8000) / 4)).astype(np.int16), rate_hz=8000)


def test_the_line_is_the_same_every_time_and_noise_is_as_loud_as_it_says() -> None:
    clean, twenty, ten = (on_the_line(TONE, snr_db=snr, babble=[TONE], seed="a").samples for snr in (None, 20, 10))
    again = on_the_line(TONE, snr_db=10, babble=[TONE], seed="a").samples
    assert np.array_equal(ten, again)
    levels = [np.std(sound[:2000].astype(float)) for sound in (clean, twenty, ten)]
    assert levels[0] == 0
    assert levels[2] / levels[1] == pytest.approx(10**0.5, rel=0.15)


@pytest.mark.skipif(not has_corpus(), reason="corpus not present")
def test_the_two_halves_share_no_recording_and_speech_outside_a_menu_is_not_on_it() -> None:
    halves = {half: sets(half) for half in Half}
    names = {half: {one.name for found in halves[half] for one in found.said if "/" in one.name} for half in Half}
    assert names[Half.TUNING]
    assert not names[Half.TUNING] & names[Half.HELD_OUT]
    for found in halves[Half.HELD_OUT]:
        on_menu = {one.text for one in found.said} & set(found.question.phrases)
        assert bool(on_menu) is not (found.outside or not found.question.phrases)
        assert found.said
        assert found.babble
    phrases = next(found for found in halves[Half.HELD_OUT] if found.name == "English phrases")
    assert len(phrases.said) == len(phrases.question.phrases) == 60


def answers(name: str, texts: dict[str, tuple[str, float | None]]) -> Subject:
    """An engine that knows the answers by the length of the sound."""
    lengths: dict[int, tuple[str, float | None]] = {}
    for at, told in enumerate(texts.values()):
        lengths[at + 1] = told

    def understand(sound: Pcm, question: Question) -> Hypothesis:
        text, confidence = lengths[round((sound.duration_s - 0.7) * 10)]
        return Hypothesis(text=text, confidence=confidence)

    return Subject(
        name=name,
        model="none",
        is_cheap=True,
        understand=understand,
        can=lambda question: True,
        is_default=lambda question: True,
    )


def a_set(texts: list[str], *, outside: bool = False, kind: AnswerKind = AnswerKind.PHRASES) -> TestSet:
    said = tuple(Said(name=text, text=text, sound=TONE.part(0, (at + 1) / 10)) for at, text in enumerate(texts))
    phrases = () if kind is AnswerKind.DIGITS else ("yes", "no")
    return TestSet(
        name="set",
        question=Question(language="en-US", kind=kind, phrases=phrases),
        said=said,
        babble=(),
        outside=outside,
    )


def test_rows_count_what_a_flow_would_take_ask_back_or_refuse() -> None:
    told = {"yes": ("Yes", 0.9), "no": ("no", 0.5), "maybe": ("yes", 0.8), "well": ("", None)}
    row = accuracy.one_row(answers("e", told), a_set(list(told)), Condition.CLEAN, None)
    assert (row.right, row.accepted_right, row.accepted_wrong, row.asked_back) == (2, 1, 1, 1)
    assert row.confusions == ("maybe → yes", "well → nothing")
    refused = accuracy.one_row(answers("e", told), a_set(list(told), outside=True), Condition.CLEAN, None)
    assert (refused.right, refused.accepted_wrong) == (1, 2)


def test_strings_of_digits_are_counted_by_wrong_digits_and_the_page_shows_everything() -> None:
    told = {"one two three": ("one two three", 0.9), "four five": ("four nine", 0.9)}
    digits = accuracy.one_row(answers("e", told), a_set(list(told), kind=AnswerKind.DIGITS), Condition.CLEAN, None)
    assert digits.errors == 0.2
    menu = accuracy.one_row(answers("e", {"yes": ("yes", 0.9)}), a_set(["yes"]), Condition.CLEAN, None)
    found = {"half": "held_out", "took_s": 1.0, "models": {"en e": "none"}, "rows": [vars(digits), vars(menu)]}
    page = "\n".join(accuracy_page.lines(found))
    assert "| set | **e** | 1/1 (100%) | 1 / 0 |" in page
    assert "| set | **e** | clean | 0.200 | 1/2 |" in page


def test_a_few_of_many_are_spread_over_all() -> None:
    said = a_set([str(n) for n in range(9)]).said
    assert [one.text for one in spread(said, 3)] == ["0", "4", "8"]
    assert spread(said, None) == said
