"""A list as rows: CSV in its encoding with its delimiter, or XLSX; streamed, so that length costs no memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from callbacks.errors import ImportFileError
from callbacks.importing.encodings import find_encoding
from callbacks.importing.rows import MAX_COLUMNS, MAX_ROWS, SourceRow, read_cell
from callbacks.importing.spreadsheet import count_rows, read_sheet

DELIMITERS = (",", ";", "\t", "|")
CSV, XLSX = "csv", "xlsx"

_SAMPLE_CHARACTERS = 64 * 1024
_SAMPLE_ROWS = 50
_LONGEST_FIELD = 64 * 2**20
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK\x03\x04"

# The module's limit is one for the whole process; a longer cell must reach us, so that its row can be named.
csv.field_size_limit(_LONGEST_FIELD)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file and how to read it. `estimate` is about how many rows it has, None when nobody knows yet."""

    path: Path
    kind: str
    encoding: str = ""
    delimiter: str = ""
    estimate: int | None = None


def recognise(path: Path) -> Source:
    """Find out how a file is to be read, by its content. Raises ImportFileError when it is no list."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise ImportFileError("The file is empty.")
    if start == _OLD_OFFICE:
        raise ImportFileError("This is an old .xls or a workbook with a password; save it as .xlsx without one.")
    if start.startswith(_ZIP):
        return Source(path=path, kind=XLSX, estimate=count_rows(path))
    encoding = find_encoding(path)
    delimiter = _find_delimiter(path, encoding.name)
    return Source(path=path, kind=CSV, encoding=encoding.name, delimiter=delimiter, estimate=encoding.lines)


def read_rows(source: Source) -> Iterator[SourceRow]:
    """Every row, empty ones included. Raises ImportFileError at the row from which on the file cannot be read."""
    rows = read_sheet(source.path) if source.kind == XLSX else _read_csv(source)
    for row in rows:
        if row.n > MAX_ROWS:
            raise ImportFileError(f"The list has more than {MAX_ROWS:,} rows; split it.")
        if len(row.cells) > MAX_COLUMNS:
            raise ImportFileError(f"Row {row.n} has more than {MAX_COLUMNS} columns; is the delimiter right?")
        yield row


def _read_csv(source: Source) -> Iterator[SourceRow]:
    n = 0
    with source.path.open(encoding=source.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=source.delimiter, strict=True)
        try:
            for n, cells in enumerate(reader, start=1):
                yield _row(n, cells)
        except csv.Error as error:
            raise ImportFileError(
                f"Row {n + 1} cannot be read: a quotation mark is wrong or never closed ({error})."
            ) from error
        except UnicodeDecodeError as error:
            raise ImportFileError(f"Row {n + 1} is not written in {source.encoding} like the others.") from error


def _row(n: int, cells: list[str]) -> SourceRow:
    texts: list[str] = []
    faults: dict[int, str] = {}
    for column, cell in enumerate(cells):
        text, fault = read_cell(cell)
        if fault:
            faults[column] = fault
        texts.append(text)
    return SourceRow(n=n, cells=tuple(texts), faults=faults) if faults else SourceRow(n=n, cells=tuple(texts))


def _find_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that cuts the first rows into the same number of cells, most often and into most; comma if none."""
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in islice(csv.reader(io.StringIO(sample), delimiter=delimiter), _SAMPLE_ROWS)]
        except csv.Error:
            continue
        widths = [width for width in widths if width]
        usual = max(set(widths), key=widths.count, default=0)
        score = (widths.count(usual) / len(widths) if usual > 1 else 0.0, usual)
        if usual > 1 and score > best_score:
            best, best_score = delimiter, score
    return best
