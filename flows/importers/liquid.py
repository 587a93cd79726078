"""Liquid as Twilio Studio uses it, read into a small tree: texts, outputs, if and unless, assign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_TEXT = 20_000
MAX_PARTS = 400

_TOKEN = re.compile(r"\{\{-?(.*?)-?\}\}|\{%-?(.*?)-?%\}", re.DOTALL)
_TRIM_LEFT = re.compile(r"\s+(?=\{[{%]-)")
_TRIM_RIGHT = re.compile(r"(?<=-[}%]\})\s+")


class LiquidError(Exception):
    """Liquid that has no counterpart. `english` is a sentence with {names}, `values` what they stand for."""

    def __init__(self, english: str, /, **values: str) -> None:
        super().__init__(english.format(**values) if values else english)
        self.english = english
        self.values = values


@dataclass(frozen=True, kw_only=True)
class Output:
    """A `{{ … }}`: its inside."""

    source: str


@dataclass(frozen=True, kw_only=True)
class Assign:
    """`{% assign name = … %}`."""

    name: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Choose:
    """`{% if %}`: conditions with their parts, and what holds otherwise."""

    branches: tuple[tuple[str, tuple[Part, ...]], ...]
    otherwise: tuple[Part, ...] = ()


Part = str | Output | Assign | Choose


def read(text: str) -> tuple[Part, ...]:
    """The parts of a Liquid text. Raises LiquidError for tags that are not known, or never closed."""
    if len(text) > MAX_TEXT:
        raise LiquidError("The text is longer than {limit} characters.", limit=str(MAX_TEXT))
    tokens = list(_tokens(_TRIM_RIGHT.sub("", _TRIM_LEFT.sub("", text))))
    if len(tokens) > MAX_PARTS:
        raise LiquidError("The text has more than {limit} Liquid parts.", limit=str(MAX_PARTS))
    parts, rest = _block(tokens, 0, frozenset(), 0)
    if rest < len(tokens):
        raise LiquidError("The Liquid tag {tag} stands alone.", tag=tokens[rest][1][:40])
    return parts


def has_liquid(text: str) -> bool:
    """Whether anything in the text is Liquid."""
    return "{{" in text or "{%" in text


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """("text" | "output" | "tag", inside) in order; raw and comment blocks are already done with."""
    text = re.sub(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", "", text, flags=re.DOTALL)
    raw = re.split(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", text, flags=re.DOTALL)
    for place, part in enumerate(raw):
        if place % 2:
            yield "text", part
            continue
        end = 0
        for match in _TOKEN.finditer(part):
            if match.start() > end:
                yield "text", part[end : match.start()]
            end = match.end()
            yield ("output", match[1]) if match[1] is not None else ("tag", match[2].strip())
        if end < len(part):
            if "{{" in part[end:] or "{%" in part[end:]:
                raise LiquidError("“{start}” is never closed.", start=part[end:].lstrip()[:20])
            yield "text", part[end:]


def _block(tokens: list[tuple[str, str]], at: int, ends: frozenset[str], depth: int) -> tuple[tuple[Part, ...], int]:
    """Parts until a tag in `ends`, and where that tag stands."""
    if depth > 8:
        raise LiquidError("The Liquid conditions are nested too deeply.")
    parts: list[Part] = []
    while at < len(tokens):
        kind, inside = tokens[at]
        word, _, rest = inside.strip().partition(" ")
        if kind == "text":
            parts.append(inside)
        elif kind == "output":
            parts.append(Output(source=inside.strip()))
        elif word in ends:
            return tuple(parts), at
        elif word in ("if", "unless"):
            choose, at = _choose(tokens, at, depth)
            parts.append(choose)
        elif word == "assign":
            name, equals, source = rest.partition("=")
            if not equals or not re.fullmatch(r"\s*[A-Za-z]\w*\s*", name):
                raise LiquidError("The Liquid tag {tag} cannot be read.", tag=inside[:40])
            parts.append(Assign(name=name.strip(), source=source.strip()))
        else:
            raise LiquidError("The Liquid tag {tag} has no counterpart.", tag=word[:40] or "{% %}")
        at += 1
    if ends:
        raise LiquidError("A Liquid condition is never closed.")
    return tuple(parts), at


def _choose(tokens: list[tuple[str, str]], at: int, depth: int) -> tuple[Choose, int]:
    word, _, condition = tokens[at][1].partition(" ")
    end = f"end{word}"
    branches: list[tuple[str, tuple[Part, ...]]] = []
    otherwise: tuple[Part, ...] = ()
    condition = f"not {condition}" if word == "unless" else condition
    while True:
        parts, at = _block(tokens, at + 1, frozenset({"elsif", "else", end}), depth + 1)
        if condition is not None:
            branches.append((condition.strip(), parts))
        else:
            otherwise = parts
        word, _, rest = tokens[at][1].partition(" ")
        if word == end:
            return Choose(branches=tuple(branches), otherwise=otherwise), at
        condition = rest if word == "elsif" else None  # type: ignore[assignment]
