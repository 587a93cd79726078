"""Rows of an XLSX workbook, streamed; formulas, errors and rounded numbers are named by their cell."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from callbacks.errors import ImportFileError
from callbacks.importing.rows import MAX_COLUMNS, SourceRow, read_cell

MAX_UNPACKED_BYTES = 1_000 * 2**20
_EXACT_NUMBERS = 10**15
"""A spreadsheet keeps fifteen digits; the rest of a longer number is lost before we see it."""

_FIRST_SHEET = "xl/worksheets/sheet1.xml"
_BEGINNING_BYTES = 4096
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+[0-9]+:[A-Z]+([0-9]{1,7})"')

_DAMAGED = (zipfile.BadZipFile, InvalidFileException, DefusedXmlException, ParseError, KeyError, ValueError, OSError)


def read_sheet(path: Path) -> Iterator[SourceRow]:
    """The rows of the first sheet. Raises ImportFileError when the workbook is damaged or a bomb."""
    _check_size(path)
    try:
        with _opened(path) as book:
            if not book.worksheets:
                raise ImportFileError("The workbook has no sheet with cells.")
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for n, cells in enumerate(sheet.iter_rows(), start=1):
                yield _row(n, cells)
    except _DAMAGED as error:
        raise ImportFileError("The workbook cannot be read; save it anew as .xlsx or as CSV.") from error


def count_rows(path: Path) -> int | None:
    """How many rows the first sheet says it has, from its beginning; None when it does not say."""
    _check_size(path)
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_FIRST_SHEET) as sheet:
            found = _DIMENSION.search(sheet.read(_BEGINNING_BYTES))
    except (zipfile.BadZipFile, KeyError, OSError):
        return None
    return int(found[1]) if found else None


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The workbook, streamed. Given as a file, since by name only the usual endings are taken."""
    with path.open("rb") as file:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise ImportFileError("The workbook is damaged; save it anew as .xlsx or as CSV.") from error
    if size > MAX_UNPACKED_BYTES:
        raise ImportFileError("The workbook is far too large when unpacked; save the list as CSV.")


def _row(n: int, cells: tuple[Any, ...]) -> SourceRow:
    texts: list[str] = []
    faults: dict[int, str] = {}
    for column, cell in enumerate(cells[: MAX_COLUMNS + 1]):
        text, fault = _text(cell.value, cell.data_type)
        if fault:
            faults[column] = f"Cell {get_column_letter(column + 1)}{n}: {fault}"
        texts.append(text)
    while texts and not texts[-1] and len(texts) - 1 not in faults:
        texts.pop()
    return SourceRow(n=n, cells=tuple(texts), faults=faults)


def _text(value: Any, kind: str) -> tuple[str, str]:
    """The text of a value and what is wrong with it."""
    if value is None:
        return "", ""
    if kind == "f":
        return str(value)[:100], "The cell holds a formula; paste its value instead."
    if kind == "e":
        return str(value)[:100], "The cell holds an error of the spreadsheet."
    if isinstance(value, bool):
        return ("true" if value else "false"), ""
    if isinstance(value, int | float):
        if abs(value) >= _EXACT_NUMBERS:
            return f"{value:.0f}", "The number has more than 15 digits and was rounded; format the column as text."
        return str(int(value)) if float(value).is_integer() else repr(value), ""
    if isinstance(value, datetime):
        return (value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")), ""
    if isinstance(value, date | time):
        return value.isoformat(), ""
    return read_cell(str(value))
