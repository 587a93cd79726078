"""Waiting for words in a rehearsed call; while nobody does anything, time goes on as it does on a telephone."""

from __future__ import annotations

from ivr.rehearsal.judging import not_said
from ivr.rehearsal.line import StepFailed
from ivr.rehearsal.matching import PatternError, find
from ivr.rehearsal.telephone import Telephone

GIVEN_UP_AT_MOST = 40
"""How often nothing is done while words are waited for."""


def hear(phone: Telephone, pieces: tuple[str, ...], within_s: float, step: int) -> None:
    """Wait until each piece was heard, in this order; two may be in one line. Raises StepFailed when one is not."""
    rest: str | None = None
    for piece in pieces:
        try:
            cut = find(piece, rest) if rest is not None else None
            if rest is not None and cut is not None:
                rest = rest[cut:]
                continue
            text = _await_words(phone, piece, within_s, step)
            rest = text[find(piece, text) or 0 :]
        except PatternError as error:
            raise StepFailed(error.told) from error


def _await_words(phone: Telephone, piece: str, within_s: float, step: int) -> str:
    """The line with the words; if need be time goes on, as far as patience lasts."""
    found = _find(phone, piece)
    if found is not None:
        return found
    before, said = phone.copy(), [line.text for line in phone.lines[phone.heard_up_to :]]
    for _ in range(GIVEN_UP_AT_MOST):
        if phone.over or phone.still_s() > within_s:
            break
        phone.give_up(step)
        found = _find(phone, piece)
        if found is not None:
            return found
    phone.return_to(before)
    raise StepFailed(not_said(piece, said))


def _find(phone: Telephone, piece: str) -> str | None:
    for place in range(phone.heard_up_to, len(phone.lines)):
        if find(piece, phone.lines[place].text) is not None:
            phone.heard_up_to = place + 1
            return phone.lines[place].text
    return None
