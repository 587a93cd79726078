"""Templates in prompts: plain text with `{{ expression | filter }}` holes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flows.errors import ExpressionError
from flows.expressions import compile_expression
from flows.filters import FILTERS, speak

MAX_HOLE = 2_000
"""Characters one hole may add to a prompt."""

_FILTER = re.compile(r"""\s*([a-z_]+)\s*(?:\(\s*("[^"]*"|'[^']*'|\d+)?\s*\))?\s*""")
_NOT_SPEAKABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010fffd]")
"""Characters that XML 1.0 cannot carry, or should not."""


class Rendered(NamedTuple):
    """A prompt ready to be said; `missing` are the holes' expressions that had no value or could not be computed."""

    text: str
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Hole:
    """One `{{ … }}`. `filters` are (name, argument) pairs; `start` is its position in the text, from 0."""

    expression: str
    filters: tuple[tuple[str, str], ...] = ()
    start: int = 0
    error: str = ""

    @property
    def has_default(self) -> bool:
        """True when a missing value is provided for."""
        return any(name == "default" for name, _ in self.filters)


@lru_cache(maxsize=4096)
def split(text: str) -> tuple[str | Hole, ...]:
    """The template as texts and holes. A hole that is never closed stays text, as a last part Hole with an error."""
    parts: list[str | Hole] = []
    start = 0
    while True:
        opening = text.find("{{", start)
        if opening < 0:
            break
        closing = _find_end(text, opening + 2)
        if closing < 0:
            if opening > start:
                parts.append(text[start:opening])
            parts.append(Hole(expression="", start=opening, error="“{{” is never closed with “}}”."))
            parts.append(text[opening:])
            return tuple(parts)
        if opening > start:
            parts.append(text[start:opening])
        parts.append(_read_hole(text[opening + 2 : closing], opening))
        start = closing + 2
    if start < len(text):
        parts.append(text[start:])
    return tuple(parts)


def find_holes(text: str) -> tuple[Hole, ...]:
    """Every hole of the template, in order."""
    return tuple(part for part in split(text) if isinstance(part, Hole))


def holes(text: str) -> list[str]:
    """The expressions in the template, in order."""
    return [hole.expression for hole in find_holes(text) if hole.expression]


def render(text: str, values: Mapping[str, Any], language: str, now: datetime) -> Rendered:
    """Fill the holes. Never raises: what has no value becomes "" and is named in `missing`."""
    missing: list[str] = []
    said: list[str] = []
    for part in split(text):
        if isinstance(part, str):
            said.append(part)
        elif part.expression:
            value = _fill(part, values, language, now)
            if value is None:
                missing.append(part.expression)
            said.append((value or "")[:MAX_HOLE])
    return Rendered(_NOT_SPEAKABLE.sub("", "".join(said)), tuple(missing))


def _fill(hole: Hole, values: Mapping[str, Any], language: str, now: datetime) -> str | None:
    """What the hole says; None when it has no value and no default."""
    fallback = next((argument for name, argument in hole.filters if name == "default"), None)
    try:
        value = compile_expression(hole.expression).evaluate(values, now=now)
        if value is None or value == "":
            return fallback
        filtered = False
        for name, argument in hole.filters:
            if name in FILTERS and name != "default":
                value, filtered = FILTERS[name].run(value, argument, language, now), True
        return str(value) if filtered else speak(value, language)
    except (ExpressionError, ValueError, OverflowError, ArithmeticError):
        return fallback


def _find_end(text: str, start: int) -> int:
    """Position of the `}}` that ends a hole beginning at `start`, quoted ones skipped; -1 when there is none."""
    quote = ""
    for position in range(start, len(text)):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == "}" and text.startswith("}}", position):
            return position
    # A quote that is never closed, as in {{ it's }}, must not swallow the rest of the prompt.
    return text.find("}}", start)


def _read_hole(inside: str, start: int) -> Hole:
    expression, *tail = _split_at_bars(inside)
    filters = []
    error = "" if expression.strip() else "The hole is empty."
    for part in tail:
        match = _FILTER.fullmatch(part)
        if match is None:
            error = error or f"“{part.strip()[:60]}” is not a filter."
        elif match[1] not in FILTERS:
            error = error or f"There is no filter {match[1]}; there are {', '.join(FILTERS)}."
        else:
            filters.append((match[1], (match[2] or "").strip("\"'")))
    return Hole(expression=expression.strip(), filters=tuple(filters), start=start, error=error)


def _split_at_bars(inside: str) -> list[str]:
    """Split at `|` outside quotes."""
    parts, quote, start = [], "", 0
    for position, character in enumerate(inside):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == "|":
            parts.append(inside[start:position])
            start = position + 1
    return [*parts, inside[start:]]
