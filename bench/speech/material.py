"""What recognisers are measured on: people's recordings in closed sets, half to tune on and half to report.

The recordings lie in `../shared/corpus/audio` beside the project. Without them the house voice speaks sets of its own,
so that the measurement always runs; a synthesized voice is a bad test of a recogniser, and every such row says so.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz

from audio.hearing.grammar.english_numbers import ONES, TEENS, TENS
from audio.hearing.grammar.words import normal
from audio.hearing.question import AnswerKind, Question
from audio.pcm import TELEPHONE_RATE_HZ, Pcm, join, silence
from audio.quiet_ends import LOUD
from audio.resample import resample
from audio.wav import read_wav
from bench.speech.korean_words import korean_sets
from bench.speech.test_sets import Half, Said, TestSet

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "audio"
SMALL_MENU = 20
"""Phrases of the menu against which speech is tried that is none of them."""

_PHRASES, _MANDARIN = 60, 40
_STRINGS, _STRING_LENGTH = 10, 5
_NEARLY = 80.0
_NUMBERS = (*ONES, *TEENS, *TENS, "hundred", "thousand", "million")
_NATO = (
    *("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima"),
    *("mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey"),
    *("x-ray", "yankee", "zulu"),
)
_MANDARIN_DIGITS = "零一二三四五六七八九十两"
# What a recording says where its transcript writes a sign beside it or says something else.
_WRITTEN = {
    "dot [.]": "dot",
    "plus [+]": "plus",
    "slash [/]": "slash",
    "exclaimation-point [!]": "exclamation point",
    'IAX (note: does not say "2")': "IAX",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Recording:
    """One file of the corpus."""

    file: str
    text: str
    kind: str
    language: str
    sound: Pcm


def has_corpus() -> bool:
    """Whether people's recordings are there."""
    return (CORPUS / "transcripts.tsv").is_file()


@cache
def recordings() -> tuple[Recording, ...]:
    """All recordings by file name; () without the corpus."""
    if not has_corpus():
        return ()
    with (CORPUS / "transcripts.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(
        Recording(
            file=row["file"],
            text=_WRITTEN.get(row["text"], row["text"].strip(". ")),
            kind=row["kind"],
            language=row["language"],
            sound=resample(read_wav(CORPUS / row["file"]), TELEPHONE_RATE_HZ),
        )
        for row in sorted(rows, key=lambda row: row["file"])
    )


def half_of(stratum: str, language: str, half: Half) -> tuple[Recording, ...]:
    """Every second recording of a stratum in the order of a hash of the file names."""
    mixed = [found for found in recordings() if found.language == language and _stratum(found) == stratum]
    mixed.sort(key=lambda found: zlib.crc32(found.file.encode()))
    return tuple(mixed[(0 if half is Half.TUNING else 1) :: 2])


def _stratum(found: Recording) -> str:
    """Recordings of one stratum are cut in half by themselves, so that both halves have some of each."""
    if found.kind == "prompt" or found.language == "ko-KR":
        return found.kind
    if found.text in ONES or found.text in _MANDARIN_DIGITS:
        return "digit"
    if found.text in _NUMBERS:
        return "number"
    return "letter" if (len(found.text) == 1 and found.text.isascii()) or found.text in _NATO else "word"


def sets(half: Half) -> tuple[TestSet, ...]:
    """Every set of this half, people's recordings only; () without the corpus."""
    if not has_corpus():
        return ()
    korean = next(found for found in recordings() if found.language == "ko-KR")
    return (*english(half), *mandarin(half), *korean_sets(korean.sound, korean.text, half))


def english(half: Half) -> tuple[TestSet, ...]:
    """A menu of 60 phrases, number words, letters, strings of digits, speech outside a menu of 20, open speech."""
    prompts, digits, numbers, alphabet = (
        half_of(stratum, "en-US", half) for stratum in ("prompt", "digit", "number", "letter")
    )
    babble = tuple(found.sound for found in prompts[:12])
    phrases = _english_phrases(half)
    letter_menu = (*(chr(at) for at in range(ord("a"), ord("z") + 1)), *_NATO)
    return (
        _closed("English phrases", phrases[:_PHRASES], babble),
        _closed("English numbers", (*digits, *numbers), babble, menu=_NUMBERS),
        _closed("English letters", alphabet, babble, menu=letter_menu),
        _strings("English digit strings", digits, babble),
        _outside("English, none of 20", _english_phrases(half.other), phrases, babble),
        TestSet(
            name="English, open",
            question=Question(language="en-US", kind=AnswerKind.OPEN),
            said=_said(prompts),
            babble=babble,
            transcript=True,
        ),
    )


