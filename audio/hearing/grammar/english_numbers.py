"""Figures as English words: what somebody says who reads them."""

from __future__ import annotations

ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    *("twentieth", "thirtieth"),
)
_LONGEST_NUMBER = 4
"""More figures than these are read one by one, and three and more that do not end in zeros ("323")."""


def in_words(figures: str) -> tuple[str, ...]:
    """Words of a run of figures: "12" is twelve, "0" zero, "200" two hundred, "77881" seven seven eight …"""
    if (
        len(figures) > _LONGEST_NUMBER
        or (len(figures) > 1 and figures.startswith("0"))
        or (len(figures) > 2 and not figures.endswith("00"))
    ):
        return tuple(ONES[int(figure)] for figure in figures)
    return _cardinal(int(figures)) or ("zero",)


def _cardinal(number: int) -> tuple[str, ...]:
    """Words of 1 to 9999; none for 0."""
    if number >= 1000:
        return (*_cardinal(number // 1000), "thousand", *_cardinal(number % 1000))
    if number >= 100:
        return (ONES[number // 100], "hundred", *_cardinal(number % 100))
    if number >= 20:
        return (TENS[number // 10 - 2], *_cardinal(number % 10))
    if number >= 10:
        return (TEENS[number - 10],)
    return (ONES[number],) if number else ()
