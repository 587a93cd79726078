"""Between what people write, what Whisper writes and what a flow reads."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from audio.hearing.grammar.english_numbers import ONES, TEENS, TENS
from audio.hearing.grammar.words import primary, spoken_words
from audio.hearing.question import AnswerKind
from audio.transcript import tidy

_FIGURES = {word: str(figure) for figure, word in enumerate((*ONES, *TEENS))} | {
    word: str(figure * 10) for figure, word in enumerate(TENS, start=2)
}
_LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")
_CHINESE_DIGITS = tuple("零一二三四五六七八九幺两")
_CHINESE_UNITS = tuple("十百千万点半")
_LOOP = re.compile(r"(.{1,60}?)(?:[\s,.，。!?-]*\1){2,}[\s,.，。!?-]*\S{0,12}$", re.IGNORECASE)
_APART = re.compile(r"(?<=[\dA-Z])[-‐‑–—./](?=[\dA-Z])")
_END_MARKS = " .,!?;:，。！？；：…"


_DIGIT_OF = {word: str(figure) for figure, word in enumerate(ONES)} | {"oh": "0", "o": "0"}
_CHINESE_DIGIT_OF = {word: str(figure) for figure, word in enumerate("零一二三四五六七八九")} | {"幺": "1", "两": "2"}
_TIMES = {"double": 2, "triple": 3}


@lru_cache(maxsize=8192)
def writings(phrase: str, language: str) -> tuple[str, ...]:
    """Ways in which Whisper may write a phrase, the likeliest first; () when it holds nothing that can be said."""
    words = spoken_words(phrase, language)
    if not words:
        return ()
    if primary(language) in ("zh", "yue", "ja"):
        return _chinese_writings("".join(words))
    text = " ".join(words)
    ways = [f" {text[0].upper()}{text[1:]}.", f" {text.lower()}"]
    if (figure := _FIGURES.get(text.lower())) is not None:
        ways += [f" {figure}.", f" {figure}"]
    elif len(text) == 1:
        ways += [f" {text.upper()}.", f" {text.upper()}"]
    return tuple(dict.fromkeys(ways))


def _chinese_writings(text: str) -> tuple[str, ...]:
    """Figures for single digits: Whisper writes 零 as 0."""
    if len(text) == 1 and text in "零一二三四五六七八九":
        return text, str("零一二三四五六七八九".index(text))
    return (text, "10") if text == "十" else (text,)


def without_loop(text: str) -> str:
    """A text that ends in the same words over and over, with these once: "13. 13. 13. 1" is "13"."""
    return _LOOP.sub(r"\1", text).strip()


def is_loop(text: str) -> bool:
    """Whether a text ends in the same words three times and more."""
    return without_loop(text) != text.strip()


@cache
def building_words(kind: AnswerKind, language: str) -> tuple[str, ...]:
    """Pieces of text that digits, codes and numbers are written with; () for kinds that may hold any word."""
    chinese = primary(language) in ("zh", "yue")
    figures = tuple(str(figure) for figure in range(100))
    if kind not in (AnswerKind.DIGITS, AnswerKind.CODE, AnswerKind.NUMBER):
        return ()
    letters = _LETTERS if kind is AnswerKind.CODE else ()
    if chinese:
        units = () if kind is AnswerKind.CODE else _CHINESE_UNITS
        return (*_CHINESE_DIGITS, *units, *figures, *_spaced(figures), *(one.upper() for one in letters), "，", "、")
    words: tuple[str, ...] = (*ONES, "oh", "double", "triple", *TEENS, *TENS, "hundred", "thousand")
    words += ("million", "and", "point", "minus") if kind is AnswerKind.NUMBER else ()
    capital = tuple(letter.upper() for letter in letters)
    return (*_spaced((*words, *(word.capitalize() for word in words), *figures, *capital)), *figures, *capital, *",.-")


def _spaced(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f" {word}" for word in words)


def for_reading(text: str, kind: AnswerKind, language: str) -> str:
    """A text of Whisper as a flow's readers take it: "1-2-3." is "1 2 3", "RB-7788" is "RB 7788"; simplified Chinese.

    The readers of dates, times and numbers know figures as well as words, so that these stay as they are.
    """
    written = tidy(_simplified(text, language)).strip()
    if kind in (AnswerKind.DIGITS, AnswerKind.CODE):
        written = _APART.sub(" ", re.sub(r"[,，、]", " ", written))
        return tidy(written).strip(_END_MARKS)
    return written if kind is AnswerKind.OPEN else written.strip(_END_MARKS)


def figures_of(text: str, language: str) -> str:
    """The figures and letters that a text names one by one: "one double five" and "1 5 5" are "155"."""
    names = _CHINESE_DIGIT_OF if primary(language) == "zh" else _DIGIT_OF
    found: list[str] = []
    times = 1
    for word in spoken_words(_apart(text), language):
        key = word.lower()
        if key in _TIMES:
            times = _TIMES[key]
            continue
        found.append(names.get(key, key) * times)
        times = 1
    return "".join(found)


def _apart(text: str) -> str:
    """Each figure by itself, so that 12 is read one two."""
    return "".join(f" {one} " if one.isdigit() else one for one in text)


def _simplified(text: str, language: str) -> str:
    subtags = language.lower().split("-")
    if subtags[0] != "zh" or {"tw", "hk", "mo", "hant"} & set(subtags):
        return text
    return str(_converter().convert(text))


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
