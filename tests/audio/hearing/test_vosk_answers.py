"""What Vosk's words mean as an answer."""

from __future__ import annotations

import pytest

from audio.codecs import mulaw
from audio.hearing.engines.vosk_answers import Answers, decided, matching_phrase, so_far
from audio.hearing.engines.vosk_grammar import grammar_for
from audio.hearing.question import AnswerKind, Question
from audio.hearing.upsampler import Upsampler
from audio.pcm import Pcm
from audio.resample import Upsampling, resample
from audio.transcript import Word
from tests.audio.sounds import tone

MENU = ("Track a parcel", "Track my order", "Operator", "No")


def words(text: str, confidence: float = 0.9) -> list[Word]:
    return [
        Word(text=each, start_s=at / 2, end_s=at / 2 + 0.5, confidence=confidence)
        for at, each in enumerate(text.split())
    ]


def answers(*phrases: str, kind: AnswerKind = AnswerKind.PHRASES, language: str = "en") -> Answers:
    spoken = {phrase: phrase for phrase in phrases}
    question = Question(language=language, kind=kind, phrases=phrases)
    known = {word for phrase in phrases for word in phrase.casefold().split()} | {"one", "two", "oh"}
    return Answers(question=question, spoken=spoken, words=None if kind is AnswerKind.OPEN else frozenset(known))


@pytest.mark.parametrize(
    ("said", "phrase"),
    [
        ("operator", "Operator"),
        ("track a parcel", "Track a parcel"),
        ("operator track my order", "Track my order"),
        ("my order", "Track my order"),
        ("track", ""),
        ("order", ""),
        ("parcel operator", "Operator"),
        ("", ""),
    ],
)
def test_a_phrase_is_recognised_whole_or_by_a_part_that_is_no_other(said: str, phrase: str) -> None:
    assert matching_phrase({each: each for each in MENU}, said)[0] == phrase


def test_what_surrounds_a_phrase_lowers_its_confidence_and_what_is_no_phrase_is_refused() -> None:
    menu = answers(*MENU)
    plain = decided(menu, words("operator"))
    wordy = decided(menu, words("um the um operator"))
    assert (plain.text, plain.confidence) == (wordy.text, 0.81) == ("Operator", 0.81)
    assert 0.45 < (wordy.confidence or 0) < 0.75
    assert decided(menu, words("operator", 0.5)).nothing
    refused = decided(menu, words("um the um"))
    assert refused.nothing
    assert refused.confidence is None
    assert len(refused.words) == 3


def test_digits_and_open_speech_come_as_they_were_said() -> None:
    digits = decided(answers("operator", kind=AnswerKind.DIGITS), words("um one two oh"))
    assert (digits.text, digits.confidence) == ("one two oh", 0.9)
    assert decided(answers("Operator!", "an operator", kind=AnswerKind.DIGITS), words("operator")).text == "Operator!"
    assert decided(answers(kind=AnswerKind.OPEN, language="zh"), words("我 要 退货")).text == "我要退货"


def test_words_so_far_become_the_phrase_once_they_are_one() -> None:
    menu = answers(*MENU)
    assert [so_far(menu, said.split()) for said in ("", "um track", "track a", "track a parcel")] == [
        "",
        "track",
        "track a",
        "Track a parcel",
    ]


def test_a_grammar_has_only_words_that_the_model_knows() -> None:
    known = {"operator", "no", "well", "track", "one", "two", "or"}
    menu = grammar_for(Question(language="en", phrases=("Operator", "Zorp", "no")), known.__contains__)
    assert menu.words is not None
    assert {"operator", "no"} <= set(menu.words) <= known
    assert menu.answers.words == {"operator", "no"}
    assert decided(menu.answers, words("or well")).nothing
    assert decided(menu.answers, words("operator")).text == "Operator"
    assert grammar_for(Question(language="en", kind=AnswerKind.OPEN), known.__contains__).words is None
    digits = grammar_for(Question(language="en", kind=AnswerKind.DIGITS), known.__contains__)
    assert digits.words is not None
    assert {"one", "two"} <= set(digits.words)
    whole = grammar_for(Question(language="en", phrases=("Track one", "Track Zorp")), known.__contains__)
    assert whole.words is not None
    assert whole.words[:3] == ("track one", "track", "one")
    assert grammar_for(Question(language="en", phrases=("Zorp",)), known.__contains__).words == ()


@pytest.mark.parametrize("upsampling", list(Upsampling))
def test_sound_in_pieces_comes_to_the_same_rate_as_in_one(upsampling: Upsampling) -> None:
    sound = mulaw.decode(mulaw.encode(tone(1.0)))
    upsampler = Upsampler(16_000, upsampling)
    pieces = [sound.samples[at : at + 800] for at in range(0, len(sound.samples), 800)]
    got = [*(upsampler.more(Pcm(samples=piece, rate_hz=8000)) for piece in pieces), upsampler.rest()]
    whole = resample(sound, 16_000, upsampling).samples
    joined = [sample for piece in got for sample in piece.tolist()]
    assert len(joined) == len(whole)
    differences = [abs(one - other) for one, other in zip(joined, whole.tolist(), strict=True)]
    assert max(differences) <= (300 if upsampling is Upsampling.REPEAT_WITH_NOISE else 30)
