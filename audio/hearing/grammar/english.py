"""Digits, codes, numbers, dates and times in English, in words that the flows' readers understand."""

from __future__ import annotations

from audio.hearing.grammar.english_numbers import ONES, ORDINALS, TEENS, TENS
from audio.hearing.grammar.rules import Again, InOrder, Maybe, OneOf, Rule, in_order, one_of
from audio.hearing.question import AnswerKind

NATO = (
    *("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima"),
    *("mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey"),
    *("xray", "yankee", "zulu"),
)
LEADS = ("uh", "um", "well")
TAILS = ("please",)
FILLERS = (
    "the a and to of it is that i you um uh well so but no not what with this have do can my me please just was for on "
    "are we they he she there know like think want would about when how why who"
)

_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_ONE = OneOf(ONES[1:])
_DIGIT = OneOf(("oh", *ONES))
_BELOW_HUNDRED = OneOf((_ONE, OneOf(TEENS), in_order(OneOf(TENS), Maybe(_ONE))))
_BELOW_THOUSAND = OneOf(
    (_BELOW_HUNDRED, in_order(OneOf(("a", *ONES[1:])), "hundred", Maybe("and"), Maybe(_BELOW_HUNDRED)))
)
_RARE = 0.03
"""How often a group of two figures is said as one number, or a letter by its name, against the usual way."""

_GROUP = OneOf(
    (_DIGIT, in_order(one_of("double triple"), _DIGIT), OneOf(TEENS), in_order(OneOf(TENS), Maybe(_ONE))),
    (1.0, _RARE, _RARE, _RARE),
)
_LETTER = OneOf((OneOf(tuple("abcdefghijklmnopqrstuvwxyz")), OneOf(NATO)))
_NUMBER = in_order(
    Maybe(one_of("minus about")),
    OneOf(
        (
            "zero",
            _BELOW_THOUSAND,
            in_order(_BELOW_THOUSAND, one_of("thousand million"), Maybe("and"), Maybe(_BELOW_THOUSAND)),
        )
    ),
    Maybe(in_order("point", Again(_DIGIT))),
)
_DAY_OF_MONTH = OneOf(
    (OneOf(ORDINALS), in_order(one_of("twenty thirty"), OneOf(ORDINALS[:9])), _BELOW_HUNDRED), (1.0, 1.0, 0.3)
)
_YEAR = in_order(one_of("twenty nineteen"), _BELOW_HUNDRED)
_DATE = OneOf(
    (
        one_of("today tomorrow yesterday"),
        in_order("the", "day", one_of("after before"), one_of("tomorrow yesterday")),
        in_order(Maybe(one_of("next this last on")), one_of(_DAYS)),
        in_order(Maybe(one_of(_DAYS)), one_of(_MONTHS), Maybe("the"), _DAY_OF_MONTH, Maybe(_YEAR)),
        in_order(Maybe("the"), _DAY_OF_MONTH, Maybe("of"), one_of(_MONTHS), Maybe(_YEAR)),
        in_order("the", _DAY_OF_MONTH),
        in_order("in", _BELOW_HUNDRED, one_of("days day weeks week")),
        in_order(_BELOW_HUNDRED, one_of("days weeks"), one_of("ago later")),
    )
)
_PART_OF_DAY = OneOf(
    (
        in_order(one_of("a p"), "m"),
        in_order("in", "the", one_of("morning afternoon evening")),
        in_order("at", "night"),
        "tonight",
    )
)
_HOUR = OneOf((*ONES[1:], *TEENS[:3]))
_MINUTES = OneOf((OneOf(TEENS), in_order(OneOf(TENS[:4]), Maybe(_ONE)), in_order("oh", _ONE)))
_TIME = OneOf(
    (
        one_of("noon midnight midday"),
        in_order(Maybe("at"), _HOUR, Maybe(OneOf((in_order("o", "clock"), _MINUTES))), Maybe(_PART_OF_DAY)),
        in_order(Maybe("at"), one_of("half quarter five ten twenty"), one_of("past to"), _HOUR, Maybe(_PART_OF_DAY)),
        in_order("in", OneOf((in_order("half", "an"), "an", _BELOW_HUNDRED)), one_of("hour hours minutes")),
    )
)

RULES: dict[AnswerKind, Rule] = {
    AnswerKind.DIGITS: Again(_GROUP),
    AnswerKind.CODE: Again(OneOf((_DIGIT, in_order("double", _DIGIT), _LETTER), (1.0, _RARE, 1.0))),
    AnswerKind.NUMBER: _NUMBER,
    AnswerKind.DATE: _DATE,
    AnswerKind.TIME: InOrder((_TIME,)),
}
