"""How long a silence ends an answer, by the kind of answer."""

from __future__ import annotations

from collections.abc import Mapping

from audio.hearing.speech_events import Patience
from telephony.verbs import Expects, Gather

_NUMBERS = Patience(end_ms=900, pause_ms=350, longest_ms=15_000)
_GROUPS = Patience(end_ms=1_400, pause_ms=400, longest_ms=20_000)

PATIENCE: Mapping[Expects, Patience] = {
    # One word: nobody pauses inside it.
    Expects.YES_NO: Patience(end_ms=450, pause_ms=200, longest_ms=8_000),
    # A few words; a stop consonant and a short breath between them stay below half a second.
    Expects.PHRASES: Patience(end_ms=550, pause_ms=250, longest_ms=12_000),
    # "Twenty … five", "the third … of May": people think in the middle.
    Expects.NUMBER: _NUMBERS,
    Expects.DATE: _NUMBERS,
    Expects.TIME: _NUMBERS,
    # Read from a paper in groups of three or four, with a look at it in between; cut there, the answer is lost.
    Expects.DIGITS: _GROUPS,
    Expects.CODE: _GROUPS,
    # People breathe and search for words. As long as an ear keeps sound.
    Expects.OPEN: Patience(end_ms=1_600, pause_ms=500, longest_ms=30_000),
}

_SURE = Patience(end_ms=250, pause_ms=120, longest_ms=12_000)
SURE: Mapping[Expects, Patience] = {
    # Once the words leave only one answer, waiting brings nothing.
    Expects.YES_NO: _SURE,
    Expects.PHRASES: _SURE,
    # "Operator", and no story: but a story may begin with such a word and a breath.
    Expects.OPEN: Patience(end_ms=700, pause_ms=250, longest_ms=30_000),
}
"""Patience with an answer whose words are one of the expected phrases; numbers are always given their time."""


def patience_for(gather: Gather) -> Patience:
    """The question's own silence where it names one, else that of the kind of answer."""
    usual = PATIENCE[gather.expects]
    if gather.speech_end_s is None:
        return usual
    end_ms = gather.speech_end_s * 1000
    return Patience(end_ms=end_ms, pause_ms=min(usual.pause_ms, end_ms // 2), longest_ms=usual.longest_ms)
