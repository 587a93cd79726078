"""Which of a question's phrases sounds most like what was written down.

A recogniser that knows nothing of the question writes "R.", "are" or "ah" for one sound. Compared by letters these have
nothing in common; compared by sound, with costs for what a telephone line blurs, they are nearly one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from audio.hearing.grammar.words import primary
from audio.hearing.matching_costs import insertion, split_syllable, substitution
from audio.hearing.pronouncing import phones

Sounds = tuple[str, ...]
UNLIKE = 1.0
"""The distance of texts that share nothing, and of texts that cannot be said."""

_MOST_WAYS = 4
_LONGEST = 60
_ROUGH_KEPT = 3
"""How many times more phrases than asked for are compared with costs, after a comparison without."""


def sound_distance(heard: str, phrase: str, language: str) -> float:
    """0.0 for the same sound to about 1.0 for nothing in common: mean cost for each sound of the longer text."""
    mine, theirs = _ways(heard, language), _ways(phrase, language)
    if not mine or not theirs:
        return UNLIKE
    chinese = primary(language) == "zh"
    return min(_distance(one, other, chinese) for one in mine for other in theirs)


def nearest(heard: str, phrases: Sequence[str], language: str, count: int) -> tuple[tuple[str, float], ...]:
    """The `count` phrases that sound most like `heard`, with their distances, the nearest first."""
    mine = _ways(heard, language)
    if not mine:
        return tuple((phrase, UNLIKE) for phrase in phrases[:count])
    kept = list(dict.fromkeys(phrases))
    if len(kept) > count * _ROUGH_KEPT:
        kept.sort(key=lambda phrase: _rough(mine, _ways(phrase, language)))
        kept = kept[: count * _ROUGH_KEPT]
    found = [(phrase, sound_distance(heard, phrase, language)) for phrase in kept]
    return tuple(sorted(found, key=lambda pair: pair[1])[:count])


def sound_length(text: str, language: str) -> int:
    """How many sounds the usual pronunciation has; 0 when it cannot be said."""
    ways = _ways(text, language)
    return len(ways[0]) if ways else 0


@lru_cache(maxsize=8192)
def _ways(text: str, language: str) -> tuple[Sounds, ...]:
    ways = phones(text, language)[:_MOST_WAYS]
    if primary(language) == "zh":
        ways = tuple(tuple(part for syllable in way for part in split_syllable(syllable)) for way in ways)
    return tuple(way[:_LONGEST] for way in ways)


def _rough(mine: Sequence[Sounds], theirs: Sequence[Sounds]) -> float:
    return min(
        (Levenshtein.normalized_distance(one, other) for one in mine[:1] for other in theirs[:1]), default=UNLIKE
    )


def _distance(heard: Sounds, meant: Sounds, chinese: bool) -> float:
    """Edit distance with costs, over the length of the longer one."""
    above = [0.0]
    for sound in meant:
        above.append(above[-1] + insertion(sound))
    for mine in heard:
        missing = insertion(mine)
        row = [above[0] + missing]
        for at, theirs in enumerate(meant):
            row.append(
                min(
                    above[at + 1] + missing,
                    row[at] + insertion(theirs),
                    above[at] + substitution(mine, theirs, chinese),
                )
            )
        above = row
    return above[-1] / max(len(heard), len(meant), 1)
