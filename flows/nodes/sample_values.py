"""Inputs within the limits of a question for one value, to be tried on it: the question itself says which it takes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

PATTERN_TRIES = 3
_ATOMS = re.compile(r"(\\d|\[[^\]]+\]|\\w|[A-Za-z0-9-]|\.)(\{(\d+)(?:,\d*)?\}|[+*?])?")


def collect_samples(
    *,
    min_length: int,
    max_length: int,
    low: float | None,
    high: float | None,
    prefix: str,
    pattern: str,
    keys: tuple[str, ...],
    days: tuple[int | None, int | None],
    now: datetime,
) -> tuple[str, ...]:
    """Inputs to try, the likeliest first; always the same ones for the same limits.

    Lengths of 0, ranges and days of None stand for no limit.
    """
    return tuple(
        dict.fromkeys(
            (
                *keys,
                *_of_pattern(pattern, prefix),
                *_within(low, high),
                *_of_lengths(min_length, max_length),
                *_on_days(days, now),
            )
        )
    )


def _of_pattern(pattern: str, prefix: str) -> Iterator[str]:
    """Texts of simple patterns: digits, classes, letters, with counts. What cannot be read gives none."""
    plain = pattern.removeprefix("^").removesuffix("$")
    if not plain or "".join(m[0] for m in _ATOMS.finditer(plain)) != plain:
        return
    for seed in range(PATTERN_TRIES):
        chance = random.Random(seed)
        text = "".join(_atom(m, chance, least=seed == 0) for m in _ATOMS.finditer(plain))
        yield text.removeprefix(prefix)


def _atom(match: re.Match[str], chance: random.Random, *, least: bool) -> str:
    """A text for one part of a pattern; `least` leaves out what may be missing."""
    one, count = match[1], match[3] or ("0" if least and match[2] in ("?", "*") else "1")
    if one in ("\\d", "\\w", "."):
        letters = "0123456789"
    elif one.startswith("["):
        fitting = re.compile(one)
        letters = "".join(c for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if fitting.fullmatch(c)) or "0"
    else:
        letters = one
    return "".join(chance.choice(letters) for _ in range(int(count)))


def _within(low: float | None, high: float | None) -> Iterator[str]:
    """Whole numbers within a range: its ends and the middle."""
    if low is None and high is None:
        return
    first = low if low is not None else (high or 0) - 10
    last = high if high is not None else first + 10
    for number in ((first + last) / 2, first, last):
        if number >= 0:
            yield str(int(number))


def _of_lengths(shortest: int, longest: int) -> Iterator[str]:
    """Digits of the allowed lengths, with every last digit, so that one has the right check digit."""
    for length in dict.fromkeys((shortest, longest)):
        if 1 <= length <= 40:
            body = ("12345678901234567890" * 2)[: length - 1]
            yield from (body + str(last) for last in range(10))


def _on_days(days: tuple[int | None, int | None], now: datetime) -> Iterator[str]:
    """Days within the limits, as they are keyed: alone, and with a time."""
    for ahead in days:
        if ahead is not None:
            for day in (now + timedelta(days=ahead + 1), now + timedelta(days=ahead), now + timedelta(days=ahead - 1)):
                yield from (day.strftime("%Y%m%d"), day.strftime("%m%d"), day.strftime("%Y%m%d1000"))
