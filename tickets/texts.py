"""Texts from outside, made fit to be stored: bounded, without the NUL and lone surrogates that databases refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DEEPEST = 8
_LONGEST_VALUE = 4_000


def clean(text: object, longest: int) -> str:
    """`text` as a string without NUL and lone surrogates, at most `longest` characters."""
    plain = "" if text is None else str(text)
    return plain.replace("\x00", "").encode("utf-8", "ignore").decode()[:longest]


def clean_line(text: object, longest: int) -> str:
    """`text` as one line: every run of white space becomes one space."""
    return clean(" ".join(clean(text, longest * 4).split()), longest)


def clean_json(value: Any, *, depth: int = 0) -> Any:
    """`value` as plain JSON with clean strings; what is no JSON, or too deep, becomes its text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {clean(k, 200): clean_json(v, depth=depth + 1) for k, v in list(value.items())[:200]}
    if depth < _DEEPEST and isinstance(value, list | tuple):
        return [clean_json(v, depth=depth + 1) for v in value[:500]]
    return clean(value, _LONGEST_VALUE)
