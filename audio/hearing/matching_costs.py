"""How easily one sound is taken for another on a telephone line, which ends at 3.4 kHz and keeps no hiss apart."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

_UNLIKE = 1.0
_SAME_CLASS = 0.7
_INSERTION = 0.8
_WEAK_INSERTION = 0.45

# Sounds that are often taken for one another, and at what cost.
_ENGLISH_NEAR: tuple[tuple[float, str], ...] = (
    (0.25, "S Z"),
    (0.25, "S F"),
    (0.25, "F TH"),
    (0.25, "M N"),
    (0.25, "IH IY"),
    (0.25, "AA AO"),
    (0.25, "AH AX"),
    (0.25, "AH ER"),
    (0.3, "S TH"),
    (0.3, "V DH"),
    (0.3, "B V"),
    (0.3, "P B"),
    (0.3, "T D"),
    (0.3, "K G"),
    (0.3, "SH ZH"),
    (0.3, "CH JH"),
    (0.3, "SH CH"),
    (0.3, "N NG"),
    (0.3, "AH IH"),
    (0.3, "AH AA"),
    (0.3, "AH EH"),
    (0.3, "AH UH"),
    (0.3, "UH UW"),
    (0.3, "EH AE"),
    (0.3, "EH EY"),
    (0.3, "EH IH"),
    (0.3, "AO OW"),
    (0.4, "P T"),
    (0.4, "T K"),
    (0.4, "P K"),
    (0.4, "B D"),
    (0.4, "D G"),
    (0.4, "S SH"),
    (0.4, "D DH"),
    (0.4, "L W"),
    (0.4, "R ER"),
    (0.4, "AY AA"),
    (0.4, "AW AA"),
    (0.4, "Z DH"),
)
_MANDARIN_NEAR: tuple[tuple[float, str], ...] = (
    (0.2, "zh z"),
    (0.2, "ch c"),
    (0.2, "sh s"),
    (0.25, "n l"),
    (0.3, "l r"),
    (0.3, "f h"),
    (0.35, "b p"),
    (0.35, "d t"),
    (0.35, "g k"),
    (0.35, "j q"),
    (0.35, "zh ch"),
    (0.35, "z c"),
    (0.4, "x s"),
    (0.4, "x sh"),
    (0.4, "j zh"),
    (0.4, "q ch"),
    (0.5, "b d"),
    (0.5, "m n"),
    (0.5, "d g"),
    (0.5, "t k"),
    (0.15, "in ing"),
    (0.15, "en eng"),
    (0.2, "an ang"),
    (0.2, "ian iang"),
    (0.2, "uan uang"),
    (0.3, "uen ong"),
    (0.3, "ian an"),
    (0.3, "ie e"),
    (0.3, "uo o"),
    (0.3, "uo ou"),
    (0.3, "uo e"),
    (0.3, "ei ui"),
    (0.3, "ui uei"),
    (0.3, "iu ou"),
    (0.35, "ai ei"),
    (0.35, "ao ou"),
    (0.35, "an ai"),
    (0.35, "u v"),
    (0.35, "i v"),
    (0.35, "i ei"),
    (0.4, "i in"),
    (0.4, "e en"),
    (0.4, "u ou"),
)
_ENGLISH_CLASSES = (
    frozenset(["AA", "AE", "AH", "AO", "AW", "AX", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"]),
    frozenset(["P", "B", "T", "D", "K", "G"]),
    frozenset(["F", "V", "TH", "DH", "S", "Z", "SH", "ZH", "HH", "CH", "JH"]),
    frozenset(["M", "N", "NG", "L", "R", "W", "Y"]),
)
_INITIALS = (
    *("zh", "ch", "sh"),
    *("b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y", "w"),
)
_MANDARIN_CLASSES = (frozenset(_INITIALS),)
_WEAK = frozenset({"AH", "AX", "HH", "IH", "y", "w"})


def split_syllable(syllable: str) -> tuple[str, ...]:
    """A pinyin syllable as initial and final: "zhong" is ("zh", "ong"), "an" is ("an",)."""
    for initial in _INITIALS:
        if syllable.startswith(initial) and len(syllable) > len(initial):
            return initial, syllable[len(initial) :]
    return (syllable,)


def insertion(sound: str) -> float:
    """What it costs that a sound is too many or missing, 0.0 to 1.0."""
    return _WEAK_INSERTION if sound in _WEAK else _INSERTION


@cache
def substitution(heard: str, meant: str, chinese: bool) -> float:
    """What it costs to take one sound for another, 0.0 for the same to 1.0 for sounds that have nothing in common."""
    if heard == meant:
        return 0.0
    near = _near(chinese).get(frozenset((heard, meant)))
    if near is not None:
        return near
    classes = _MANDARIN_CLASSES if chinese else _ENGLISH_CLASSES
    mine, theirs = _class_of(heard, classes), _class_of(meant, classes)
    return _SAME_CLASS if mine == theirs else _UNLIKE


@cache
def _near(chinese: bool) -> dict[frozenset[str], float]:
    table = _MANDARIN_NEAR if chinese else _ENGLISH_NEAR
    return {frozenset(pair.split()): cost for cost, pair in table}


def _class_of(sound: str, classes: Iterable[frozenset[str]]) -> int:
    return next((at for at, members in enumerate(classes) if sound in members), -1)
