"""Times of day, and days with times. Now is Saturday, 21 November 2026, 15:00 in Shanghai."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from flows.understanding.times import keyed_datetime, keyed_time, spoken_datetime, spoken_time

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=ZONE)
EN, ZH, KO = "en-US", "zh-CN", "ko-KR"


@pytest.mark.parametrize(
    ("said", "language", "time"),
    [
        ("three thirty pm", EN, "15:30"),
        ("half past nine in the morning", EN, "09:30"),
        ("quarter past three", EN, "15:15"),
        ("quarter to four in the afternoon", EN, "15:45"),
        ("ten to eleven am", EN, "10:50"),
        ("twenty past five pm", EN, "17:20"),
        ("twenty five past eight am", EN, "08:25"),
        ("nine o'clock", EN, "09:00"),
        ("3 pm", EN, "15:00"),
        ("3 p.m.", EN, "15:00"),
        ("15:30", EN, "15:30"),
        ("three oh five pm", EN, "15:05"),
        ("noon", EN, "12:00"),
        ("midnight", EN, "00:00"),
        ("twelve thirty am", EN, "00:30"),
        ("三点半", ZH, "15:30"),
        ("下午三点半", ZH, "15:30"),
        ("上午九点", ZH, "09:00"),
        ("晚上八点十五分", ZH, "20:15"),
        ("三点一刻", ZH, "15:15"),
        ("下午差五分四点", ZH, "15:55"),
        ("早上八点零五", ZH, "08:05"),
        ("中午十二点", ZH, "12:00"),
        ("十五点三十", ZH, "15:30"),
        ("凌晨两点", ZH, "02:00"),
        ("下午3点30分", ZH, "15:30"),
        ("오후 세 시 반", KO, "15:30"),
        ("오전 열한 시", KO, "11:00"),
        ("오후 세시 십오분", KO, "15:15"),
    ],
)
def test_times_are_understood_as_people_say_them(said, language, time):
    assert spoken_time(said, language).value == time


@pytest.mark.parametrize(
    ("said", "language"), [("later", EN), ("twenty five thirty", EN), ("随便", ZH), ("二十五点", ZH), ("my parcel", EN)]
)
def test_no_time_said_is_none(said, language):
    assert spoken_time(said, language) is None


def test_an_hour_without_its_part_of_the_day_is_doubtful():
    assert not spoken_time("三点半", ZH).exact
    assert spoken_time("下午三点半", ZH).exact
    assert spoken_time("15:30", EN).exact


@pytest.mark.parametrize(("keys", "time"), [("1530", "15:30"), ("0905", "09:05"), ("930", "09:30"), ("0000", "00:00")])
def test_times_can_be_keyed(keys, time):
    assert keyed_time(keys).value == time


@pytest.mark.parametrize("keys", ["2460", "2400", "9", "15", "12345", "1*30"])
def test_a_keyed_time_that_does_not_exist_is_none(keys):
    assert keyed_time(keys) is None


@pytest.mark.parametrize(
    ("said", "language", "moment"),
    [
        ("tomorrow at three pm", EN, "2026-11-22T15:00:00+08:00"),
        ("next Monday at half past nine in the morning", EN, "2026-11-23T09:30:00+08:00"),
        ("December fifth at 4 pm", EN, "2026-12-05T16:00:00+08:00"),
        ("at five pm", EN, "2026-11-21T17:00:00+08:00"),
        ("nine am", EN, "2026-11-22T09:00:00+08:00"),
        ("明天下午三点", ZH, "2026-11-22T15:00:00+08:00"),
        ("下周三上午十点半", ZH, "2026-11-25T10:30:00+08:00"),
        ("今晚八点", ZH, "2026-11-21T20:00:00+08:00"),
        ("十二月五号下午四点", ZH, "2026-12-05T16:00:00+08:00"),
        ("내일 오후 세 시", KO, "2026-11-22T15:00:00+08:00"),
    ],
)
def test_days_with_times_are_understood(said, language, moment):
    assert spoken_datetime(said, language, NOW).value == moment


def test_a_day_without_a_time_is_no_moment():
    assert spoken_datetime("tomorrow", EN, NOW) is None


def test_moments_can_be_keyed():
    assert keyed_datetime("12051530", NOW.date(), ZONE).value == "2026-12-05T15:30:00+08:00"
    assert keyed_datetime("202712051530", NOW.date(), ZONE).value == "2027-12-05T15:30:00+08:00"
    assert keyed_datetime("02301530", NOW.date(), ZONE) is None
    assert keyed_datetime("12052530", NOW.date(), ZONE) is None
