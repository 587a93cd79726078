"""Rows as files that stream: CSV and XLSX that no spreadsheet executes, and JSON lines."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from tickets.exports import safe_cell

Row = Mapping[str, Any]
SHEET_ROWS = 1_000_000
"""A sheet holds 1,048,576 rows (Excel specifications and limits); further rows go to further sheets."""

CELL_CHARACTERS = 32_767
CHUNK_BYTES = 64 * 1024


class Format(StrEnum):
    """Kinds of file, by their ending."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


MIME = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSONL: "application/x-ndjson",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def stream(rows: Iterable[Row], columns: Sequence[str], kind: Format) -> Iterator[bytes]:
    """The rows as the bytes of a file, a header first in CSV and XLSX.

    CSV and JSON lines need the memory of a few rows, XLSX that of nothing but a file on disk until it is sent.
    """
    if kind == Format.CSV:
        return _csv(rows, columns)
    if kind == Format.JSONL:
        return _json_lines(rows, columns)
    return _xlsx(rows, columns)


def _csv(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[bytes]:
    # The mark makes spreadsheets read UTF-8 as what it is.
    yield b"\xef\xbb\xbf"
    for cells in _table(rows, columns):
        line = io.StringIO()
        csv.writer(line).writerow([safe_cell(cell) for cell in cells])
        yield line.getvalue().encode()


def _json_lines(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[bytes]:
    for row in rows:
        yield json.dumps({name: _plain(row.get(name)) for name in columns}, ensure_ascii=False).encode() + b"\n"


def _xlsx(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[bytes]:
    book = Workbook(write_only=True)
    sheet, filled = None, 0
    for cells in _table(rows, columns):
        if sheet is None or filled >= SHEET_ROWS:
            sheet, filled = book.create_sheet(), 0
            sheet.freeze_panes = "A2"
        sheet.append([_xlsx_cell(sheet, cell) for cell in cells])
        filled += 1
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _table(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[list[Any]]:
    yield list(columns)
    for row in rows:
        yield [_flat(row.get(name)) for name in columns]


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:CELL_CHARACTERS]
    cell = WriteOnlyCell(sheet, text)
    # A text that begins with "=" would become a formula; said to be a text, it stays one.
    cell.data_type = "s"
    return cell


def _flat(value: Any) -> Any:
    value = _plain(value)
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
