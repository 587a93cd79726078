"""Values of many characters that are said in groups: numbers, codes, telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from flows.nodes.base import Context
from flows.nodes.speaking import read_out
from flows.nodes.spoken_groups import Groups
from flows.understanding.numbers import spoken_digits
from flows.understanding.phone_numbers import national_digits, phone_from_digits, phone_may_go_on, spoken_phone_digits
from flows.understanding.reading import Reading
from flows.understanding.tracking import is_spelled, spoken_code

Whole = Callable[[str], Reading | None]

_ATOMS = re.compile(r"(\\d|\[[^\]]+\]|\\w|[A-Za-z0-9-]|\.)(?:\{(\d+)(?:,(\d+))?\})?")
MOST_ATOMS = 60


def digit_groups(ctx: Context, whole: Whole, may_go_on: Callable[[str], bool]) -> Groups:
    """A number of digits."""
    return Groups(
        read=lambda text: spoken_digits(text, ctx.language),
        whole=whole,
        may_go_on=may_go_on,
        characters=str,
        say=lambda characters: read_out(ctx, characters, "digits"),
    )


def code_groups(ctx: Context, whole: Whole, may_go_on: Callable[[str], bool]) -> Groups:
    """Letters and digits. Letters alone are a group only when they are spelled one by one: "hey" is none."""

    def read(text: str) -> Reading | None:
        found = spoken_code(text, ctx.language)
        if found is None or any(c.isdigit() for c in found.value) or is_spelled(text):
            return found
        return None

    return replace(digit_groups(ctx, whole, may_go_on), read=read)


def phone_groups(ctx: Context, country: str) -> Groups:
    """A telephone number of a country."""
    return Groups(
        read=lambda text: spoken_phone_digits(text, ctx.language),
        whole=lambda characters: phone_from_digits(characters, country),
        may_go_on=lambda characters: phone_may_go_on(characters, country),
        characters=lambda value: national_digits(str(value)),
        say=lambda characters: read_out(ctx, characters, "digits"),
    )


def may_begin(pattern: str, characters: str) -> bool:
    """Whether a text that matches the pattern may begin with the characters; True where it is not understood."""
    begun = _beginnings(pattern)
    return begun is None or begun.fullmatch(characters) is not None


@lru_cache(maxsize=256)
def _beginnings(pattern: str) -> re.Pattern[str] | None:
    """What matches each beginning of a simple pattern: characters, classes and counts; None for other patterns."""
    plain = pattern.removeprefix("^").removesuffix("$")
    found = list(_ATOMS.finditer(plain))
    if not plain or "".join(match[0] for match in found) != plain:
        return None
    atoms = [match[1] for match in found for _ in range(int(match[3] or match[2] or 1))]
    if len(atoms) > MOST_ATOMS:
        return None
    begun = ""
    for atom in reversed(atoms):
        begun = f"(?:{atom}{begun})?"
    return re.compile(begun)
