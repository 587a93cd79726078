"""Phone numbers, keyed or spoken."""

from __future__ import annotations

import phonenumbers

from flows.phrases import primary
from flows.understanding.numbers import spoken_digits
from flows.understanding.reading import Reading

MOST_DIGITS = 15
"""Digits of the longest number (E.164), without what is dialled before it."""
_FILLERS = ("0138000138000", "2345678901234", "5550143555014", "8888888888888", "1234567890123")
"""Digits by which the beginning of a number is tried to be made a whole one."""
_REGIONS = {"zh": "CN", "ko": "KR", "en": "US"}


def region(service_number: str, language: str) -> str:
    """The country whose national numbers are meant: that of the service number, else the usual one of the language."""
    try:
        found = phonenumbers.region_code_for_number(phonenumbers.parse(service_number))
    except phonenumbers.NumberParseException:
        found = None
    named = language.replace("_", "-").split("-")[-1]
    usual = named if len(named) == 2 and named.isupper() else _REGIONS.get(primary(language), "US")
    return found if found and found != "001" else usual


def phone_from_digits(digits: str, country: str) -> Reading | None:
    """E.164 from keyed digits, national or with 00; with a problem when there is no such number."""
    if not digits.lstrip("+").isdigit():
        return None
    text = "+" + digits[2:] if digits.startswith("00") else digits
    for attempt in (text, "+" + text):
        try:
            number = phonenumbers.parse(attempt, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return Reading(value=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return Reading(value=digits, problem="rejected_check") if len(digits) >= 3 else None


def phone_may_go_on(digits: str, country: str) -> bool:
    """Whether digits begin some longer number of the country, rather than one that is wrong."""
    most = MOST_DIGITS - len(digits)
    tries = (digits + filler[:more] for more in range(1, most + 1) for filler in _FILLERS)
    return any((found := phone_from_digits(longer, country)) and not found.problem for longer in tries)


def national_digits(number: str) -> str:
    """The digits of an E.164 number as they are said in its country."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return "".join(c for c in number if c.isdigit())
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(c for c in written if c.isdigit())


def spoken_phone_digits(text: str, language: str) -> Reading | None:
    """The digits of a spoken number or of a part of one."""
    return spoken_digits(text.replace("+", " ").replace("(", " ").replace(")", " "), language)


def spoken_phone(text: str, language: str, country: str) -> Reading | None:
    """E.164 from a spoken number."""
    found = spoken_phone_digits(text, language)
    if found is None:
        return None
    number = phone_from_digits(found.value, country)
    return Reading(value=number.value, exact=found.exact, problem=number.problem) if number else None
