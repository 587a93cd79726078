"""Dates in Chinese and Korean words: 明天, 下周三, 十二月五号, 三天后; 내일, 십이월 오일, 다음 주 수요일."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flows.phrases import primary
from flows.understanding.asian_numbers import cardinal, digits, plain_korean, table
from flows.understanding.calendar_days import in_year, nearest_month_day, nearest_year, next_week, weekday_after

_NEAR = {
    "zh": {
        "大后天": 3,
        "大前天": -3,
        "后天": 2,
        "前天": -2,
        "昨天": -1,
        "明天": 1,
        "明日": 1,
        "明儿": 1,
        "明晚": 1,
        "明早": 1,
        "今天": 0,
        "今日": 0,
        "今晚": 0,
    },
    "ko": {"모레": 2, "내일": 1, "오늘": 0, "어제": -1},
}
"""Longer words come before those they contain."""

_WEEKDAYS = {"zh": "一二三四五六日", "ko": "월화수목금토일"}
_N = {"zh": r"[零〇一二两三四五六七八九十\d]+", "ko": r"[영공일이삼사오육유륙칠팔구십시\d]+"}


def asian_date(text: str, language: str, today: date, *, past: bool = False) -> date | None:
    """The date a normal text names, seen from `today`; None when it names none or one that does not exist.

    下周三 is Wednesday of the next week, 这周三 of this one, 周三 alone the first after today.
    """
    key = primary(language) if primary(language) in _NEAR else "zh"
    text = _spaceless(text, key)
    for word, days in _NEAR[key].items():
        if word in text:
            return today + timedelta(days=days)
    found = _numeric(text, today) or _distance(text, key, today)
    # Once a month is named, a day that it does not have must not be taken for one of another month.
    if found or re.search(r"[\d零〇一二两三四五六七八九十个下这本]月|[\d일이삼사오육칠팔구십음]월[^요]", text):
        return found or _named(text, key, today, past=past)
    return _weekday(text, key, today) or _day_alone(text, key, today, past=past)


def _spaceless(text: str, key: str) -> str:
    text = text.replace(" ", "")
    if key == "ko":
        # June and October lose a sound before the word for month.
        text = plain_korean(text).replace("유월", "육월").replace("시월", "십월")
    return text


def _number(text: str, key: str) -> int | None:
    value = cardinal(text, table(key), short_tail=False)
    if value is None:
        spelled = digits(text, table(key))
        return int(spelled) if spelled else None
    return int(value)


def _numeric(text: str, today: date) -> date | None:
    found = re.search(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    return in_year(int(found[1]), int(found[2]), int(found[3])) if found else None


def _distance(text: str, key: str, today: date) -> date | None:
    pattern = {
        "zh": rf"({_N['zh']})个?(天|日|周|星期|礼拜)(?:之|以)?(后|前)",
        "ko": rf"({_N['ko']})(일|주|주일)(후|뒤|전)",
    }[key]
    found = re.search(pattern, text)
    if not found or (count := _number(found[1], key)) is None or count > 400:
        return None
    days = count * (1 if found[2] in ("天", "日", "일") else 7)
    return today + timedelta(days=-days if found[3] in ("前", "전") else days)


def _named(text: str, key: str, today: date, *, past: bool) -> date | None:
    number = _N[key]
    pattern = {
        "zh": rf"(?:({number})年)?(?:({number})|(下个?|这个?|本))月(?:份)?的?({number})(?:号|日)?",
        "ko": rf"(?:({number})년)?(?:({number})|(다음))월({number})일",
    }[key]
    # 29일 일요일 would be read as the day 29, 1 and a weekday.
    found = re.search(pattern, re.sub("[월화수목금토일]요일", "", text) if key == "ko" else text)
    if not found:
        return None
    day = _number(found[4], key)
    if found[3]:
        first = today.replace(day=1)
        if found[3].startswith(("下", "다음")):
            first = (first + timedelta(days=31)).replace(day=1)
        return in_year(first.year, first.month, day or 0)
    month = _number(found[2], key)
    year = _number(digits(found[1], table(key)) or "", key) if found[1] else _year_word(text, today)
    if year:
        return in_year(year, month or 0, day or 0)
    return nearest_year(today, month or 0, day or 0, past=past)


def _year_word(text: str, today: date) -> int | None:
    for words, years in ((("明年", "내년"), 1), (("今年", "올해"), 0), (("去年", "작년"), -1)):
        if any(w in text for w in words):
            return today.year + years
    return None


def _weekday(text: str, key: str, today: date) -> date | None:
    pattern = {
        "zh": r"(下下|下|上|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天1-6])",
        "ko": r"(다음주|이번주|지난주)?([월화수목금토일])요일",
    }[key]
    found = re.search(pattern, text)
    if not found:
        return None
    name = found[2].replace("天", "日")
    weekday = int(name) - 1 if name.isdigit() else _WEEKDAYS[key].index(name)
    weeks = {"下下": 2, "下": 1, "다음주": 1, "这": 0, "本": 0, "이번주": 0, "上": -1, "지난주": -1}.get(found[1] or "")
    return weekday_after(today, weekday) if weeks is None else next_week(today, weekday, weeks)


def _day_alone(text: str, key: str, today: date, *, past: bool) -> date | None:
    pattern = {"zh": rf"({_N['zh']})(?:号|日)", "ko": rf"({_N['ko']})일$"}[key]
    found = re.search(pattern, text)
    day = _number(found[1], key) if found else None
    return nearest_month_day(today, day, past=past) if day and day <= 31 else None
