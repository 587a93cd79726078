"""What a live ear is told about the question that was asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AnswerKind(StrEnum):
    """The kind of answer that is expected. PHRASES is one of the phrases, CODE letters and digits, OPEN anything."""

    PHRASES = "phrases"
    YES_NO = "yes_no"
    DIGITS = "digits"
    CODE = "code"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What may be said.

    Attributes:
        language: BCP-47.
        kind: what kind of answer.
        phrases: phrases to expect as people write them, the question's own first, then those that hold everywhere
            ("operator", "repeat"). With PHRASES and YES_NO, whatever is none of them is to be refused.
    """

    language: str
    kind: AnswerKind = AnswerKind.PHRASES
    phrases: tuple[str, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether the answer is one of a known set or built of known words."""
        return self.kind is not AnswerKind.OPEN
