"""A text in the parts that are spoken and kept one by one: sentences, and clauses of very long ones."""

from __future__ import annotations

import re
from functools import lru_cache

from audio.speaking_rate import estimate_seconds
from audio.voices.sentences import sentences

LONGEST_S = 7.0
"""A sentence that takes longer is cut after a clause. A voice keeps its melody within a part, so parts are not shorter
than a caller's wait asks for; the slowest of our voices makes 7 s of speech in about a third of a second."""

_SHORTEST_S = 2.0
_CLAUSE_END = re.compile(r"(?<=[，；：])|(?<=[,;:])\s+")


@lru_cache(maxsize=1024)
def parts(text: str, language: str) -> tuple[str, ...]:
    """The parts of a text in order; () when it has no letter and no digit."""
    return tuple(part for sentence in sentences(text) for part in _clauses(sentence, language))


def ends_a_sentence(part: str) -> bool:
    """Whether a longer pause follows than after a clause."""
    return not part.endswith((",", "，", ":", "：", ";", "；", "、"))


def _clauses(sentence: str, language: str) -> list[str]:
    """The sentence, or stretches of it of some seconds each, cut only between clauses."""
    if estimate_seconds(sentence, language) <= LONGEST_S:
        return [sentence]
    found = [""]
    for clause in _CLAUSE_END.split(sentence):
        joined = f"{found[-1]} {clause}" if found[-1].endswith((",", ";", ":")) else found[-1] + clause
        if found[-1] and _is_enough(found[-1], clause, joined, language):
            found.append(clause)
        else:
            found[-1] = joined
    return [part.strip() for part in found if any(letter.isalnum() for letter in part)]


def _is_enough(part: str, clause: str, joined: str, language: str) -> bool:
    """Whether a part stands alone: it would grow too long, and neither it nor what follows is a mere word or two."""
    shortest_s = min(estimate_seconds(part, language), estimate_seconds(clause, language))
    return estimate_seconds(joined, language) > LONGEST_S and shortest_s >= _SHORTEST_S