def _english_phrases(half: Half) -> list[Recording]:
    return _distinct([*half_of("prompt", "en-US", half), *half_of("word", "en-US", half)])


def mandarin(half: Half) -> tuple[TestSet, ...]:
    """A menu of 40 words (half of them said), digits, words outside a menu of 20."""
    words = {one: half_of("word", "zh-CN", one) for one in Half}
    said = words[half][: _MANDARIN // 2]
    menu = tuple(found.text for one in Half for found in words[one][: _MANDARIN // 2])
    babble = tuple(found.sound for found in words[half])
    digits = half_of("digit", "zh-CN", half)
    return (
        _closed("Mandarin words", said, babble, menu=menu),
        _closed("Mandarin digits", digits, babble, menu=tuple(_MANDARIN_DIGITS)),
        _outside("Mandarin, none of 20", words[half.other], (*words[half], *digits), babble),
    )


def _closed(
    name: str, found: Sequence[Recording], babble: tuple[Pcm, ...], menu: tuple[str, ...] | None = None
) -> TestSet:
    language = "zh-CN" if name.startswith("Mandarin") else "en-US"
    phrases = menu or tuple(one.text for one in found)
    return TestSet(name=name, question=Question(language=language, phrases=phrases), said=_said(found), babble=babble)


def _outside(name: str, menu: Sequence[Recording], found: Sequence[Recording], babble: tuple[Pcm, ...]) -> TestSet:
    """A menu of the other half's first phrases; this half's recordings are said to it."""
    language = menu[0].language
    phrases = tuple(one.text for one in menu[:SMALL_MENU])
    return TestSet(
        name=name,
        question=Question(language=language, phrases=phrases),
        said=_said([one for one in found if not _resembles(one.text, phrases, language)]),
        babble=babble,
        outside=True,
    )


def _resembles(text: str, menu: Sequence[str], language: str) -> bool:
    """Whether it is nearly a phrase of the menu ("second", "seconds"), so that taking it for that is no mistake."""
    return any(
        fuzz.ratio(normal(text, language), normal(phrase, language)) > _NEARLY
        or f" {normal(phrase, language)} " in f" {normal(text, language)} "
        for phrase in menu
    )


def _strings(name: str, digits: Sequence[Recording], babble: tuple[Pcm, ...]) -> TestSet:
    """Five digits in a row with short pauses, put together from single ones."""
    chance = np.random.default_rng(5)
    said = []
    for number in range(_STRINGS):
        chosen = [digits[int(at)] for at in chance.integers(len(digits), size=_STRING_LENGTH)]
        gaps = chance.uniform(0.05, 0.2, size=_STRING_LENGTH)
        sounds = [part for one, gap in zip(chosen, gaps, strict=True) for part in (_bare(one.sound), silence(gap))]
        text = " ".join(one.text for one in chosen)
        said.append(Said(name=f"string {number}", text=text, sound=join(sounds)))
    question = Question(language="en-US", kind=AnswerKind.DIGITS)
    return TestSet(name=name, question=question, said=tuple(said), babble=babble)


def _bare(sound: Pcm) -> Pcm:
    """A word with a twelfth of a second around its loud part: soft consonants are not loud."""
    width = TELEPHONE_RATE_HZ // 50
    frames = sound.samples[: len(sound.samples) // width * width].reshape(-1, width).astype(np.float64)
    loud = np.flatnonzero(np.sqrt((frames**2).mean(axis=1)) >= LOUD)
    return sound.part(loud[0] / 50 - 0.12, (loud[-1] + 1) / 50 + 0.12) if len(loud) else sound


def _said(found: Sequence[Recording]) -> tuple[Said, ...]:
    return tuple(Said(name=one.file, text=one.text, sound=one.sound) for one in found)


def _distinct(found: Sequence[Recording]) -> list[Recording]:
    """The first recording of each text, mixed by their hash."""
    first = {normal(one.text, one.language): one for one in reversed(found)}
    return sorted(first.values(), key=lambda one: zlib.crc32(one.file.encode()))
