"""Which digits and letters are taken for each other on the telephone."""

from __future__ import annotations

from collections.abc import Mapping

from flows.phrases import primary

_ENGLISH = (
    "95 91 23 38 40 67 BD BP BV BE DT DP PT GJ CZ MN FS SX AK A8 IY QU JK VZ LO TE EP",
    "45 14 78 56 32 A1 GT CE GE DE VE BT BG DG CT GP NL RL IR",
)
_CHINESE = (
    "17 69 28 60 AK BP DT MN FS 13",
    "47 49 45 02 CZ SX BD",
)
_KOREAN = ("12 17 34 52 78 05 60 BP MN", "26 18 48")
_TABLES: Mapping[str, tuple[str, str]] = {"en": _ENGLISH, "zh": _CHINESE, "ko": _KOREAN}
"""Pairs that are often confused, and pairs that sometimes are. In Chinese 一 and 七, 六 and 九, 四 and 七 (its tens
too), 二 and 八; in Korean 일 and 이, 일 and 칠, 삼 and 사; in English five and nine, one and nine, two and three."""


def confusion(one: str, other: str, language: str) -> int:
    """How easily two characters are taken for each other by ear: 2 often, 1 sometimes, 0 hardly."""
    often, sometimes = _TABLES.get(primary(language), _ENGLISH)
    pairs = {one + other, other + one}
    if pairs & set(often.split()):
        return 2
    return 1 if pairs & set(sometimes.split()) else 0
