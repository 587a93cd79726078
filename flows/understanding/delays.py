""" "In half an hour", 一个小时以后: a time told by how long it is until then."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flows.phrases import primary
from flows.understanding.normal import normal
from flows.understanding.numbers import spoken_number
from flows.understanding.reading import Reading

LONGEST = timedelta(days=3)
"""Nobody counts further ahead in hours."""

_ENGLISH = re.compile(
    r"\bin (?:about |around )?(?P<number>half an|an?|[\w ]{1,24}?)(?P<half> and a half)? "
    r"(?P<unit>hours?|minutes?|hrs?|mins?)\b"
)
_CHINESE = re.compile(
    r"(?P<number>半|[0-9零一二两三四五六七八九十百]{1,4})(?:个)?(?P<half>半)?(?P<unit>小时|钟头|分钟|刻钟)(?:以?后|之后|再)"
)
_KOREAN = re.compile(r"(?P<number>[0-9가-힣]{1,4}?) ?(?P<unit>시간|분) ?(?P<half>반)? ?(?:후|뒤|있다가)")
_PATTERNS = {"zh": _CHINESE, "ko": _KOREAN}
_UNITS = {"h": 60.0, "m": 1.0, "小": 60.0, "钟": 60.0, "分": 1.0, "刻": 15.0, "시": 60.0, "분": 1.0}
_HALVES = frozenset({"half an", "半"})
_BEFORE_HOURS = {"a": 1.0, "an": 1.0, "한": 1.0, "두": 2.0, "세": 3.0, "네": 4.0}
"""Numbers in the form that stands before a unit and nowhere else."""


def spoken_delay(text: str, language: str, now: datetime) -> Reading | None:
    """The moment that is so long after `now`, to the minute, as ISO 8601 text in the zone of `now`; None for none."""
    plain = normal(text)
    found = (own.search(plain) if (own := _PATTERNS.get(primary(language))) else None) or _ENGLISH.search(plain)
    if found is None:
        return None
    number = _number(found["number"].strip(), language)
    if number is None:
        return None
    wait = timedelta(minutes=(number + (0.5 if found["half"] else 0)) * _UNITS[found["unit"][0]])
    if not timedelta(0) < wait <= LONGEST:
        return None
    return Reading(value=(now + wait).replace(second=0, microsecond=0).isoformat())


def _number(text: str, language: str) -> float | None:
    if text in _HALVES:
        return 0.5
    if text in _BEFORE_HOURS:
        return _BEFORE_HOURS[text]
    found = spoken_number(text, language)
    return None if found is None else float(found.value)
