"""Chinese and Korean number words, which share one system: digits with ten, hundred, thousand, then 万 and 亿."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flows.phrases import primary


@dataclass(frozen=True, kw_only=True)
class NumberWords:
    """A language's digits and units by character (or word), and the word for the decimal point."""

    digits: Mapping[str, int]
    units: Mapping[str, int]
    myriads: Mapping[str, int]
    point: str
    short_tail: bool
    """True where a last digit without unit counts for the next lower one: 一百二 is 120."""


CHINESE = NumberWords(
    digits=dict(
        zip("零一二三四五六七八九〇幺两兩壹贰叁肆伍陆柒捌玖", [*range(10), 0, 1, 2, 2, *range(1, 10)], strict=True)
    ),
    units={"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000},
    myriads={"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8},
    point="点",
    short_tail=True,
)
_NATIVE = ["하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"]
KOREAN = NumberWords(
    digits=dict(zip("영공일이삼사오육륙칠팔구", [0, 0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9], strict=True)),
    units={"십": 10, "백": 100, "천": 1000},
    myriads={"만": 10**4, "억": 10**8},
    point="점",
    short_tail=False,
)
TABLES = {"zh": CHINESE, "ko": KOREAN}


def table(language: str) -> NumberWords:
    """The number words of a language; the Chinese ones for a language without its own."""
    return TABLES.get(primary(language), CHINESE)


def plain_korean(text: str) -> str:
    """Native Korean counting words as digits: 하나 is 1."""
    for number, word in enumerate(_NATIVE, start=1):
        text = text.replace(word, str(number))
    return text


_TENS = {
    "열": 10,
    "스물": 20,
    "스무": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
    "예순": 60,
    "일흔": 70,
    "여든": 80,
    "아흔": 90,
}
_COUNTED = {"한": 1, "두": 2, "세": 3, "네": 4}


def native_korean(text: str) -> Decimal | None:
    """A native Korean number up to 99 as a whole: 스물다섯 is 25, 열두 12; None for anything else."""
    found = re.fullmatch(rf"({'|'.join(_TENS)})?({'|'.join((*_NATIVE, *_COUNTED))})?", text.replace(" ", ""))
    if found is None or not found[0]:
        return None
    ones = found[2] and (_NATIVE.index(found[2]) + 1 if found[2] in _NATIVE else _COUNTED[found[2]])
    return Decimal(_TENS.get(found[1] or "", 0) + (ones or 0))


def repeated(text: str) -> str:
    """Chinese counts of one digit written out: 两个七 is 七七, 三个零 is 零零零."""
    counts = {"两": 2, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4}
    digit = "".join(CHINESE.digits)
    return re.sub(rf"(?<![十百千])([两二三四2-4])个([{digit}\d])", lambda found: found[2] * counts[found[1]], text)


def digits(text: str, words: NumberWords) -> str | None:
    """The digits a normal text spells: 幺三五 is 135, 一百零五 is 105, 十二 is 12, 一三五12 is 13512; else None."""
    out = ""
    run = "".join({*words.digits, *words.units, *words.myriads})
    for part in re.findall(rf"\d+|[{run}]+|\S", text):
        if part.isascii() and part.isdigit():
            out += part
        elif part[0] not in run:
            return None
        elif any(c in words.units or c in words.myriads for c in part):
            value = cardinal(part, words, short_tail=False)
            if value is None:
                return None
            out += str(int(value))
        else:
            out += "".join(str(words.digits[c]) for c in part)
    return out or None


def cardinal(text: str, words: NumberWords, *, short_tail: bool | None = None) -> Decimal | None:
    """The number a text is as a whole: 二十五, 一百二 (120), 三点五, 一万两千, 2千; None when it is none."""
    text = text.replace(" ", "")
    if text.startswith(("负", "-")):
        rest = cardinal(text[1:], words, short_tail=short_tail)
        return None if rest is None else -rest
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return Decimal(text)
    if words.point in text:
        whole_text, _, part_text = text.partition(words.point)
        whole, part = cardinal(whole_text, words, short_tail=False), digits(part_text, words)
        return None if whole is None or part is None else whole + Decimal(f"0.{part}")
    return _whole(text, words, words.short_tail if short_tail is None else short_tail)


def _whole(text: str, words: NumberWords, short_tail: bool) -> Decimal | None:
    if not text:
        return None
    total, group, number, last_unit = Decimal(0), Decimal(0), None, 0
    for part in re.findall(r"\d+(?:\.\d+)?|\S", text):
        if part[0].isascii() and part[0].isdigit():
            number = Decimal(part)
        elif part in words.digits:
            if number is not None and number != 0:
                return None
            number = Decimal(words.digits[part])
            last_unit = 0 if number == 0 else last_unit
        elif part in words.units:
            group, number, last_unit = (
                group + (1 if number is None else number) * words.units[part],
                None,
                words.units[part],
            )
        elif part in words.myriads:
            unit = words.myriads[part]
            total = (total + group + (number or 0 if group or number is not None else 1)) * unit
            group, number, last_unit = Decimal(0), None, unit
        else:
            return None
    tail = number or Decimal(0)
    if short_tail and last_unit >= 100 and 0 < tail < 10:
        tail *= last_unit // 10
    return total + group + tail
