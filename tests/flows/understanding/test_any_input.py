"""Whatever is said or pressed, understanding answers with a value or None, and quickly; it never breaks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.understanding.amounts import keyed_amount, spoken_amount
from flows.understanding.choices import best_choice
from flows.understanding.dates import keyed_date, spoken_date
from flows.understanding.numbers import spoken_digits, spoken_number
from flows.understanding.phone_numbers import phone_from_digits, spoken_phone
from flows.understanding.questions import best_question
from flows.understanding.times import keyed_datetime, keyed_time, spoken_datetime, spoken_time
from flows.understanding.tracking import spoken_code
from flows.understanding.yes_no import after_no, yes_or_no

TODAY = date(2026, 11, 21)
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC).astimezone(ZONE)
PIECES = [
    "one",
    "two",
    "twenty",
    "hundred",
    "thousand",
    "million",
    "point",
    "minus",
    "double",
    "oh",
    "first",
    "december",
    "february",
    "30",
    "31",
    "12/31",
    "2026-13-45",
    "next",
    "in",
    "days",
    "weeks",
    "ago",
    "half",
    "past",
    "quarter",
    "to",
    "o'clock",
    "pm",
    "noon",
    "dollars",
    "cents",
    "a",
    "b",
    "as",
    "alpha",
    "dash",
    "yes",
    "no",
    "it's",
    "99999999999",
    "零",
    "一",
    "两",
    "十",
    "百",
    "千",
    "万",
    "亿",
    "点",
    "负",
    "半",
    "刻",
    "差",
    "分",
    "块",
    "毛",
    "元",
    "号",
    "月",
    "日",
    "年",
    "周",
    "星期",
    "下",
    "后",
    "天",
    "明天",
    "下午",
    "是",
    "不",
    "对",
    "字母",
    "²",
    "٣",
    "½",
    "①",
    "🙂",
    "{{",
    "}}",
    "일",
    "십",
    "시",
    "월",
    "요일",
    "네",
]
PHRASES = st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join) | st.text(max_size=60)
LANGUAGES = st.sampled_from(["en-US", "en-GB", "zh-CN", "ko-KR", "fr-FR", ""])
KEYS = st.text(alphabet="0123456789*#", max_size=16)
CHOICES = {"a": ["parcel tracking", "查快递"], "b": ["a complaint", "投诉"]}


@settings(max_examples=150, deadline=None)
@given(text=PHRASES, language=LANGUAGES)
def test_no_words_break_understanding(text, language):
    for found in (
        spoken_digits(text, language),
        spoken_number(text, language),
        spoken_amount(text, language),
        spoken_date(text, language, TODAY),
        spoken_date(text, language, TODAY, past=True),
        spoken_time(text, language),
        spoken_datetime(text, language, NOW),
        spoken_phone(text, language, "CN"),
        spoken_code(text, language),
        best_choice(text, CHOICES, language),
    ):
        assert found is None or found.value is not None
    assert yes_or_no(text, language) in (True, False, None)
    after_no(text, language)
    best_question(text, CHOICES, language, threshold=0.5)


@settings(max_examples=150, deadline=None)
@given(keys=KEYS)
def test_no_keys_break_understanding(keys):
    keyed_amount(keys)
    keyed_date(keys, TODAY)
    keyed_time(keys)
    keyed_datetime(keys, TODAY, ZONE)
    phone_from_digits(keys, "CN")


@settings(max_examples=150, deadline=None)
@given(text=PHRASES, language=LANGUAGES)
def test_digits_are_digits_and_days_are_days(text, language):
    digits = spoken_digits(text, language)
    assert digits is None or (digits.value.isascii() and digits.value.isdigit())
    day = spoken_date(text, language, TODAY)
    assert day is None or date.fromisoformat(day.value)
    code = spoken_code(text, language)
    assert code is None or (code.value.isascii() and code.value.isalnum())


@pytest.mark.parametrize("unit", ["one ", "一", "twenty ", "查快递", "十", "A as in ", "差", "하나 "])
def test_four_thousand_characters_are_no_burden(unit):
    text = (unit * 4000)[:4000]
    spoken_digits(text, "en-US")
    spoken_digits(text, "zh-CN")
    spoken_number(text, "zh-CN")
    spoken_amount(text, "en-US")
    spoken_date(text, "zh-CN", TODAY)
    spoken_time(text, "zh-CN")
    spoken_code(text, "en-US")
    best_choice(text, CHOICES, "zh-CN")
