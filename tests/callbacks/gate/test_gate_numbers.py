"""What a number says: the quick reading agrees with the library's own."""

from __future__ import annotations

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType, timezone

from callbacks.gate.callee import LINES, callee_of
from telephony.numbers import is_e164

CODES = (
    1,
    7,
    20,
    27,
    33,
    34,
    39,
    44,
    46,
    49,
    52,
    54,
    55,
    61,
    64,
    81,
    82,
    86,
    91,
    212,
    262,
    290,
    351,
    358,
    420,
    590,
    599,
)
CODES += (800, 808, 870, 878, 881, 882, 883, 979, 852, 886, 971, 998)


def by_the_library(number: str) -> tuple[str, str, tuple[str, ...]]:
    """Line, region and zones as the library gives them."""
    parsed = phonenumbers.parse(number)
    line = LINES.get(phonenumbers.number_type(parsed), "")
    region = phonenumbers.region_code_for_number(parsed) or ""
    return line, "" if region == "001" else region, timezone.time_zones_for_number(parsed)


def agrees(number: str) -> None:
    try:
        plain = phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        plain = ""
    if plain != number:
        assert callee_of(number).problem == "impossible"
        return
    line, region, zones = by_the_library(number)
    callee = callee_of(number)
    assert callee.line == line
    assert bool(callee.problem) == (not line or line in ("premium_rate", "shared_cost", "pager", "voicemail"))
    if not callee.problem:
        assert callee.region == region
        assert callee.zones == tuple(zone for zone in zones if zone != "Etc/Unknown")


def test_every_country_and_kind_of_line_is_read_as_the_library_reads_it() -> None:
    read = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in PhoneNumberType.values():
            example = phonenumbers.example_number_for_type(region, kind)
            number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164) if example else ""
            if is_e164(number):
                agrees(number)
                read += 1
    assert read > 1000


@settings(deadline=None, max_examples=200)
@given(code=st.sampled_from(CODES), national=st.integers(1_000_000, 99_999_999_999))
def test_any_digits_are_read_as_the_library_reads_them(code: int, national: int) -> None:
    number = f"+{code}{national}"
    if len(number) <= 16:
        agrees(number)


def test_leading_zeros_belong_to_the_number_in_italy() -> None:
    assert callee_of("+390612345678").region == "IT"
    assert callee_of("+390612345678").zones == ("Europe/Rome",)


def test_a_number_in_north_america_has_an_area() -> None:
    assert (callee_of("+13055550123").area, callee_of("+13055550123").line) == ("305", "unknown")
    assert callee_of("+442071838750").area == ""


def test_a_number_that_is_not_in_its_one_form_is_not_dialled_since_no_opt_out_would_be_found_for_it() -> None:
    for number in ("+112125550123", "+4402071838750", "+8601012345678", "+1 2125550123", "+1212555012a"):
        assert callee_of(number).problem == "impossible"
