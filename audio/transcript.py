"""The words of a recording."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class TranscriptStatus(StrEnum):
    """What became of a recording that was to be transcribed."""

    TRANSCRIBED = "transcribed"
    NO_SPEECH = "no_speech"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word and when it was said.

    Attributes:
        text: as the recogniser writes it; Chinese comes in pieces of one or more characters.
        start_s: from the beginning of the recording.
        end_s: not before `start_s`.
        confidence: 0..1, or None when the engine does not tell.
    """

    text: str
    start_s: float
    end_s: float
    confidence: float | None

    def later(self, offset_s: float) -> Word:
        """The same word, `offset_s` later."""
        return replace(self, start_s=self.start_s + offset_s, end_s=self.end_s + offset_s)


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """What was said in a recording, or why that is not known.

    Attributes:
        text: empty unless the status is `transcribed`.
        language: BCP-47, as asked for.
        confidence: 0..1, mean over the words weighted by their length; None when unknown.
        words: in order of time. May be empty though there is text.
        engine: "vosk", "whisper", "scripted"; empty when there was none.
        model: the model's name; empty when there was none.
        note: one sentence for people when the status is not `transcribed`, else empty.
    """

    text: str
    language: str
    confidence: float | None = None
    words: tuple[Word, ...] = ()
    engine: str = ""
    model: str = ""
    status: TranscriptStatus = TranscriptStatus.TRANSCRIBED
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values, for a JSON column."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Transcript:
        """Back from `as_json`."""
        words = tuple(Word(**word) for word in stored.get("words", ()))
        return cls(**{**stored, "words": words, "status": TranscriptStatus(stored["status"])})


_HAN = r"[\u3400-\u9fff\u3001\u3002\uff01\uff0c\uff1f]"
_GAP_BETWEEN_HAN = re.compile(rf"(?<={_HAN}) +(?={_HAN})")
NOTHING_SAID = "nothing was said"


def spoken(*, words: Iterable[Word], language: str, engine: str, model: str, text: str | None = None) -> Transcript:
    """A transcript from words; with none it says that nothing was said."""
    said = tuple(words)
    written = tidy(join_words((word.text for word in said), language) if text is None else text)
    if not written:
        return Transcript(
            text="", language=language, engine=engine, model=model, status=TranscriptStatus.NO_SPEECH, note=NOTHING_SAID
        )
    return Transcript(
        text=written, language=language, confidence=mean_confidence(said), words=said, engine=engine, model=model
    )


def unavailable(language: str, note: str) -> Transcript:
    """The transcript of a recording that no installed model can hear."""
    return Transcript(text="", language=language, status=TranscriptStatus.UNAVAILABLE, note=note)


def join_words(words: Iterable[str], language: str) -> str:
    """Words as a line of text; Chinese, Japanese and Thai are written without spaces."""
    gap = "" if language.split("-")[0].lower() in {"zh", "yue", "ja", "th"} else " "
    return gap.join(words)


def tidy(text: str) -> str:
    """Single spaces, and none between Chinese characters: Whisper writes a space where a speaker paused."""
    return _GAP_BETWEEN_HAN.sub("", " ".join(text.split()))


def mean_confidence(words: Iterable[Word]) -> float | None:
    """Mean of the known confidences, weighted by duration. None when none is known."""
    known = [(word.confidence, max(0.01, word.end_s - word.start_s)) for word in words if word.confidence is not None]
    total_s = sum(length_s for _, length_s in known)
    return round(sum(value * length_s for value, length_s in known) / total_s, 4) if known else None


def joined(parts: Iterable[tuple[float, Transcript]]) -> Transcript:
    """One transcript from the transcripts of consecutive pieces, each with the second at which its piece began."""
    pieces = list(parts)
    first = pieces[0][1]
    words = [word.later(offset_s) for offset_s, piece in pieces for word in piece.words]
    texts = [piece.text for _, piece in pieces if piece.text]
    return spoken(
        words=words,
        language=first.language,
        engine=first.engine,
        model=first.model,
        text=join_words(texts, first.language),
    )
