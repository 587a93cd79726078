"""What a number should be, by what somebody says after a no: "the last one is seven", "five seven eight", "seven".

Nothing is certain here: whatever comes out is read back and asked again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from flows.filters import group
from flows.understanding.confusions import confusion
from flows.understanding.named_places import Place, named_place
from flows.understanding.normal import normal

Read = Callable[[str], str | None]
"""The characters that words spell, None for other words."""
Fits = Callable[[str], bool]

_NOT_BUT = re.compile(r"(?:not (?:an? )?)(?P<old>\w+)(?: but| its| it is)?(?: an?)? (?P<new>.+)")
_BUT_NOT = re.compile(r"(?P<new>\w+) (?:and |but )?not (?:an? )?(?P<old>\w+)")
_ZH_NOT_BUT = re.compile(r"(?:不是)?(?P<old>\w)(?:而是|是|应该是|改成)(?P<new>\w)")
_KO_NOT_BUT = re.compile(r"(?P<old>\w+?)(?:이|가)? 아니(?:고|라)(?:요)? (?P<new>.+)")


def _any(_: str) -> bool:
    return True


def correct(pending: str, said: str, language: str, *, read: Read, fits: Fits = _any, alone: bool = True) -> str | None:
    """The characters as they should be; None when the words do not say, or say more than one thing that is wrong.

    Args:
        pending: the characters that were read back.
        said: what followed the no.
        read: reads digits and letters as the question does.
        fits: whether characters can be the value (its check digit, its limits).
        alone: whether one lone digit is a correction; only after a no.
    """
    plain = normal(said)
    if not pending or not plain:
        return None
    place = named_place(plain, language)
    if place is not None and (found := _at_place(pending, place, language, read, fits)):
        return found
    exchanged = _exchanged(pending, plain, language, read, fits)
    if exchanged is not None:
        return exchanged
    run = read(plain)
    if not run or len(run) >= len(pending):
        return None
    if len(run) > 1:
        return _aligned(pending, run, language, fits)
    return _alone(pending, run, language, fits) if alone else None


def _at_place(pending: str, place: Place, language: str, read: Read, fits: Fits) -> str | None:
    run = read(place.said)
    if not run:
        return None
    if place.is_group:
        return _in_group(pending, place, language, read, fits)
    indices = list(range(len(pending)))
    alike = [i for i in indices if pending[i].isdigit() == run[0].isdigit()]
    start = _start(indices, place.index, len(run))
    if place.own_kind or start is None or (len(run) == 1 and start not in alike):
        start = _start(alike, place.index, len(run))
    if start is None:
        return None
    right = pending[:start] + run + pending[start + len(run) :]
    return right if len(right) == len(pending) and right != pending and fits(right) else None


def _start(indices: list[int], index: int, length: int) -> int | None:
    """Where a run begins that stands at a place: one named from the end ends there."""
    at = index + len(indices) if index < 0 else index
    if index == -1:
        at -= length - 1
    return indices[at] if 0 <= at < len(indices) else None


def _in_group(pending: str, place: Place, language: str, read: Read, fits: Fits) -> str | None:
    parts = group(pending)
    if not -len(parts) <= place.index < len(parts):
        return None
    run, old = read(place.said) or "", parts[place.index]
    parts[place.index] = run if len(run) == len(old) else correct(old, place.said, language, read=read) or old
    right = "".join(parts)
    return right if right != pending and fits(right) else None


def _exchanged(pending: str, plain: str, language: str, read: Read, fits: Fits) -> str | None:
    """ "not five, seven"; "seven, not five"; 不是五，是七."""
    for pattern in (_NOT_BUT, _BUT_NOT, _ZH_NOT_BUT, _KO_NOT_BUT):
        found = pattern.fullmatch(plain)
        old, new = (read(found["old"]), read(found["new"])) if found else (None, None)
        if old and new and len(old) == len(new) and old != new:
            starts = [i for i in range(len(pending)) if pending.startswith(old, i)]
            ways = [pending[:i] + new + pending[i + len(old) :] for i in starts]
            return next((way for way in reversed(ways) if fits(way)), None)
    return None


def _aligned(pending: str, run: str, language: str, fits: Fits) -> str | None:
    """The run put where it differs in one character only."""
    ways = []
    for start in range(len(pending) - len(run) + 1):
        wrong = [i for i, c in enumerate(run) if pending[start + i] != c]
        if len(wrong) == 1:
            at = start + wrong[0]
            ways.append((at, pending[:start] + run + pending[start + len(run) :]))
        elif not wrong:
            # What is said stands there already, so it does not say what is wrong.
            return None
    return _likeliest(pending, ways, language, fits)


def _alone(pending: str, one: str, language: str, fits: Fits) -> str | None:
    """One character put where the check digit allows it, else where it is most easily misheard; the last of equals."""
    ways = [
        (at, pending[:at] + one + pending[at + 1 :])
        for at, old in enumerate(pending)
        if old != one and old.isdigit() == one.isdigit()
    ]
    return _likeliest(pending, ways, language, fits)


def _likeliest(pending: str, ways: Iterable[tuple[int, str]], language: str, fits: Fits) -> str | None:
    fitting = [(confusion(pending[at], way[at], language), at, way) for at, way in ways if fits(way)]
    return max(fitting)[2] if fitting else None
