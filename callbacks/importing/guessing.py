"""What the first rows of a list tell: whether they begin with a header, and what each column probably is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from callbacks.errors import ImportFileError
from callbacks.importing.error_file import COLUMNS as ERROR_COLUMNS
from callbacks.importing.rows import SourceRow
from callbacks.importing.targets import KNOWN, VARIABLE, memory_name, plain_name, variable_name
from callbacks.variables import OWN_NAMES, REFERENCE_WORDS
from telephony.numbers import parse_or_none

LOOKED_AT = 30
_PHONE = re.compile(r"(?:\+|00)?[\d\s().\-/]{7,24}")
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, kw_only=True)
class Guess:
    """`header` are the columns' names, made up when there is no header; `mapping` is name to target, "" for none."""

    has_header: bool
    header: tuple[str, ...]
    mapping: Mapping[str, str]


def guess(
    rows: Sequence[SourceRow],
    *,
    memory: Mapping[str, str],
    variables: Collection[str] = (),
    region: str = "",
    has_header: bool | None = None,
) -> Guess:
    """Look at the first rows.

    Args:
        rows: the first rows that are not empty, at least one.
        memory: what columns were mapped to before, by `memory_name`.
        variables: what the campaign's flow wants.
        region: ISO 3166 country of numbers written without one, to tell them from tracking numbers.
        has_header: what a person says about it, None to find out.

    Raises:
        ImportFileError: there is no row at all, or a name stands twice in the header.
    """
    if not rows:
        raise ImportFileError("The list has no rows.")
    if has_header is None:
        has_header = _looks_like_header(rows, memory, region)
    width = len(rows[0].cells) if has_header else max(len(row.cells) for row in rows)
    header = _names(rows[0].cells if has_header else (), width)
    body = rows[1:] if has_header else rows
    phones = _phone_column(body, width, region)
    mapping: dict[str, str] = {}
    for column, name in enumerate(header):
        target = memory.get(memory_name(name)) if has_header else None
        if target is None:
            target = _target(name, variables) if has_header else ""
        mapping[name] = "" if target and target in mapping.values() else target or ""
        if column == phones and not has_header:
            mapping[name] = "number"
    if "number" not in mapping.values() and phones is not None:
        mapping[header[phones]] = "number"
    return Guess(has_header=has_header, header=header, mapping=mapping)


def _looks_like_header(rows: Sequence[SourceRow], memory: Mapping[str, str], region: str) -> bool:
    first = rows[0].cells
    if any(_is_phone(cell) for cell in first):
        return False
    if any(plain_name(cell) in KNOWN or memory_name(cell) in memory for cell in first if cell):
        return True
    # A first row of words above a column of numbers is a header, whatever its language.
    return _phone_column(rows[1:], max(len(row.cells) for row in rows), region) is not None


def _names(first: Sequence[str], width: int) -> tuple[str, ...]:
    names: list[str] = []
    seen: dict[str, int] = {}
    for column in range(width):
        name = " ".join(first[column].split())[:200] if column < len(first) else ""
        if not name:
            name = f"column {column + 1}"
        plain = name.casefold()
        if plain in seen:
            raise ImportFileError(
                f"The header “{name[:60]}” stands twice, in columns {seen[plain]} and {column + 1}; rename one."
            )
        seen[plain] = column + 1
        names.append(name)
    return tuple(names)


def _target(name: str, variables: Collection[str]) -> str:
    if name in ERROR_COLUMNS:
        return ""
    plain = plain_name(name)
    known = KNOWN.get(plain, "")
    # A flow's variable goes before a usual meaning, except for what a case gives its flow anyway.
    for variable in variables:
        if plain_name(variable) == plain and not (known and variable in (*OWN_NAMES, *REFERENCE_WORDS)):
            return f"{VARIABLE}{variable}"
    if known:
        return known
    variable = variable_name(name)
    return f"{VARIABLE}{variable}" if variable else ""


def _phone_column(rows: Sequence[SourceRow], width: int, region: str) -> int | None:
    """The column in which at least half of the cells look like numbers, and most are numbers that exist."""
    best, best_score = None, (0, 0)
    for column in range(width):
        cells = [row.cells[column] for row in rows if column < len(row.cells)]
        phones = [cell for cell in cells if _is_phone(cell)]
        score = (sum(parse_or_none(cell, region=region) is not None for cell in phones), len(phones))
        if phones and len(phones) * 2 >= len(rows) and score > best_score:
            best, best_score = column, score
    return best


def _is_phone(cell: str) -> bool:
    return _PHONE.fullmatch(cell) is not None and 7 <= len(_DIGITS.findall(cell)) <= 15
