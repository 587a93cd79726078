"""Numbers and codes so that a caller can write them down: "R B, 1 2 3, 4 5 6 7" in groups with a pause between them.

A flow writes a code as single letters and digits with spaces, and a comma between groups (its filters `digits`, `spell`
and `phone` do). The comma alone is not enough: espeak-ng pauses 90 to 150 ms for it, hardly more than within a group.
"""

from __future__ import annotations

import re

GROUP_PAUSE_S = 0.25
"""Silence put between two groups."""

_SIGN = r"(?<![A-Za-z0-9'’])[A-Z0-9](?![A-Za-z0-9'’])"
_COMMA = re.compile(r"\s*[,，、]\s*")
_ENDS_A_GROUP = re.compile(rf"(?:{_SIGN}|{_SIGN} as in [\w-]+)$")
_BEGINS_A_GROUP = re.compile(rf"(?:{_SIGN}|[a-z-]+ 的 {_SIGN})")
_LONE_A = re.compile(rf"(?<![A-Za-z0-9'’])A(?=\s+{_SIGN}|\s+as in\b|\s*[,，、。])|(?<=[A-Z0-9] )A(?![A-Za-z0-9'’])")


def groups(sentence: str) -> list[str]:
    """The sentence cut after each group of a code, the comma kept; the sentence itself when there is no code in it."""
    pieces: list[str] = []
    start = 0
    for comma in _COMMA.finditer(sentence):
        before, after = sentence[: comma.start()], sentence[comma.end() :]
        if _ENDS_A_GROUP.search(before) and _BEGINS_A_GROUP.match(after):
            pieces.append(sentence[start : comma.end()].strip())
            start = comma.end()
    return [*pieces, sentence[start:].strip()]


def clear_letters(sentence: str) -> str:
    """The sentence as espeak-ng should read it: without this the letter A of a code is the article, a mumbled "uh".

    For languages in which espeak-ng reads Latin letters as English ones: English, Chinese, Korean, Japanese.
    """
    return _LONE_A.sub("eh", sentence)
