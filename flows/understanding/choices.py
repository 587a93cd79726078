"""Which of a few known things somebody meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from flows.phrases import primary
from flows.understanding.normal import contains, has_cjk, normal, runs_on
from flows.understanding.reading import Reading

_ARTICLES = re.compile(r"\b(a|an|the) ")
THRESHOLD = 0.74
"""Likeness from which a phrase counts as meant, found by trying recognisers' mistakes; below are unrelated words."""
MARGIN = 0.1
"""How much likelier the best choice must be than the second one."""
SURE = 0.92
"""Likeness from which no question back is needed."""


def best_choice(text: str, choices: Mapping[str, Sequence[str]], language: str) -> Reading | None:
    """The choice whose phrases the text is, contains, sounds like or resembles; None without a clear one."""
    plain = normal(text)
    if not plain:
        return None
    phrases = {name: [n for way in ways if (n := normal(way))] for name, ways in choices.items()}
    if (whole := _exactly(plain, phrases)) is not None:
        return Reading(value=whole)
    contained = _contained(plain, phrases)
    if contained:
        return Reading(value=contained[0], exact=len(contained) == 1)
    scores = {
        name: max((likeness(plain, way, language) for way in ways), default=0.0) for name, ways in phrases.items()
    }
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    best, score = ranked[0] if ranked else ("", 0.0)
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    if score < THRESHOLD or score - second < MARGIN:
        return None
    return Reading(value=best, exact=score >= SURE)


def likeness(heard: str, phrase: str, language: str) -> float:
    """0.0 to 1.0: how alike two normal texts are, in letters and, for Chinese, in sound (pinyin without tones)."""
    heard, phrase = _ARTICLES.sub("", heard), _ARTICLES.sub("", phrase)
    score = max(fuzz.ratio(heard, phrase), 0.95 * fuzz.token_sort_ratio(heard, phrase)) / 100
    if primary(language) == "zh" and has_cjk(heard) and has_cjk(phrase):
        sound, wanted = pinyin(heard), pinyin(phrase)
        if len(phrase) >= 2 and f" {wanted} " in f" {sound} ":
            return max(score, 0.95 if len(phrase) * 2 >= len(heard) else 0.85)
        score = max(score, 0.97 * fuzz.ratio(sound, wanted) / 100)
    return score


@lru_cache(maxsize=4096)
def pinyin(text: str) -> str:
    """Chinese text as syllables without tones, separated by spaces; n and l, and retroflex pairs, are kept apart."""
    from pypinyin import lazy_pinyin  # Its dictionaries take half a second to load; most calls never need them.

    return " ".join(lazy_pinyin(text))


def _exactly(plain: str, phrases: Mapping[str, Sequence[str]]) -> str | None:
    names = [name for name, ways in phrases.items() if plain in ways]
    return names[0] if len(names) == 1 else None


def _contained(plain: str, phrases: Mapping[str, Sequence[str]]) -> list[str]:
    """The choices with a phrase inside the text, that with the longest first; none when two are equally long."""
    longest: dict[str, int] = {}
    for name, ways in phrases.items():
        for way in ways:
            if _telling(way) and contains(plain, way):
                longest[name] = max(longest.get(name, 0), len(way))
    ranked = sorted(longest, key=lambda name: -longest[name])
    return [] if len(ranked) > 1 and longest[ranked[0]] == longest[ranked[1]] else ranked


def _telling(phrase: str) -> bool:
    return len(phrase) >= (2 if runs_on(phrase) else 3)
