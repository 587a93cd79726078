"""A phrase as the words somebody says: without marks, figures read out, Chinese character by character."""

from __future__ import annotations

import re

from audio.hearing.grammar.english_numbers import in_words

_PARTS = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|\d+|[\u3400-\u9fff]|[^\W\d_]+")
_SAID = {"#": " pound ", "&": " and ", "%": " percent ", "+": " plus ", "@": " at ", "…": " "}
_CHINESE_FIGURES = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
RUNS_ON = frozenset({"zh", "yue", "ja", "th"})
"""Languages that are written without spaces."""


def primary(language: str) -> str:
    """The language without script and region: "zh-CN" gives "zh"."""
    return language.replace("_", "-").split("-")[0].lower()


def spoken_words(phrase: str, language: str) -> tuple[str, ...]:
    """The words of a phrase in order, each as written but for figures and marks; () for nothing that can be said.

    English keeps its capitals ("USB Radio" is ("USB", "Radio")), so that one can see what is spelled.
    """
    key = primary(language)
    if key != "zh":
        for mark, said in _SAID.items():
            phrase = phrase.replace(mark, said if key == "en" else " ")
    words: list[str] = []
    for part in _PARTS.findall(phrase):
        if part.isdigit() and part.isascii():
            words += _figures(part, key)
        elif _is_han(part[0]) or part.isascii():
            words.append(part.replace("’", "'"))
        else:
            words += part if key == "zh" else [part]
    return tuple(words)


def normal(phrase: str, language: str) -> str:
    """A phrase as a key: its spoken words in small letters, without spaces where the language has none."""
    return ("" if primary(language) in RUNS_ON else " ").join(spoken_words(phrase, language)).lower()


def _figures(figures: str, key: str) -> tuple[str, ...]:
    if key == "en":
        return in_words(figures)
    if key == "zh":
        return tuple(_CHINESE_FIGURES[figure] for figure in figures)
    return (figures,)


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"
