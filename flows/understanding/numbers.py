"""Digits and numbers in the words of any language served."""

from __future__ import annotations

import re
from decimal import Decimal

from flows.phrases import primary
from flows.understanding import asian_numbers, english_numbers
from flows.understanding.normal import normal, without_number_sign
from flows.understanding.reading import Reading

_ASIAN = ("zh", "ko")
_ZH_FILLERS = re.compile(
    "(我的|数字|第|号码|单号|工单号|工单|手机号|电话|就是|应该是|大概|大约|是|呃|嗯|那个|个|号|请|吧|的)"
)
_KO_FILLERS = re.compile("(번호는|번호|번이요|입니다|이에요|예요|개|음|번|요|에(?= ))")


def spoken_digits(text: str, language: str) -> Reading | None:
    """The digits somebody said one by one or in groups, as text; None when something else was said."""
    plain = normal(without_number_sign(text))
    if primary(language) in _ASIAN:
        words = asian_numbers.table(language)
        found = asian_numbers.digits(_asian_plain(plain, language), words)
        return Reading(value=found) if found else _english_digits(plain)
    return _english_digits(plain)


def _english_digits(plain: str) -> Reading | None:
    found = english_numbers.digits(english_numbers.tokens(plain))
    return Reading(value=found[0], exact=found[1]) if found else None


def spoken_number(text: str, language: str) -> Reading | None:
    """The one number somebody said, as int when whole, else float; None for none or several."""
    plain = normal(without_number_sign(text))
    value = None
    if primary(language) in _ASIAN:
        value = asian_numbers.cardinal(_asian_plain(plain, language), asian_numbers.table(language))
    if value is None and primary(language) == "ko":
        value = asian_numbers.native_korean(_KO_FILLERS.sub("", plain))
    if value is None:
        value = _english_number(plain)
    return None if value is None else Reading(value=json_number(value))


def _english_number(plain: str) -> Decimal | None:
    words = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", plain).split()
    words = [w if w != "-" else "minus" for w in words]
    if words and re.fullmatch(r"-\d+(\.\d+)?", words[-1]):
        words = [*words[:-1], "minus", words[-1][1:]]
    while words and words[0] in english_numbers.FILLERS and words[0] not in ("a", "an"):
        words = words[1:]
    while words and words[-1] in english_numbers.FILLERS | {"o'clock"}:
        words = words[:-1]
    found = english_numbers.cardinal(words) if words else None
    return None if words in (["a"], ["an"]) else found


def json_number(value: Decimal) -> int | float:
    """A whole number as int, any other as float: what a call's values may hold."""
    return int(value) if value == value.to_integral_value() else float(value)


def _asian_plain(plain: str, language: str) -> str:
    if primary(language) == "ko":
        return asian_numbers.plain_korean(_KO_FILLERS.sub("", plain))
    return _ZH_FILLERS.sub("", asian_numbers.repeated(plain)).replace("-", "")
