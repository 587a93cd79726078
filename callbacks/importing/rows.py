"""A row of a list as it was found, and the limits of a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_CELL = 10_000
MAX_COLUMNS = 500
MAX_ROWS = 1_000_000
MAX_FILE_BYTES = 200 * 2**20

_KEPT_OF_LONG = 100
_TEXT_AS_FORMULA = re.compile(r'="([^"]*)"')
_HIDDEN_BY_APOSTROPHE = re.compile(r"'(?=[=+\-@＝＋－＠0-9])")


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRow:
    """One row. `n` counts from 1 as a spreadsheet does, the header and empty rows included.

    `faults` are sentences about cells that cannot be used at all, by column from 0; the cell's text is shortened then.
    """

    n: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(self.cells) and not self.faults


def read_cell(text: str) -> tuple[str, str]:
    """The text of a cell and what is wrong with it, "" for nothing.

    Spreadsheets write ="00123" and '00123 to keep zeros: those are texts. Any other formula is refused, since we
    cannot know what it would show.
    """
    if len(text) > MAX_CELL:
        return text[:_KEPT_OF_LONG], f"The cell has {len(text):,} characters; {MAX_CELL:,} are the most."
    text = text.replace("\x00", "").strip()
    if text[:1] not in ("=", "'", "＝"):
        return text, ""
    if found := _TEXT_AS_FORMULA.fullmatch(text):
        return found[1].strip(), ""
    if _HIDDEN_BY_APOSTROPHE.match(text):
        return text[1:].strip(), ""
    if text[0] == "'":
        return text, ""
    return text[:_KEPT_OF_LONG], "The cell holds a formula; paste its value instead."
