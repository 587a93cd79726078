"""Keys and words that mean the same at every question: a person, again, back, goodbye."""

from __future__ import annotations

from functools import cache
from typing import Literal

from flows.nodes.inquiry import Inquiry
from flows.phrases import primary, words
from flows.understanding.normal import contains, normal, runs_on

Wish = Literal["person", "repeat", "back", "goodbye"]
KEYS: dict[str, Wish] = {"0": "person", "9": "repeat", "*": "back"}
SPOKEN: tuple[Wish, ...] = ("person", "repeat", "back", "goodbye")
SLACK_WORDS = 2
SLACK_CHARACTERS = 3
"""How much politeness may stand around a global word before it is a sentence about something else."""


def wish_of_key(keys: str, inquiry: Inquiry) -> Wish | None:
    """The global meaning of one pressed key, unless the question takes that key as an answer.

    So 0 is data where a lone 0 can be the answer (a number that may be zero, a single digit), and inside longer input.
    """
    if keys not in KEYS:
        return None
    own = inquiry.read_keys(keys)
    return None if own is not None and not own.problem else KEYS[keys]


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


def _plea(wish: Wish, way: str, open_speech: bool) -> bool:
    return wish == "person" and not open_speech and (runs_on(way) or way not in ("person", "human", "someone"))


@cache
def _ways(wish: str, language: str) -> tuple[str, ...]:
    ways = words(wish, language) + (() if primary(language) == "en" else words(wish, "en-US"))
    return tuple(normal(way) for way in ways)


def _short(plain: str, way: str) -> bool:
    if runs_on(way):
        return len(way) > 1 and len(plain) - len(way) <= SLACK_CHARACTERS and way != "什么"
    return len(plain.split()) - len(way.split()) <= SLACK_WORDS and way not in ("return", "previous", "again")
