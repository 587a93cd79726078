"""Text as recognisers write it, brought to one form before it is understood."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_HEARD = 400
"""Characters that are understood: a minute of fast speech; more can only be an attempt to keep the machine busy."""
CJK = "\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff"
_BETWEEN_DIGITS = re.compile(r"(?<=\d),(?=\d{3}(\D|$))")
_APOSTROPHE = re.compile("['\u2019\u02bc]")
_NOISE = re.compile(r"[^\w\s.:/$¥€£₩%+*#-]|_")
_LONE_MARK = re.compile(r"(?<!\d)[.:/](?!\d)|(?<=\d)[.:/](?!\d)|(?<!\d)[:/](?=\d)|(?<!\d)\.(?=\d)")
_ANY_CJK = re.compile(f"[{CJK}]")
_ANY_RUNNING_ON = re.compile(f"[{CJK}\uac00-\ud7a3]")
_CJK_SPACE = re.compile(rf"(?<=[{CJK}])\s+(?=[{CJK}])")


_NUMBER_SIGN = re.compile(r"^\s*(?:no|nr|№)\.?\s*(?=\d|[A-Z]{1,4}\s?\d)", re.IGNORECASE)


def without_number_sign(text: str) -> str:
    """A number as recognisers write it without the sign before it: "No. 3" is no "no, three" where one is asked for."""
    return _NUMBER_SIGN.sub("", text)


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Lower case, forms narrowed, digits of any script as 0-9, no punctuation but in numbers, single spaces.

    Spaces between Chinese characters go, since recognisers put them anywhere.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_HEARD]).casefold()
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    text = _BETWEEN_DIGITS.sub("", text)
    text = _APOSTROPHE.sub("", text)
    text = _NOISE.sub(" ", text)
    text = _LONE_MARK.sub(" ", text)
    text = " ".join(text.split())
    return _CJK_SPACE.sub("", text)


def has_cjk(text: str) -> bool:
    """True when the text has a Chinese character."""
    return _ANY_CJK.search(text) is not None


def runs_on(text: str) -> bool:
    """True for Chinese, which has no spaces between words, and Korean, whose words grow endings."""
    return _ANY_RUNNING_ON.search(text) is not None


def contains(text: str, phrase: str) -> bool:
    """True when a normal text contains a normal phrase as whole words (Chinese and Korean: anywhere)."""
    if runs_on(phrase):
        return phrase in text
    return f" {phrase} " in f" {text} "
