"""Short lists of telephone numbers: pasted or in a file, one a line, checked whole before anything is kept."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from console.translate import gettext as _
from telephony.numbers import NumberError, parse

MOST_LINES = 20_000
MOST_BYTES = 4 * 1024 * 1024


class NumberListError(ValueError):
    """A list of numbers cannot be read; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class NumberList:
    """Numbers as E.164, each once, in their order; and the lines (counted from 1) that hold none."""

    numbers: tuple[str, ...]
    bad_lines: tuple[int, ...]


def sent_text(upload: FileStorage | None, pasted: str) -> str:
    """The text of the file, or else what was pasted. Raises NumberListError."""
    if upload is None or not upload.filename:
        return pasted
    data = upload.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise NumberListError(_("The file is too large. Send at most %(count)s lines at once.", count=MOST_LINES))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NumberListError(_("The file is no text. Save it as CSV or plain text, one number a line."))


def read_numbers(text: str, region: str) -> NumberList:
    """Read one number a line; in a CSV the first cell counts. A first line without any digit is a header."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise NumberListError(_("The list is too long. Send at most %(count)s lines at once.", count=MOST_LINES))
    numbers: dict[str, None] = {}
    bad: list[int] = []
    for number, line in enumerate(lines, start=1):
        cell = _first_cell(line)
        if not cell or (number == 1 and not any(c.isdigit() for c in cell)):
            continue
        try:
            numbers[parse(cell[:64], region=region)] = None
        except NumberError:
            bad.append(number)
    if not numbers and not bad:
        raise NumberListError(_("There is no number in it. Write one number a line."))
    return NumberList(numbers=tuple(numbers), bad_lines=tuple(bad))


def _first_cell(line: str) -> str:
    if not line.strip():
        return ""
    row = next(csv.reader(io.StringIO(line.replace(";", ",").replace("\t", ","))), [""])
    # A leading quote is how spreadsheets keep a plus sign.
    return next((cell.strip().lstrip("'") for cell in row if cell.strip()), "")
