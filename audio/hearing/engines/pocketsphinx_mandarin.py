"""Pinyin syllables as phones of the Mandarin model tdt_sc_8k: an initial and a final, ü and the buzzing i apart."""

from __future__ import annotations

from itertools import islice, product

from audio.hearing.pronouncing import Phones, phones

_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
_MOST_VARIANTS = 8
# As the model's own dictionary writes them; where it writes a syllable in two ways, both.
_WHOLE = {
    "a": ("as a",),
    "ai": ("as ai",),
    "an": ("as an",),
    "ang": ("as ang",),
    "ao": ("as ao",),
    "e": ("es e",),
    "ei": ("es ei",),
    "en": ("es en",),
    "eng": ("es eng",),
    "er": ("es er",),
    "o": ("os o",),
    "ou": ("os ou",),
    "ye": ("y ie",),
    "yu": ("uxs ux",),
    "yue": ("uxs uxe",),
    "yuan": ("uxs an", "uxs uxan"),
    "yun": ("uxs en", "uxs uxn"),
}
_AFTER_JQX = {"u": "ux", "uan": "uxan", "ue": "uxe", "un": "uxn"}
_UMLAUT = {"v": "ux", "ve": "uxe", "van": "uxan", "vn": "uxn"}
_WRITTEN = (
    "a ai an ang ao as b c ch d e ei en eng er es f g h i ia ian iang iao ib ie if in ing iong iu j k l m n o ong os "
    "ou p q r s sh t u ua uai uan uang ui un uo ux uxan uxe uxn uxs w x y z zh"
)
PHONES = frozenset(_WRITTEN.split())
"""Every phone of the model but its noises."""


def word_sounds(word: str) -> tuple[Phones, ...]:
    """How a Chinese word sounds in the model's phones, the usual way first; () when a part of it cannot be said."""
    found: list[Phones] = []
    for syllables in phones(word, "zh"):
        for parts in islice(product(*(_syllable(syllable) for syllable in syllables)), _MOST_VARIANTS):
            found.append(sum(parts, ()))
    return tuple(dict.fromkeys(way for way in found if way and PHONES.issuperset(way)))[:_MOST_VARIANTS]


def _syllable(syllable: str) -> tuple[Phones, ...]:
    if syllable in _WHOLE:
        return tuple(tuple(way.split()) for way in _WHOLE[syllable])
    initial = next((one for one in _INITIALS if syllable.startswith(one)), "")
    return ((initial, _final(initial, syllable[len(initial) :])),)


def _final(initial: str, final: str) -> str:
    if final == "i" and initial in {"zh", "ch", "sh", "r"}:
        return "ib"
    if final == "i" and initial in {"z", "c", "s"}:
        return "if"
    if initial in {"j", "q", "x"}:
        return _AFTER_JQX.get(final, final)
    return _UMLAUT.get(final, final)
