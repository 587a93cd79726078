"""Yes and no, and what somebody says after a no."""

from __future__ import annotations

from functools import cache

from flows.phrases import words
from flows.understanding.normal import normal, runs_on

_LEADS = {
    "en": ("its", "it is", "it should be", "i said", "i mean", "i meant", "make that", "make it", "actually", "but"),
    "zh": ("我说的是", "应该是", "我是说", "而是", "改成", "改为", "要的是", "换成", "是"),
}


MAX_AROUND_ONE = 3
"""Characters in which a single Chinese one still is the answer: 要 is yes, 我要投诉 is not."""


@cache
def _phrases(language: str) -> tuple[tuple[str, bool], ...]:
    """Every way to say yes or no, the longest first so that 不是 is found before 是."""
    ways = [(normal(w), True) for w in words("yes", language)] + [(normal(w), False) for w in words("no", language)]
    if not language.startswith("en"):
        ways += list(_phrases("en-US"))
    return tuple(sorted(set(ways), key=lambda way: -len(way[0])))


def yes_or_no(text: str, language: str) -> bool | None:
    """True or False when the text says only the one or the other, else None.

    An utterance of more than eight words (or twelve Chinese characters) is more than an answer: None.
    """
    rest = normal(text)
    if len(rest.split()) > 8 or (runs_on(rest) and len(rest) > 12):
        return None
    said = set()
    for phrase, meaning in _phrases(language):
        if len(phrase) == 1 and runs_on(phrase) and len(rest.replace("|", "")) > MAX_AROUND_ONE:
            continue
        rest, count = _take(rest, phrase)
        if count:
            said.add(meaning)
    return said.pop() if len(said) == 1 else None


def _take(text: str, phrase: str) -> tuple[str, int]:
    """Remove a phrase from a text; a bar keeps what stood around it apart."""
    if runs_on(phrase):
        return text.replace(phrase, "|"), text.count(phrase)
    padded = f" {text} "
    return padded.replace(f" {phrase} ", " | ").strip(), padded.count(f" {phrase} ")


def after_no(text: str, language: str) -> str | None:
    """What is said after a leading no ("no, seven" gives "seven"); None when the text does not begin with one."""
    rest = normal(text)
    for phrase, meaning in _phrases(language):
        if meaning or not rest.startswith(phrase):
            continue
        after = rest[len(phrase) :]
        if phrase.isascii() and after and not after.startswith(" "):
            continue
        rest = after.strip()
        for lead in (*_LEADS["en"], *_LEADS["zh"]):
            if rest.startswith(lead if runs_on(lead) else f"{lead} "):
                rest = rest[len(lead) :].strip()
                break
        return rest
    return None
