"""Keys and words that mean the same at every question: a person, again, back, goodbye; and "stop calling"."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Literal

from flows.nodes.inquiry import Inquiry
from flows.phrases import books, words
from flows.understanding.normal import contains, normal, runs_on

Wish = Literal["person", "repeat", "back", "goodbye", "stop_calling", "wrong_person", "later"]
KEYS: dict[str, Wish] = {"0": "person", "9": "repeat", "*": "back"}
SPOKEN: tuple[Wish, ...] = ("person", "repeat", "back", "goodbye")
REFUSALS: tuple[tuple[str, Wish], ...] = (
    ("stop_calling", "stop_calling"),
    ("wrong_person", "wrong_person"),
    ("call_later", "later"),
)
"""Meanings in the phrase books by which a person who was called turns the call down, and the wish each one is."""
ALONE = frozenset({"不是我", "not me", "저 아닌데요"})
"""Ways to say "wrong person" that begin other sentences too: 不是我要的 is about a thing."""

SLACK_WORDS = 2
SLACK_CHARACTERS = 3
"""How much politeness may stand around a global word before it is a sentence about something else."""


def wish_of_key(keys: str, inquiry: Inquiry, opt_out_key: str = "") -> Wish | None:
    """The global meaning of one pressed key, unless the question takes that key as an answer.

    So 0 is data where a lone 0 can be the answer (a number that may be zero, a single digit), and inside longer input.
    `opt_out_key` is that of a call we make, "" for none.
    """
    wish: Wish | None = "stop_calling" if keys and keys == opt_out_key else KEYS.get(keys)
    if wish is None:
        return None
    own = inquiry.read_keys(keys)
    return None if own is not None and not own.problem else wish


def wish_of_words(text: str, language: str, *, open_speech: bool) -> Wish | None:
    """The global meaning of an utterance: wherever a person is asked for, else when little more is said.

    In open speech a person, too, must be all that is asked for: "the person at the counter was rude" is no wish.
    """
    plain = normal(text)
    for wish in SPOKEN:
        for way in _ways(wish, language):
            if plain == way or (contains(plain, way) and (_short(plain, way) or _plea(wish, way, open_speech))):
                return wish
    return None


def refusal_of_words(
    text: str, language: str, *, own: Collection[str] = (), outbound: bool, open_speech: bool
) -> Wish | None:
    """What a person says who wants this call to end: no more calls, wrong number, call later.

    It is heard before the question's own words ("don't call me again" is no mere no), unless the utterance is just one
    of those (`own`). On a call we make it may stand anywhere in a sentence; on a call that came in only "stop calling"
    counts, and only when little more is said.
    """
    plain = normal(text)
    if plain in {normal(way) for way in own}:
        return None
    for meaning, wish in REFUSALS if outbound else REFUSALS[:1]:
        for way in _ways_everywhere(meaning, language):
            if way in ALONE and not _all_but_alone(plain, way):
                continue
            anywhere = outbound and not open_speech
            if plain == way or (contains(plain, way) and (anywhere or _short(plain, way))):
                return wish
    return None


def _all_but_alone(plain: str, way: str) -> bool:
    """Whether an utterance is a way of saying something with at most one character or word around it."""
    around = len(plain) - len(way) if runs_on(way) else len(plain.split()) - len(way.split())
    return contains(plain, way) and around <= 1


def _plea(wish: Wish, way: str, open_speech: bool) -> bool:
    return wish == "person" and not open_speech and (runs_on(way) or way not in ("person", "human", "someone"))


@cache
def _ways(wish: str, language: str) -> tuple[str, ...]:
    ways = words(wish, language) + (() if language.lower().startswith("en") else words(wish, "en-US"))
    return tuple(normal(way) for way in ways)


@cache
def _ways_everywhere(meaning: str, language: str) -> tuple[str, ...]:
    """In every language we know, that of the call first: whoever is called chose no language."""
    ways = (*words(meaning, language), *(way for book in books().values() for way in book.words.get(meaning, ())))
    return tuple(dict.fromkeys(normal(way) for way in ways))


def _short(plain: str, way: str) -> bool:
    if runs_on(way):
        return len(way) > 1 and len(plain) - len(way) <= SLACK_CHARACTERS and way != "什么"
    return len(plain.split()) - len(way.split()) <= SLACK_WORDS and way not in ("return", "previous", "again")
