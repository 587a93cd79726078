"""What an ear believes it heard."""

from __future__ import annotations

from dataclasses import dataclass, field

from audio.transcript import Word


@dataclass(frozen=True, kw_only=True)
class Hypothesis:
    """The words of one utterance.

    Attributes:
        text: as a flow reads it: words with spaces, Chinese without; one of the question's phrases as written there
            when the answer is closed. "" when nothing was understood (also when it was heard to be none of them).
        confidence: 0.0 to 1.0, calibrated so that a flow's bands mean the same for every engine; None if unknown.
        engine: which engine or combination decided ("vosk", "pocketsphinx+whisper").
        decode_ms: from the moment the end was asked for to this answer.
        alternatives: the next best texts with their confidence, best first.
        words: with times in seconds of the utterance, where the engine knows them.
    """

    text: str
    confidence: float | None = None
    engine: str = ""
    decode_ms: float = 0.0
    alternatives: tuple[tuple[str, float], ...] = ()
    words: tuple[Word, ...] = field(default=())

    @property
    def nothing(self) -> bool:
        """Whether no words were understood."""
        return not self.text
