"""What the studio refuses, as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class StudioError(Exception):
    """The studio could not do what was asked. The message is a sentence for the person at the editor."""


class Refused(StudioError):  # noqa: N818
    """The desk refuses a request.

    Attributes:
        sentence: what is wrong and what to do, in the reader's language.
        status: the HTTP status that says so to programs.
        more: further keys of the JSON answer, such as "problems".
    """

    def __init__(self, sentence: str, *, status: int = 422, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.more = dict(more or {})
