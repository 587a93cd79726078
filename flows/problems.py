"""One thing that is wrong with a flow: where, what, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """An error keeps a document from being published; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One finding.

    Attributes:
        rule: key of the rule; "syntax" or "document" when the text could not be read at all.
        level: error or warning.
        node: name of the node, "" when it is about the whole document.
        field: path inside the node (or document) with dots, e.g. "choices.1.label.zh-CN"; "" for all of it.
        message: what is wrong, one sentence.
        fix: what to do, one sentence.
        line: line of the text from 1, None when unknown.
        column: column from 1, None when unknown.
    """

    rule: str = "document"
    level: Level = Level.ERROR
    node: str = ""
    field: str = ""
    message: str
    fix: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """The problem as one line: place, rule, what and what to do."""
        line = f"line {self.line}" + (f", column {self.column}" if self.column else "") if self.line else ""
        place = ", ".join(part for part in (line, self.node and f"node {self.node}", self.field) if part)
        return f"{place or 'document'}: {self.level}: {self.message} {self.fix} [{self.rule}]".replace("  ", " ")

    def to_json(self) -> dict[str, Any]:
        """The problem as a JSON object."""
        return asdict(self)
