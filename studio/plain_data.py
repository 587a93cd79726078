"""What a browser sends is data before it is a document: nothing too deep, no half characters, no number without end."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from studio.errors import Refused
from studio.sentences import told

MAX_BYTES = 5_000_000
MAX_DEPTH = 44
"""Levels of a request: those of a document (flows.source.MAX_DEPTH) and what is laid around it."""

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""PostgreSQL keeps no NUL, and no encoding has halves of characters."""


def read_plain(text: bytes) -> dict[str, Any]:
    """The JSON object that the bytes are. Raises Refused (400, or 413 above MAX_BYTES)."""
    if len(text) > MAX_BYTES:
        raise too_large()
    try:
        data = json.loads(text, parse_constant=_no_number)
    except (RecursionError, MemoryError):
        raise _too_deep() from None
    except ValueError:
        raise Refused(told("This is not JSON that can be read."), status=400) from None
    if not isinstance(data, dict):
        raise Refused(told("The request must be a JSON object."), status=400)
    check_plain(data)
    return data


def check_plain(data: Any) -> None:
    """Look through all of the data. Raises Refused (400) for what cannot be kept."""
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep()
        inner: list[Any] = []
        for part in level:
            if isinstance(part, dict):
                for key in part:
                    _check_text(key)
                inner.extend(part.values())
            elif isinstance(part, list):
                inner.extend(part)
            elif isinstance(part, str):
                _check_text(part)
            elif isinstance(part, float) and not math.isfinite(part):
                raise Refused(told("A number in the request is too large."), status=400)
        level = inner


def too_large() -> Refused:
    """What is said of a request with more than MAX_BYTES."""
    limit = f"{MAX_BYTES / 1e6:.0f}"
    return Refused(
        told("The request is larger than {limit} MB. Split the flow into sub-flows.", limit=limit), status=413
    )


def _check_text(text: str) -> None:
    if _UNKEEPABLE.search(text):
        raise Refused(told("A text in the request has characters that cannot be stored."), status=400)


def _too_deep() -> Refused:
    return Refused(told("The document is nested too deeply: more than {limit} levels.", limit=MAX_DEPTH), status=400)


def _no_number(_name: str) -> NoReturn:
    raise ValueError
