"""The error file of an import: each refused row as it was, with the column and the reason before it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from callbacks.importing.rows import SourceRow
from tickets.exports import csv_lines

_LONGEST = 200
COLUMNS = ("error_row", "error_column", "error")
"""Columns before those of the list; when the corrected file is imported again they are left out."""


class ErrorFile:
    """Written while the list is read; there is no file when no row was refused. Cells are safe for spreadsheets."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._path = path
        self._header = header
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self.rows = 0
        self._write([*COLUMNS, *header])

    def add(self, row: SourceRow, column: str, reason: str) -> None:
        """Add a row."""
        self.rows += 1
        self._write([row.n, column, reason, *(cell[:_LONGEST] for cell in row.cells[: len(self._header) + 1])])

    def __enter__(self) -> ErrorFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()
        if not self.rows:
            self._path.unlink()

    def _write(self, cells: list[object]) -> None:
        self._file.writelines(csv_lines([cells]))
