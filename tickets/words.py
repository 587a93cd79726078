"""Words in what a caller said: finding them, and the lists that raise a ticket's priority."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

ANGER: dict[str, tuple[str, ...]] = {
    "en": (
        "angry", "furious", "unacceptable", "ridiculous", "disgusting", "terrible", "worst", "scam", "fed up",
        "fraud", "lawyer", "sue you", "useless", "outrageous", "never again", "waste of time",
    ),
    "zh": (
        "投诉", "太差", "差劲", "垃圾", "骗子", "欺骗", "曝光", "12315", "消协", "律师", "起诉", "气死", "忍无可忍",
        "太过分", "混蛋", "受够了", "忽悠", "没人管", "退钱",
    ),
}  # fmt: skip
"""Words by which callers show that they are angry."""

DANGER: dict[str, tuple[str, ...]] = {
    "en": ("injured", "bleeding", "on fire", "explosion", "ambulance", "suicide", "gas leak", "kill myself"),
    "zh": ("受伤", "流血", "着火", "起火", "爆炸", "救护车", "自杀", "救命", "漏气", "中毒"),
}
"""Words that mean that somebody may be in danger."""


def found(words: Iterable[str], text: str) -> list[str]:
    """Those of `words` that stand in `text`, each once, in their given order.

    Words of Latin letters are found whole and in any case; words of other scripts anywhere.
    """
    normal = _normal(text)
    return [word for word in dict.fromkeys(words) if _pattern(_normal(word)).search(normal)]


def first_found(lists: dict[str, tuple[str, ...]], text: str) -> str:
    """The first word of any language's list that stands in `text`, "" if none does."""
    return next((word for words in lists.values() for word in found(words, text)), "")


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=2048)
def _pattern(word: str) -> re.Pattern[str]:
    if not word:
        return re.compile(r"(?!)")
    start = r"(?<![a-z0-9])" if word[0].isascii() and word[0].isalnum() else ""
    end = r"(?![a-z0-9])" if word[-1].isascii() and word[-1].isalnum() else ""
    return re.compile(start + re.escape(word).replace(r"\ ", r"\s+") + end)
