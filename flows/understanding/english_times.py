"""Times of day in English words: half past three, quarter to four, three thirty pm, noon."""

from __future__ import annotations

import re

from flows.understanding.english_numbers import cardinal, tokens

_AFTERNOON = re.compile(r"\b(p\.?m|pm|p m|in the (afternoon|evening)|at night|tonight|afternoon|evening)\b")
_MORNING = re.compile(r"\b(a\.?m|am|a m|in the morning|morning)\b")
_MINUTES = {"quarter": 15, "half": 30}


def english_time(text: str) -> tuple[int, int, str] | None:
    """Hour, minute and part of the day ("am", "pm", "" when not said) in a normal text; None when it names no time."""
    part = "pm" if _AFTERNOON.search(text) else "am" if _MORNING.search(text) else ""
    if re.search(r"\b(noon|midday)\b", text):
        return 12, 0, "pm"
    if re.search(r"\bmidnight\b", text):
        return 0, 0, "24h"
    found = _clock(text) or _past_or_to(text) or _words(text, said=bool(part))
    if found is None:
        return None
    hour, minute = found
    return (hour, minute, part) if hour < 24 and minute < 60 else None


def _clock(text: str) -> tuple[int, int] | None:
    found = re.search(r"\b(\d{1,2})[:.](\d{2})\b", text)
    return (int(found[1]), int(found[2])) if found else None


def _number(words: list[str]) -> int | None:
    value = cardinal(words)
    return int(value) if value is not None else None


def _past_or_to(text: str) -> tuple[int, int] | None:
    words = tokens(text)
    for at, word in enumerate(words):
        if word not in ("past", "after", "to", "till", "before") or at + 1 >= len(words):
            continue
        before = [w for w in words[max(0, at - 3) : at] if w not in ("minutes", "minute", "a", "at")]
        minutes = _MINUTES.get(before[-1]) if before else None
        if minutes is None:
            minutes = _number(before[-2:]) if len(before) > 1 and _number(before[-2:]) else _number(before[-1:])
        hour = _number(words[at + 1 : at + 2])
        if minutes is None or hour is None:
            continue
        return (hour, minutes) if word in ("past", "after") else ((hour - 1) % 24 or 12, 60 - minutes)
    return None


def _words(text: str, *, said: bool) -> tuple[int, int] | None:
    text = _AFTERNOON.sub(" pm ", _MORNING.sub(" am ", text))
    oclock = bool(re.search(r"\bo ?clock\b", text))
    words = [w for w in re.sub(r"\bo ?clock\b", " ", text).split() if w not in ("in", "the", "pm", "am")]
    words = [w for chunk in words for w in chunk.split("-") if w]
    for at in range(len(words)):
        length = 2 if words[at] == "twenty" and (_number(words[at : at + 2]) or 0) > 20 else 1
        hour = _number(words[at : at + length])
        if hour is None:
            continue
        if hour >= 24:
            return None
        rest = words[at + length :]
        if rest and rest[0] in ("oh", "o", "zero") and len(rest) > 1 and (minute := _number(rest[1:2])) is not None:
            return hour, minute
        minute = _number(rest[:2]) if len(rest) > 1 and _number(rest[:2]) is not None else _number(rest[:1])
        if minute is not None and (minute >= 10):
            return hour, minute
        if oclock or said or (at and words[at - 1] in ("at", "around", "about", "by")) or len(words) == 1:
            return hour, 0
    return None
