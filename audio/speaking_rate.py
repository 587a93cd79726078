"""How long a text takes to say, estimated without saying it.

Fitted to what espeak-ng 1.52 takes at the house's rate for 30 hotline prompts (docs/speech_engines.md): the estimate
is within 0.4 s for all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SYLLABLE_SIGNS = re.compile(r"[\u3400-\u9fff\uac00-\ud7af\u3040-\u30ff]")
_DIGITS = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]")
_COMMAS = re.compile(r"[,，、;；:：]")
_STOPS = re.compile(r"[.。!！?？…]+")
_SHORTEST_S = 0.4


@dataclass(frozen=True, kw_only=True)
class _Pace:
    """Seconds for one of each."""

    digit_s: float
    comma_s: float
    stop_s: float
    at_once_s: float
    syllable_sign_s: float = 0.25
    letter_s: float = 0.056


_USUAL = _Pace(digit_s=0.294, comma_s=0.261, stop_s=0.342, at_once_s=0.13)
_CHINESE = _Pace(digit_s=0.248, comma_s=0.075, stop_s=0.395, at_once_s=0.235)
_PACES = {"zh": _CHINESE, "yue": _CHINESE}


def estimate_seconds(text: str, language: str) -> float:
    """Seconds that the house voice takes for a text; 0 for a text with nothing to say.

    Args:
        text: plain words; digits count one by one, as ticket numbers are read.
        language: BCP-47. Languages other than Chinese are taken at the pace of English.
    """
    pace = _PACES.get(language.split("-")[0].lower(), _USUAL)
    syllables = len(_SYLLABLE_SIGNS.findall(text))
    letters = len(_LETTERS.findall(text)) - syllables
    digits = len(_DIGITS.findall(text))
    if not syllables + letters + digits:
        return 0.0
    total_s = (
        syllables * pace.syllable_sign_s
        + letters * pace.letter_s
        + digits * pace.digit_s
        + len(_COMMAS.findall(text)) * pace.comma_s
        + len(_STOPS.findall(text)) * pace.stop_s
        - pace.at_once_s
    )
    return max(_SHORTEST_S, total_s)
