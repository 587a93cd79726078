"""Telephone numbers in any form become one form, and are shown, hidden and read aloud."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.numbers import (
    NumberError,
    display,
    is_e164,
    parse,
    parse_or_none,
    redact,
    redact_text,
    region,
    spoken_groups,
    time_zones,
)


@pytest.mark.parametrize(
    ("text", "home", "number"),
    [
        ("+1 415-555-2671", "", "+14155552671"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("(415) 555-2671", "us", "+14155552671"),
        ("tel:+1-415-555-2671", "", "+14155552671"),
        ("011 86 138 1234 5678", "US", "+8613812345678"),
        ("138 1234 5678", "CN", "+8613812345678"),
        ("１３８１２３４５６７８", "CN", "+8613812345678"),
        ("＋86-10-6552-9988", "", "+861065529988"),
        ("010 6552 9988", "CN", "+861065529988"),
        ("020 7946 0958 ext. 12", "GB", "+442079460958"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("02-312-3456", "KR", "+8223123456"),
    ],
)
def test_a_number_as_people_write_it_becomes_e164(text: str, home: str, number: str) -> None:
    assert parse(text, region=home) == number


@pytest.mark.parametrize(
    ("text", "home", "says"),
    [
        ("", "CN", "empty"),
        ("   ", "CN", "empty"),
        ("138 1234 5678", "", "no country code"),
        ("hello", "US", "not a telephone number"),
        ("12", "US", "too short"),
        ("+1 415 555", "", "too short"),
        ("+1 415 555 26711", "", "too long"),
        ("+86 138 1234 567", "", "check the area code"),
        ("555-2671", "US", "area code"),
        ("+999 123 456 789", "", "country code"),
        ("4" * 5_000, "US", "too long"),
        ("+1 111 111 1111", "", "range in use"),
        ("<script>", "US", "not a telephone number"),
    ],
)
def test_what_is_no_number_is_explained_without_repeating_it(text: str, home: str, says: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse(text, region=home)
    assert says in str(caught.value)
    assert not text.strip() or text.strip() not in str(caught.value)
    assert parse_or_none(text, region=home) is None


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(["", "CN", "US", "XX", "??"]))
def test_any_text_is_either_e164_or_a_number_error(text: str, home: str) -> None:
    number = parse_or_none(text, region=home)
    assert number is None or is_e164(number)


def test_readers_see_the_national_form_of_their_own_region_and_the_international_form_of_others() -> None:
    assert display("+8613812345678", region="CN") == "138 1234 5678"
    assert display("+8613812345678", region="US") == "+86 138 1234 5678"
    assert display("+14155552671") == "+1 415-555-2671"
    assert display("anonymous") == "anonymous"
    assert display("") == ""


def test_a_log_shows_the_country_and_two_digits_only() -> None:
    assert redact("+8613812345678") == "+86•••78"
    assert redact("+14155552671") == "+1•••71"
    assert redact("415-555-2671") == "•••71"
    assert redact("911") == "•••"
    assert redact("") == ""


def test_numbers_inside_a_sentence_are_hidden() -> None:
    told = redact_text("The 'To' number +1 (415) 555-2671 is not valid, nor is 13812345678. See error 21211.")
    assert told == "The 'To' number ••• is not valid, nor is •••. See error 21211."


def test_region_and_time_zones_come_from_the_number() -> None:
    assert (region("+8613812345678"), time_zones("+8613812345678")) == ("CN", ("Asia/Shanghai",))
    assert (region("+12125550123"), time_zones("+12125550123")) == ("US", ("America/New_York",))
    assert len(time_zones("+18005551212")) > 1
    assert (region(""), time_zones("client:alice")) == ("", ())


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("+8613812345678", ("138", "1234", "5678")),
        ("+14155552671", ("415", "555", "2671")),
        ("+861065529988", ("10", "6552", "9988")),
        ("123458", ("123", "458")),
        ("1234567", ("123", "4567")),
        ("SF-1234 5678", ("SF1", "234", "5678")),
        ("12", ("12",)),
        ("", ()),
    ],
)
def test_numbers_are_read_in_short_groups(number: str, groups: tuple[str, ...]) -> None:
    assert spoken_groups(number) == groups


@settings(deadline=None)
@given(st.from_regex(r"\A[0-9]{2,20}\Z"))
def test_reading_in_groups_loses_nothing_and_leaves_no_lonely_digit(text: str) -> None:
    groups = spoken_groups(text)
    assert "".join(groups) == text
    assert all(2 <= len(group) <= 4 for group in groups)
