"""What an ear's hypothesis means for a question: an answer, a sound of listening, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from audio.hearing.hypothesis import Hypothesis
from flows.phrases import primary
from flows.understanding.normal import normal
from telephony.calls import Heard, Silence, Speech
from telephony.verbs import Expects, Gather

NOT_UNDERSTOOD = "…"
"""Stands for words that nobody understood. No question takes it for an answer: without punctuation it is empty."""

# What people murmur while they listen; it asks nobody to stop.
_MURMURS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        {"uh huh", "mm hmm", "mhm", "hmm", "hm", "mm", "ah", "oh", "yeah", "ok", "okay", "right", "sure", "i see"}
    ),
    "zh": frozenset({"嗯", "嗯嗯", "哦", "噢", "啊", "呃", "好", "好的", "对", "对对", "是", "是的", "知道了", "明白"}),
    "ko": frozenset({"음", "응", "아", "어", "네", "예", "네네", "그래요"}),
}


def is_murmur(text: str, gather: Gather) -> bool:
    """Whether words are a sound of listening. Words that answer the question never are."""
    if gather.expects is Expects.YES_NO:
        return False
    plain = normal(text.replace("-", " "))
    if plain in {normal(hint) for hint in gather.hints}:
        return False
    return plain in _MURMURS.get(primary(gather.language), frozenset())


def answer_of(hypothesis: Hypothesis, gather: Gather) -> Heard:
    """The caller's answer.

    Words that were not understood climb the ladder of misunderstandings: the caller did speak. In open speech, where
    anything would be kept as the answer, they count as silence.
    """
    if hypothesis.text.strip():
        return Speech(text=hypothesis.text, confidence=hypothesis.confidence)
    if gather.expects is Expects.OPEN:
        return Silence()
    return Speech(text=NOT_UNDERSTOOD, confidence=0.0)
