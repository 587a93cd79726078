"""A grammar as a value: words, choices, sequences, repetitions. Written out as JSGF or as a list of words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class OneOf:
    """Any one of them; where `weights` are given, one for each (only their ratio counts)."""

    choices: tuple[Rule, ...]
    weights: tuple[float, ...] = ()


@dataclass(frozen=True)
class InOrder:
    """All of them, one after the other."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Maybe:
    """It or nothing."""

    part: Rule


@dataclass(frozen=True)
class Again:
    """It, once or more often."""

    part: Rule


AGAIN = 0.0001
"""How likely one more repetition is than an end, before the recogniser's weight of grammar against sound."""

Rule = str | OneOf | InOrder | Maybe | Again
"""A string is one word."""


def one_of(words: str) -> OneOf:
    """Any one of the words of a line."""
    return OneOf(tuple(words.split()))


def in_order(*parts: Rule) -> InOrder:
    """All of them, one after the other."""
    return InOrder(parts)


def words_of(rule: Rule) -> Iterator[str]:
    """Every word of the rule, repetitions included."""
    match rule:
        case str():
            yield rule
        case OneOf(choices) | InOrder(choices):
            for choice in choices:
                yield from words_of(choice)
        case Maybe(part) | Again(part):
            yield from words_of(part)


def as_jsgf(rule: Rule, name: Callable[[str], str] = str) -> str:
    """The rule as a whole JSGF grammar with one public rule. `name` gives the recogniser's name of a word."""
    loops: list[str] = []
    answer = _written(rule, name, loops)
    return "\n".join(["#JSGF V1.0;", "grammar answer;", *loops, f"public <answer> = {answer};", ""])


def _written(rule: Rule, name: Callable[[str], str], loops: list[str]) -> str:
    match rule:
        case str():
            return name(rule)
        case OneOf(choices, weights) if weights:
            pairs = zip(choices, weights, strict=True)
            return f"({' | '.join(f'/{weight:g}/ {_written(c, name, loops)}' for c, weight in pairs)})"
        case OneOf(choices):
            return f"({' | '.join(_written(choice, name, loops) for choice in choices)})"
        case InOrder(parts):
            return f"({' '.join(_written(part, name, loops) for part in parts)})"
        case Maybe(part):
            return f"[{_written(part, name, loops)}]"
        case Again(part):
            return _loop(_written(part, name, loops), loops)


def _loop(part: str, loops: list[str]) -> str:
    """A rule that ends or calls itself. "+" would make every further word free, and short ones would be inserted."""
    own = f"<loop{len(loops)}>"
    loops.append(f"{own} = /{1 - AGAIN:.9f}/ {part} | /{AGAIN:.9f}/ {part} {own};")
    return own
