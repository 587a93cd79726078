"""What we read out is what we understand: values as the templates say them, read again, in every language served."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.filters import FILTERS
from flows.understanding.amounts import spoken_amount
from flows.understanding.dates import spoken_date
from flows.understanding.numbers import spoken_digits, spoken_number
from flows.understanding.phone_numbers import spoken_phone
from flows.understanding.times import spoken_time
from flows.understanding.tracking import spoken_code

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
LANGUAGES = st.sampled_from(["en-US", "en-GB", "zh-CN", "ko-KR"])
NUMBERS = ["+8613800138000", "+861084321000", "+12025550143", "+821012345678", "+442079460958"]
CODES = st.from_regex(r"[A-Z]{0,3}[0-9]{1,12}", fullmatch=True)
WORDS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "zh": list("零一二三四五六七八九"),
    "ko": list("영일이삼사오육칠팔구"),
}


def spoken(kind, value, language, argument=""):
    return FILTERS[kind].run(value, argument, language, NOW)


@given(st.text("0123456789", min_size=1, max_size=14), LANGUAGES)
def test_digits(number, language):
    assert spoken_digits(spoken("digits", number, language), language).value == number
    one_by_one = " ".join(WORDS[language[:2]][int(digit)] for digit in number)
    assert spoken_digits(one_by_one, language).value == number


@given(CODES, LANGUAGES)
def test_codes_as_they_are_read_out_and_as_they_are_spelled(code, language):
    if "O" not in code:
        # A lone O is a zero to whoever says it.
        assert spoken_code(spoken("digits", code, language), language).value == code
        assert spoken_code(" ".join(code), language).value == code
    if language != "ko-KR":
        assert spoken_code(spoken("spell", code, language), language).value == code


@given(st.integers(0, 99_999), LANGUAGES)
def test_numbers(number, language):
    assert spoken_number(spoken("number", number, language), language).value == number


@given(st.integers(0, 9_999), st.sampled_from([0, 5, 25, 50, 99]), LANGUAGES)
def test_amounts(whole, cents, language):
    currency = {"zh-CN": "CNY", "ko-KR": "KRW"}.get(language, "USD")
    amount = whole + cents / 100 if currency != "KRW" else whole
    assert spoken_amount(spoken("money", amount, language, currency), language).value == pytest.approx(amount)


@given(st.integers(1, 360), LANGUAGES)
def test_days_ahead(days, language):
    today = NOW.date()
    day = today + timedelta(days=days)
    assert spoken_date(spoken("date", day.isoformat(), language), language, today).value == day.isoformat()


@given(st.integers(0, 23), st.integers(0, 59), LANGUAGES)
def test_times(hour, minute, language):
    at = f"{hour:02}:{minute:02}"
    assert spoken_time(spoken("time", at, language), language).value == at


@settings(max_examples=25)
@given(st.sampled_from(NUMBERS), LANGUAGES)
def test_telephone_numbers(number, language):
    country = {"+86": "CN", "+12": "US", "+82": "KR", "+44": "GB"}[number[:3]]
    assert spoken_phone(spoken("phone", number, language), language, country).value == number


@pytest.mark.parametrize(
    ("read", "text", "language", "value"),
    [
        (spoken_code, "RB 77-88", "en-US", "RB7788"),
        (spoken_code, "R.B. 7,788", "en-US", "RB7788"),
        (spoken_code, "No. RB12", "en-US", "RB12"),
        (spoken_code, "B for boy, bravo, double seven", "en-US", "BB77"),
        (spoken_code, "boy的B，七七", "zh-CN", "B77"),
        (spoken_code, "R B 两个七", "zh-CN", "RB77"),
        (spoken_code, "알 비 칠칠팔팔", "ko-KR", "RB7788"),
        (spoken_digits, "7,788", "en-US", "7788"),
        (spoken_digits, "No.3", "en-US", "3"),
        (spoken_digits, "quadruple five niner", "en-US", "55559"),
        (spoken_digits, "seven hundred oh one", "en-US", "70001"),
        (spoken_digits, "三个零两个七", "zh-CN", "00077"),
        (spoken_digits, "一百二十", "zh-CN", "120"),
        (spoken_digits, "数字七", "zh-CN", "7"),
        (spoken_digits, "공일공에 일이삼사", "ko-KR", "0101234"),
        (spoken_number, "스물다섯", "ko-KR", 25),
        (spoken_number, "열두 개", "ko-KR", 12),
        (spoken_time, "12:30", "en-US", "12:30"),
        (spoken_time, "下午3:30", "zh-CN", "15:30"),
    ],
)
def test_what_recognisers_write(read, text, language, value):
    assert read(text, language).value == value


def test_dates_as_recognisers_write_them():
    today = date(2026, 11, 22)
    assert spoken_date("March 3rd", "en-US", today).value == "2027-03-03"
    assert spoken_date("3月5号", "zh-CN", today).value == "2027-03-05"
    assert spoken_date("3월 5일", "ko-KR", today).value == "2027-03-05"
