"""Telephone numbers: read from people, kept as E.164, shown to people, hidden from logs, read aloud."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult, timezone

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# Seven digits is the shortest run that can be somebody's number; spaces, dashes and brackets may stand between.
_NUMBER_IN_TEXT = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){6,}")
_LONGEST_INPUT = 64
_UNKNOWN_ZONE = "Etc/Unknown"

_PARSE_REASONS = {
    NumberParseException.INVALID_COUNTRY_CODE: "has no country code: begin with + and the code, or choose a country",
    NumberParseException.NOT_A_NUMBER: "is not a telephone number",
    NumberParseException.TOO_SHORT_AFTER_IDD: "ends after the international prefix",
    NumberParseException.TOO_SHORT_NSN: "is too short to be a telephone number",
    NumberParseException.TOO_LONG: "is too long to be a telephone number",
}
_LENGTH_REASONS = {
    ValidationResult.TOO_SHORT: "is too short for its country",
    ValidationResult.TOO_LONG: "is too long for its country",
    ValidationResult.INVALID_LENGTH: "has the wrong number of digits for its country",
    ValidationResult.INVALID_COUNTRY_CODE: "begins with a country code that does not exist",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "lacks its area code",
}


class NumberError(ValueError):
    """The text is not a telephone number that can be called. The message never repeats the text."""


def parse(text: str, *, region: str = "") -> str:
    """Read a telephone number as people write it.

    Args:
        text: "+86 138 1234 5678", "(415) 555-2671", "００８６…", "tel:+1-415-555-2671".
        region: ISO 3166 country of numbers written without a country code, e.g. "CN"; "" when none may be assumed.

    Returns:
        E.164, e.g. "+8613812345678". An extension is dropped.

    Raises:
        NumberError: the text is empty, not a number, lacks a country, or no such number can exist.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        raise NumberError("The telephone number is empty.")
    if len(text) > _LONGEST_INPUT:
        raise NumberError("The telephone number is too long to be a telephone number.")
    try:
        number = phonenumbers.parse(text, region.upper() or None)
    except NumberParseException as error:
        raise NumberError(f"The telephone number {_PARSE_REASONS.get(error.error_type, 'cannot be read')}.") from error
    length = phonenumbers.is_possible_number_with_reason(number)
    if length in _LENGTH_REASONS:
        raise NumberError(f"The telephone number {_LENGTH_REASONS[length]}.")
    if not phonenumbers.is_valid_number(number):
        raise NumberError("The telephone number belongs to no range in use in its country: check the area code.")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def parse_or_none(text: str, *, region: str = "") -> str | None:
    """Read a telephone number as `parse` does; None where it would raise."""
    try:
        return parse(text, region=region)
    except NumberError:
        return None


def is_e164(text: str) -> bool:
    """True for the shape of E.164: "+", then 7 to 15 digits. Says nothing of whether the number exists."""
    return E164.fullmatch(text) is not None


def display(number: str, *, region: str = "") -> str:
    """Write an E.164 number for a reader: in national form for readers in the number's own region.

    Anything that is no E.164 number is returned as it is.
    """
    parsed = _parsed(number)
    if parsed is None:
        return number
    own = bool(region) and phonenumbers.region_code_for_number(parsed) == region.upper()
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL if own else PhoneNumberFormat.INTERNATIONAL)


def redact(number: str) -> str:
    """Hide a number for a log: country code and last two digits remain, "+86•••78". "" stays ""."""
    if not number:
        return ""
    parsed = _parsed(number)
    country = f"+{parsed.country_code}" if parsed else ""
    digits = re.sub(r"\D", "", number)
    return f"{country}•••{digits[-2:]}" if len(digits) >= 7 else "•••"


def redact_text(text: str) -> str:
    """Hide everything in a text that may be a telephone or account number: runs of seven and more digits."""
    return _NUMBER_IN_TEXT.sub("•••", text)


def region(number: str) -> str:
    """ISO 3166 country of an E.164 number, e.g. "CN"; "" when it has none (unknown, satellite, toll-free world)."""
    parsed = _parsed(number)
    code = phonenumbers.region_code_for_number(parsed) if parsed else None
    return code if code and code != "001" else ""


def time_zones(number: str) -> tuple[str, ...]:
    """IANA zones a number may be in, e.g. ("America/New_York",); several for mobiles of wide countries; () unknown."""
    parsed = _parsed(number)
    zones = timezone.time_zones_for_number(parsed) if parsed else ()
    return tuple(zone for zone in zones if zone != _UNKNOWN_ZONE)


def spoken_groups(number: str) -> tuple[str, ...]:
    """Cut a number into groups of two to four digits for reading aloud, as its country writes it.

    Chinese mobiles come as ("138", "1234", "5678"), North American numbers as ("415", "555", "2671"). The country code
    is left out. Anything that is no E.164 number (an order or ticket number) is cut into threes, with a four or two
    twos at the end rather than a lonely digit; its letters and digits are kept, the rest dropped.
    """
    parsed = _parsed(number)
    if parsed is None:
        return _cut("".join(character for character in number if character.isalnum()))
    written = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    parts = re.findall(r"\d+", written)[1:]
    return tuple(piece for part in parts for piece in (_cut(part) if len(part) > 4 else (part,)))


def _cut(text: str) -> tuple[str, ...]:
    """Cut into threes; the last group has two to four characters."""
    groups: list[str] = []
    while len(text) > 4:
        groups.append(text[:3])
        text = text[3:]
    if text:
        groups.append(text)
    return tuple(groups)


def _parsed(number: str) -> phonenumbers.PhoneNumber | None:
    if not is_e164(number):
        return None
    try:
        return phonenumbers.parse(number)
    except NumberParseException:
        return None
