"""Phone numbers, keyed or spoken."""

from __future__ import annotations

import phonenumbers

from flows.phrases import primary
from flows.understanding.numbers import spoken_digits
from flows.understanding.reading import Reading

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


def spoken_phone(text: str, language: str, country: str) -> Reading | None:
    """E.164 from a spoken number."""
    found = spoken_digits(text.replace("+", " ").replace("(", " ").replace(")", " "), language)
    if found is None:
        return None
    number = phone_from_digits(found.value, country)
    return Reading(value=number.value, exact=found.exact, problem=number.problem) if number else None
