"""Single Korean words, cut from the one recording at hand.

`korean_words.tsv` holds where they begin and end: the Korean Vosk model was led through the transcript (a grammar of
its sentences), and words that it found at the same place three times were taken.
"""

from __future__ import annotations

import csv
from pathlib import Path

from audio.hearing.question import AnswerKind, Question
from audio.pcm import Pcm
from bench.speech.test_sets import Half, Said, TestSet

_PLACES = Path(__file__).with_suffix(".tsv")
_MARGIN_S = 0.03
_SMALL_MENU = 20
_LANGUAGE = "ko-KR"


def korean_sets(clip: Pcm, text: str, half: Half) -> tuple[TestSet, ...]:
    """Words of a menu of all that were cut, words outside a menu of 20, and the recording as open speech.

    Args:
        clip: the recording the places are of.
        text: what is said in it.
        half: every second word.
    """
    every = _cut(clip)
    mine = every[(0 if half is Half.TUNING else 1) :: 2]
    babble = tuple(one.sound for one in every[::3])
    menu = tuple(dict.fromkeys(one.text for one in every))
    theirs = every[(1 if half is Half.TUNING else 0) :: 2]
    small = tuple(dict.fromkeys(one.text for one in theirs))[:_SMALL_MENU]
    others = tuple(one for one in mine if not any(one.text[:2] == phrase[:2] for phrase in small))
    return (
        TestSet(name="Korean words", question=Question(language=_LANGUAGE, phrases=menu), said=mine, babble=babble),
        TestSet(
            name="Korean, none of 20",
            question=Question(language=_LANGUAGE, phrases=small),
            said=others,
            babble=babble,
            outside=True,
        ),
        TestSet(
            name="Korean, open",
            question=Question(language=_LANGUAGE, kind=AnswerKind.OPEN),
            said=(Said(name="custom_speech", text=text, sound=clip),),
            babble=babble,
            transcript=True,
        ),
    )


def _cut(clip: Pcm) -> tuple[Said, ...]:
    with _PLACES.open(encoding="utf-8", newline="") as file:
        places = list(csv.DictReader(file, delimiter="\t"))
    return tuple(
        Said(
            name=f"ko {place['start_s']}",
            text=place["text"],
            sound=clip.part(float(place["start_s"]) - _MARGIN_S, float(place["end_s"]) + _MARGIN_S),
        )
        for place in places
    )
