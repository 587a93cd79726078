"""How likely the best phrase is right when two engines were asked."""

from __future__ import annotations

import math
from collections.abc import Sequence

from audio.hearing.engines.whisper_confidence import phrase_confidence
from audio.hearing.engines.whisper_evidence import Evidence

# In log odds, chosen by hand on Mandarin words for few false accepts: the other engine puts the
# phrase first, lists it, or does not.
_FIRST, _LISTED, _ABSENT = 0.3, -1.3, -2.0


def pair_confidence(evidence: Evidence, listed: Sequence[tuple[str, float]], language: str) -> float:
    """0.0 to 1.0 for the first phrase of the evidence (`with_list`), which must have one."""
    alone = phrase_confidence(evidence, language)
    phrases = [phrase for phrase, _ in listed]
    first = evidence.weights[0].phrase
    if not phrases:
        return alone
    shift = _FIRST if phrases[0] == first else _LISTED if first in phrases else _ABSENT
    odds = math.log(max(1e-6, alone) / max(1e-6, 1 - alone)) + shift
    return round(1 / (1 + math.exp(-odds)), 4)
