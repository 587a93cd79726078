"""What understanding an answer comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way an answer can be meant.

    Attributes:
        value: a JSON value: text, number, true or false; dates and times as ISO 8601 text.
        exact: True when the words leave no doubt; False when they only resemble or sound like the value.
        problem: "" or why the value cannot be taken: the key of a built-in phrase ("rejected_check", …).
    """

    value: Any
    exact: bool = True
    problem: str = ""
