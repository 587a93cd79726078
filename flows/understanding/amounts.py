"""Amounts of money, by keys and in words: twelve dollars fifty, 三块五, 만 이천 원."""

from __future__ import annotations

import re
from decimal import Decimal

from flows.phrases import primary
from flows.understanding.asian_numbers import NumberWords, cardinal, plain_korean, table
from flows.understanding.english_numbers import cardinal as english_cardinal
from flows.understanding.normal import normal
from flows.understanding.numbers import json_number
from flows.understanding.reading import Reading

_MAJOR = r"(?:dollars?|pounds?|euros?|yuan|rmb|bucks?|won)"
_MINOR = r"(?:cents?|pence|p|fen)"


def keyed_amount(digits: str) -> Reading | None:
    """An amount from keys, star for the decimal point: 12*5 is 12.5; None with two stars or more than two decimals."""
    found = re.fullmatch(r"(\d{1,12})(?:\*(\d{1,2}))?", digits)
    return Reading(value=json_number(Decimal(f"{found[1]}.{found[2] or 0}"))) if found else None


def spoken_amount(text: str, language: str) -> Reading | None:
    """The amount somebody said, in whole units of the currency with up to two decimals; None when there is none."""
    plain = normal(text)
    value = None
    if primary(language) == "zh":
        value = _chinese(plain.replace(" ", ""), table("zh"))
    elif primary(language) == "ko":
        value = cardinal(plain_korean(re.sub(r"(대한민국|원|입니다|이에요|요)", "", plain)), table("ko"))
    if value is None:
        value = _english(plain)
    return None if value is None or value < 0 else Reading(value=json_number(round(value, 2)))


def _english(plain: str) -> Decimal | None:
    plain = re.sub(r"^(its|it is|about|around|i paid|that is|thats)\s+", "", re.sub(r"[$€£¥₩]", " ", plain)).strip()
    plain = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", plain)
    plain = re.sub(rf" (?:us|american|british|canadian|australian|chinese)(?= {_MAJOR})", "", plain)
    if found := re.fullmatch(rf"(.+?) {_MAJOR}(?: (?:and )?(.+?))?(?: {_MINOR})?", plain):
        whole = english_cardinal(found[1].split())
        part = english_cardinal(found[2].split()) if found[2] else Decimal(0)
        return whole + part / 100 if whole is not None and part is not None and part < 100 else None
    if found := re.fullmatch(rf"(.+?) {_MINOR}", plain):
        part = english_cardinal(found[1].split())
        return part / 100 if part is not None else None
    return english_cardinal(plain.split()) or _twelve_fifty(plain.split())


def _twelve_fifty(words: list[str]) -> Decimal | None:
    """Two numbers in a row are units and hundredths: "twelve fifty" is 12.50."""
    for at in range(1, len(words)):
        whole, part = english_cardinal(words[:at]), english_cardinal(words[at:])
        if whole is not None and part is not None and 10 <= part < 100:
            return whole + part / 100
    return None


def _chinese(plain: str, words: NumberWords) -> Decimal | None:
    plain = re.sub(r"^(大概|大约|一共|总共|是)|(人民币|钱|左右|整)", "", plain).lstrip("¥")
    n = r"([零〇一二两三四五六七八九十百千万\d.点]+)"
    pattern = rf"(?:{n}(?:块|元|圆))?(?:{n}(?:毛|角))?(?:{n}分?)?"
    found = re.fullmatch(pattern, plain)
    if not found or not plain:
        return None
    if found[1] is None and found[2] is None:
        return None if plain.endswith("分") and not found[3] else _tail(found[3], words, has_more=plain.endswith("分"))
    whole = cardinal(found[1], words) if found[1] else Decimal(0)
    tenths = cardinal(found[2], words) if found[2] else Decimal(0)
    rest = (
        _rest(found[3], words, after_tenths=bool(found[2]), said_unit=plain.endswith("分")) if found[3] else Decimal(0)
    )
    return None if whole is None or tenths is None or rest is None else whole + tenths / 10 + rest


def _rest(text: str, words: NumberWords, *, after_tenths: bool, said_unit: bool) -> Decimal | None:
    """What follows 块 without 毛: 三块五 is 3.5, 三块零五 and 三块五毛二 end in hundredths, 三块二十五 is 3.25."""
    value = cardinal(text, words)
    if value is None or value >= 100:
        return None
    hundredths = after_tenths or said_unit or text[0] in "零〇" or value >= 10
    return value / (100 if hundredths else 10)


def _tail(text: str | None, words: NumberWords, *, has_more: bool) -> Decimal | None:
    value = cardinal(text, words) if text else None
    return value / 100 if value is not None and has_more else value
