"""Times of day in Chinese and Korean words: 下午三点半, 差五分三点, 三点一刻; 오후 세 시 반."""

from __future__ import annotations

import re

from flows.phrases import primary
from flows.understanding.asian_numbers import cardinal, table

_PARTS = {
    **dict.fromkeys(("下午", "晚上", "傍晚", "今晚", "明晚", "오후", "저녁", "밤"), "pm"),
    **dict.fromkeys(("夜里", "半夜"), "night"),
    "中午": "noon",
    **dict.fromkeys(("上午", "早上", "早晨", "清晨", "凌晨", "明早", "오전", "아침", "새벽"), "am"),
}
_KO_HOURS = {
    "열두": 12,
    "열한": 11,
    "열": 10,
    "한": 1,
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
}
_N = r"[零〇一二两三四五六七八九十\d]+"


def asian_time(text: str, language: str) -> tuple[int, int, str] | None:
    """Hour, minute and part of the day ("am", "pm", "noon", "night", "") in a normal text; None for no time."""
    text = text.replace(" ", "")
    part = next((p for word, p in _PARTS.items() if word in text), "")
    found = _korean(text) if primary(language) == "ko" else _chinese(text)
    if found is None and (clock := re.search(r"(\d{1,2}):(\d{2})", text)):
        found = int(clock[1]), int(clock[2])
        latin = re.search(r"([ap])\.?m", text)
        part = part or (f"{latin[1]}m" if latin else "")
    if found is None and text in ("中午", "正午", "정오"):
        return 12, 0, "pm"
    if found is None or found[0] > 24 or found[1] > 59:
        return None
    return found[0] % 24, found[1], part


def _chinese(text: str) -> tuple[int, int] | None:
    found = re.search(rf"({_N})[点時时](钟|整|半|[一1]刻|[三3]刻|[零〇]?{_N})?", text)
    hour = _value(found[1]) if found else None
    if found is None or hour is None:
        return None
    minute = _chinese_minute(found[2] or "")
    before = re.search(rf"差({_N})分?(?:钟)?", text)
    quarter = 15 if re.search(r"差[一1]刻", text) else None
    if quarter or before:
        minus = quarter or _value(before[1] if before else "") or 0
        return ((hour - 1) % 24 or 12, 60 - minus) if minute == 0 and 0 < minus < 60 else None
    return None if minute is None else (hour, minute)


def _chinese_minute(text: str) -> int | None:
    if text in ("", "钟", "整"):
        return 0
    if text == "半":
        return 30
    if text.endswith("刻"):
        return 15 if text[0] in "一1" else 45
    return _value(text.lstrip("零〇") or "0")


def _value(text: str) -> int | None:
    value = cardinal(text, table("zh"), short_tail=False)
    return None if value is None else int(value)


def _korean(text: str) -> tuple[int, int] | None:
    hours = "|".join(_KO_HOURS)
    found = re.search(rf"({hours}|\d{{1,2}})시(반|[일이삼사오육칠팔구십\d]+분)?", text)
    if not found:
        return None
    hour = int(found[1]) if found[1].isdigit() else _KO_HOURS[found[1]]
    if found[2] == "반":
        return hour, 30
    minute = cardinal(found[2][:-1], table("ko"), short_tail=False) if found[2] else None
    return hour, int(minute or 0)
