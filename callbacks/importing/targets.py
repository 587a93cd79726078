"""What a column of a list may become, and the names by which lists usually call it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from callbacks.errors import ImportStepError

FIELDS = ("number", "name", "language", "zone", "reference", "not_before", "not_after", "priority", "consent")
VARIABLE = "var:"

_NAME = re.compile(r"[^\W\d]\w{0,59}")
_RESERVED = frozenset({"case", "count", "others"})
_NOISE = re.compile(r"[\W_]+")

_NAMES = Path(__file__).parent / "column_names.yaml"


def _known() -> dict[str, str]:
    names: dict[str, list[str]] = yaml.safe_load(_NAMES.read_text(encoding="utf-8"))
    return {name.strip(): target for target, lines in names.items() for line in lines for name in line.split(",")}


KNOWN: Mapping[str, str] = _known()
"""Target by a column's plain name."""


def plain_name(name: str) -> str:
    """A column's name without case, width, spaces and punctuation: "Mobile No." and "mobile_no" are the same."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name).casefold())


def memory_name(name: str) -> str:
    """The name under which a column's mapping is remembered."""
    return " ".join(name.split()).lower()[:200]


def variable_name(name: str) -> str:
    """A column's name as that of a variable; "" when nothing of it can be one."""
    plain = _NOISE.sub("_", unicodedata.normalize("NFKC", name).casefold()).strip("_")[:60]
    if plain and plain[0].isdigit():
        plain = f"column_{plain}"[:60]
    return "" if plain in _RESERVED or not _NAME.fullmatch(plain) else plain


def check_mapping(header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """The mapping with every column of the header. Raises ImportStepError with the column that is wrong."""
    if unknown := [name for name in mapping if name not in header]:
        raise ImportStepError(f"The list has no column “{unknown[0][:60]}”.")
    whole = {name: mapping.get(name, "").strip() for name in header}
    taken: dict[str, str] = {}
    for name, target in whole.items():
        if not target:
            continue
        if target in taken:
            raise ImportStepError(f"“{taken[target][:60]}” and “{name[:60]}” cannot both become {target}.")
        taken[target] = name
        if target in FIELDS:
            continue
        variable = target.removeprefix(VARIABLE)
        if not target.startswith(VARIABLE) or not _NAME.fullmatch(variable) or variable in _RESERVED:
            raise ImportStepError(
                f"“{name[:60]}” cannot become “{target[:60]}”; choose one of {', '.join(FIELDS)}, or a variable "
                "(letters, digits and _, beginning with a letter)."
            )
    if "number" not in taken:
        raise ImportStepError("Say which column holds the telephone number.")
    return whole
