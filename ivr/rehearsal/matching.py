"""Whether words were heard: as the simulator matches them, and with regular expressions that cannot run away."""

from __future__ import annotations

from collections.abc import Iterable

import regex  # type: ignore[import-untyped]

from ivr.rehearsal.sentences import Sentence, sentence

LONGEST_PATTERN = 200
LONGEST_TEXT = 20_000
PATIENCE_S = 0.25
"""A pattern that backtracks without end is given up; the longest honest match takes a thousandth of this."""


class PatternError(ValueError):
    """The regular expression cannot be used; `told` says why."""

    def __init__(self, told: Sentence) -> None:
        super().__init__(str(told))
        self.told = told


def is_pattern(piece: str) -> bool:
    """Whether a piece is a regular expression: /…/."""
    return len(piece) > 2 and piece.startswith("/") and piece.endswith("/")


def check_piece(piece: str) -> None:
    """Raises PatternError when a regular expression is too long or cannot be read."""
    if not is_pattern(piece):
        return
    if len(piece) > LONGEST_PATTERN:
        raise PatternError(sentence("The pattern has more than {limit} characters.", limit=LONGEST_PATTERN))
    try:
        regex.compile(piece[1:-1], regex.IGNORECASE)
    except regex.error as error:
        raise PatternError(sentence("The pattern cannot be read: {error}.", error=str(error))) from error


def find(piece: str, text: str) -> int | None:
    """Where in `text` the match of `piece` ends; None without a match.

    Plain words match anywhere, whatever the case and spacing; `/…/` is a regular expression. Raises PatternError for
    one that takes too long.
    """
    text = text[:LONGEST_TEXT]
    if is_pattern(piece):
        check_piece(piece)
        try:
            match = regex.search(piece[1:-1], text, regex.IGNORECASE, timeout=PATIENCE_S)
        except TimeoutError as error:
            raise PatternError(sentence("The pattern {piece} takes too long.", piece=piece)) from error
        return None if match is None else int(match.end())
    wanted = " ".join(piece.split()).casefold()
    at = text.casefold().find(wanted)
    return None if at < 0 else at + len(wanted)


def first_missing(pieces: Iterable[str], lines: Iterable[str]) -> str | None:
    """The first piece that is not heard in this order; None when all are. Two may be in one line."""
    rest = "\n".join(lines)
    for piece in pieces:
        cut = find(piece, rest)
        if cut is None:
            return piece
        rest = rest[cut:]
    return None
