"""In which encoding a text file is written, found by reading all of it: a mixture is refused with its row."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from callbacks.errors import ImportFileError

UTF_8, GB18030, UTF_16 = "utf-8-sig", "gb18030", "utf-16"

_SURELY_UTF_8 = re.compile("[\u0e00-\uffef]")
"""Letters of three bytes. Two bytes of UTF-8 may as well be one letter of GB18030, so they prove nothing."""


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """`name` is Python's. `lines` counts line ends, for a first estimate of the rows; None when not counted."""

    name: str
    lines: int | None = None


def find_encoding(path: Path) -> Encoding:
    """The encoding of a whole file, read line by line. Raises ImportFileError for a mixture and for neither."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return Encoding(name=UTF_16)
        file.seek(0)
        lines, utf_8, other = 0, 0, 0
        for line in file:
            lines += 1
            if line.isascii():
                continue
            try:
                if _SURELY_UTF_8.search(line.decode().lstrip("\ufeff")):
                    utf_8 = utf_8 or lines
            except UnicodeDecodeError:
                _check_gb18030(line, lines)
                other = other or lines
            if utf_8 and other:
                raise ImportFileError(
                    f"The file mixes encodings: line {min(utf_8, other)} and line {max(utf_8, other)} are written in "
                    "different ones. Save the whole list once as “CSV UTF-8”."
                )
    return Encoding(name=GB18030 if other else UTF_8, lines=lines)


def _check_gb18030(line: bytes, number: int) -> None:
    try:
        line.decode("gb18030")
    except UnicodeDecodeError as error:
        raise ImportFileError(
            f"Line {number} is written neither in UTF-8 nor in GB18030. Save the list as “CSV UTF-8”."
        ) from error
