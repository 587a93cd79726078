"""How a value is said: digit by digit, letter by letter, as a date, a time, money, a number, a telephone number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Any

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_date_format
from babel.numbers import format_currency, format_decimal

from flows.functions import find_zone, number, parse_date
from flows.functions import text as as_text

MAX_SPOKEN = 200
"""Characters that `digits` and `spell` read out; nobody can follow more."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_ICAO = (
    "Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo "
    "Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu"
)
_CHINESE = (
    "apple boy cat dog egg fish girl hotel ice jacket king lion mother nice orange pen queen rain sun tiger umbrella "
    "victory water x-ray yellow zoo"
)

ALPHABET: Mapping[str, str] = dict(zip(LETTERS, _ICAO.split(), strict=True))
"""The ICAO spelling alphabet."""

CHINESE_ALPHABET: Mapping[str, str] = dict(zip(LETTERS, _CHINESE.split(), strict=True))
"""Letters as Chinese call centres say them: “boy 的 B”."""

SIGNS: Mapping[str, tuple[str, str]] = {
    "-": ("dash", "横杠"),
    "_": ("underscore", "下划线"),
    ".": ("dot", "点"),
    "/": ("slash", "斜杠"),
    "@": ("at", "艾特"),
    "+": ("plus", "加号"),
    "#": ("hash", "井号"),
    "*": ("star", "星号"),
}


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A filter of templates.

    `run` gets the value, the argument ("" without one), the language tag and now; it raises ValueError when the value
    does not fit.
    """

    run: Callable[[Any, str, str, datetime], str]
    usage: str
    summary: Mapping[str, str]


@lru_cache(maxsize=128)
def find_locale(language: str) -> Locale:
    """The locale of a language tag; the plain language, then English, where there is none."""
    for tag in (language, language.partition("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en")


def pause(language: str) -> str:
    """The punctuation at which a voice of the language makes a short pause."""
    return "，" if language.lower().startswith(("zh", "ja", "yue")) else ", "


def _is_chinese(language: str) -> bool:
    return language.lower().startswith(("zh", "yue"))


def group(characters: str) -> list[str]:
    """Split into groups of 3 and 4 (a 2 only where 5 leaves no choice), shorter ones first."""
    count = ceil(len(characters) / 4)
    groups, start = [], 0
    for left in range(count, 0, -1):
        size = (len(characters) - start) // left
        groups.append(characters[start : start + size])
        start += size
    return groups


def _read_groups(groups: list[str], language: str) -> str:
    return pause(language).join(" ".join(part) for part in groups if part)


def _digits(value: Any, _argument: str, language: str, _now: datetime) -> str:
    characters = "".join(c for c in as_text(value) if c.isalnum())[:MAX_SPOKEN].upper()
    return _read_groups(group(characters), language)


def _spell(value: Any, _argument: str, language: str, _now: datetime) -> str:
    chinese = _is_chinese(language)
    parts = []
    for character in as_text(value)[:MAX_SPOKEN].upper():
        if character in ALPHABET:
            word = CHINESE_ALPHABET[character] + " 的 " if chinese else f"{character} as in {ALPHABET[character]}"
            parts.append(word + character if chinese else word)
        elif character in SIGNS:
            parts.append(SIGNS[character][1 if chinese else 0])
        elif character.isalnum():
            parts.append(character)
    return pause(language).join(parts)


def _date(value: Any, _argument: str, language: str, now: datetime) -> str:
    day = parse_date(value)
    locale = find_locale(language)
    if day.year != now.year:
        return str(format_date(day, "full", locale=locale))
    pattern = re.sub(r"(\s*'de')?[,\s]*y(年|년\s)?", "", get_date_format("full", locale=locale).pattern)
    return str(format_date(day, pattern, locale=locale))


def _time(value: Any, argument: str, language: str, _now: datetime) -> str:
    moment: time | datetime
    if isinstance(value, (time, datetime)):
        moment = value
    else:
        written = as_text(value).strip()
        try:
            moment = datetime.fromisoformat(written) if len(written) > 8 else time.fromisoformat(written)
        except ValueError as error:
            raise ValueError("A time is written like 15:30 or 2026-11-23T15:30+08:00.") from error
    if isinstance(moment, datetime) and moment.tzinfo is not None and argument:
        moment = moment.astimezone(find_zone(argument))
    plain = moment.time() if isinstance(moment, datetime) else moment.replace(tzinfo=None)
    return str(format_time(plain, "short", locale=find_locale(language))).replace("\u202f", " ")


def _number(value: Any, argument: str, language: str, _now: datetime) -> str:
    amount = Decimal(str(number(value)))
    places = int(argument) if argument.isdecimal() and len(argument) == 1 else 6
    return str(format_decimal(round(amount, places), locale=find_locale(language), group_separator=False))


def _money(value: Any, argument: str, language: str, now: datetime) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", argument):
        raise ValueError('A currency is written like money("EUR").')
    amount = round(Decimal(str(number(value))), 2)
    whole = amount == amount.to_integral_value()
    return str(
        format_currency(
            amount.to_integral_value() if whole else amount,
            argument.upper(),
            locale=find_locale(language),
            format_type="name",
            currency_digits=not whole,
            group_separator=False,
        )
    )


def _phone(value: Any, _argument: str, language: str, _now: datetime) -> str:
    written = as_text(value)
    try:
        parsed = phonenumbers.parse(written, None)
        written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    except phonenumbers.NumberParseException:
        written = written[:MAX_SPOKEN]
    groups = [part for block in re.findall(r"\d+", written) for part in group(block)]
    if not groups:
        raise ValueError("There is no telephone number in it.")
    return _read_groups(groups, language)


def _default(value: Any, argument: str, _language: str, _now: datetime) -> str:
    return argument if value is None or value == "" else as_text(value)


FILTERS: Mapping[str, Filter] = {
    "digits": Filter(
        run=_digits,
        usage="{{ value | digits }}",
        summary={"en": "Read digit by digit in groups of three and four.", "zh": "逐位读出，三四位一组。"},
    ),
    "spell": Filter(
        run=_spell,
        usage="{{ value | spell }}",
        summary={"en": "Read letter by letter: “A as in Alpha”.", "zh": "逐个字母读出：“apple 的 A”。"},
    ),
    "date": Filter(
        run=_date,
        usage="{{ value | date }}",
        summary={
            "en": "A date with its day of the week, without the current year.",
            "zh": "带星期的日期，当年不读年份。",
        },
    ),
    "time": Filter(
        run=_time,
        usage='{{ value | time("Asia/Shanghai") }}',
        summary={"en": "A time of day, in the zone if one is given.", "zh": "时刻，可指定时区。"},
    ),
    "money": Filter(
        run=_money,
        usage='{{ value | money("EUR") }}',
        summary={"en": "An amount with the currency's name.", "zh": "带货币名称的金额。"},
    ),
    "number": Filter(
        run=_number,
        usage="{{ value | number(2) }}",
        summary={
            "en": "A number as the language writes it, rounded if asked.",
            "zh": "按语言习惯的数字，可指定小数位。",
        },
    ),
    "phone": Filter(
        run=_phone,
        usage="{{ value | phone }}",
        summary={"en": "A telephone number in its country's groups.", "zh": "按所在国习惯分组的电话号码。"},
    ),
    "default": Filter(
        run=_default,
        usage='{{ value | default("…") }}',
        summary={"en": "Said instead when there is no value.", "zh": "没有值时改说的话。"},
    ),
}
"""Every filter by name."""


def speak(value: Any, language: str) -> str:
    """A value without a filter: yes and no in the language, lists with pauses. Raises ValueError for objects."""
    if isinstance(value, bool):
        return ("是" if value else "否") if _is_chinese(language) else ("yes" if value else "no")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        joiner = "、" if _is_chinese(language) else ", "
        return joiner.join(as_text(item) for item in value[:20])
    return as_text(value)
