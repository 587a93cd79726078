"""Dates by keys and by words. Today is Saturday, 21 November 2026."""

from datetime import date

import pytest

from flows.understanding.dates import keyed_date, spoken_date

TODAY = date(2026, 11, 21)
EN, GB, ZH, KO = "en-US", "en-GB", "zh-CN", "ko-KR"


@pytest.mark.parametrize(
    ("said", "language", "day"),
    [
        ("today", EN, "2026-11-21"),
        ("tomorrow please", EN, "2026-11-22"),
        ("the day after tomorrow", EN, "2026-11-23"),
        ("in three days", EN, "2026-11-24"),
        ("three days from now", EN, "2026-11-24"),
        ("in two weeks", EN, "2026-12-05"),
        ("Monday", EN, "2026-11-23"),
        ("on saturday", EN, "2026-11-28"),
        ("next Monday", EN, "2026-11-23"),
        ("next Saturday", EN, "2026-11-28"),
        ("December fifth", EN, "2026-12-05"),
        ("December 5th", EN, "2026-12-05"),
        ("5 December", EN, "2026-12-05"),
        ("the fifth of December", EN, "2026-12-05"),
        ("December twenty first", EN, "2026-12-21"),
        ("the twenty third of December", EN, "2026-12-23"),
        ("January 3rd", EN, "2027-01-03"),
        ("March 4 2027", EN, "2027-03-04"),
        ("March fourth twenty twenty seven", EN, "2027-03-04"),
        ("12/5", EN, "2026-12-05"),
        ("5/12", GB, "2026-12-05"),
        ("2027-01-15", EN, "2027-01-15"),
        ("the 25th", EN, "2026-11-25"),
        ("今天", ZH, "2026-11-21"),
        ("明天吧", ZH, "2026-11-22"),
        ("后天", ZH, "2026-11-23"),
        ("大后天", ZH, "2026-11-24"),
        ("三天后", ZH, "2026-11-24"),
        ("两周以后", ZH, "2026-12-05"),
        ("一个星期后", ZH, "2026-11-28"),
        ("下周三", ZH, "2026-11-25"),
        ("下下周一", ZH, "2026-11-30"),
        ("这周日", ZH, "2026-11-22"),
        ("星期三", ZH, "2026-11-25"),
        ("礼拜天", ZH, "2026-11-22"),
        ("十二月五号", ZH, "2026-12-05"),
        ("十二月二十五日", ZH, "2026-12-25"),
        ("12月5日", ZH, "2026-12-05"),
        ("一月三号", ZH, "2027-01-03"),
        ("二零二七年三月四号", ZH, "2027-03-04"),
        ("明年三月四号", ZH, "2027-03-04"),
        ("下个月五号", ZH, "2026-12-05"),
        ("二十五号", ZH, "2026-11-25"),
        ("五号", ZH, "2026-12-05"),
        ("내일", KO, "2026-11-22"),
        ("십이월 오일", KO, "2026-12-05"),
        ("12월 5일", KO, "2026-12-05"),
        ("다음 주 수요일", KO, "2026-11-25"),
        ("시월 삼일", KO, "2027-10-03"),
    ],
)
def test_days_are_understood_as_people_say_them(said, language, day):
    assert spoken_date(said, language, TODAY).value == day


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("February thirtieth", EN),
        ("2/30", EN),
        ("2026-02-30", EN),
        ("the thirty second of May", EN),
        ("二月三十号", ZH),
        ("十三月五号", ZH),
        ("随便", ZH),
        ("whenever you like", EN),
        ("I have three parcels", EN),
    ],
)
def test_a_day_that_does_not_exist_or_was_not_said_is_none(said, language):
    assert spoken_date(said, language, TODAY) is None


def test_a_past_day_is_looked_for_behind():
    assert spoken_date("December 5th", EN, TODAY, past=True).value == "2025-12-05"
    assert spoken_date("昨天", ZH, TODAY, past=True).value == "2026-11-20"


@pytest.mark.parametrize(
    ("keys", "day"),
    [("1205", "2026-12-05"), ("0103", "2027-01-03"), ("20270304", "2027-03-04"), ("1121", "2026-11-21")],
)
def test_days_can_be_keyed(keys, day):
    assert keyed_date(keys, TODAY).value == day


@pytest.mark.parametrize("keys", ["0230", "1301", "20260230", "12", "123456", "12*5", ""])
def test_a_keyed_day_that_does_not_exist_is_none(keys):
    assert keyed_date(keys, TODAY) is None
