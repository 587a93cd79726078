"""Ears that read the words a data voice wrote into the sound (`data_voice`). For tests of whole calls: no process, no
model, and the decision is there at once, so that a call in virtual time is the same each time."""

from __future__ import annotations

from collections.abc import Callable, Collection

from audio.catalogue import primary
from audio.hearing.activity import SpeechActivity
from audio.hearing.data_voice import DataWords, decode
from audio.hearing.ears import EarFailedError, NoEarError
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import Question
from audio.hearing.speech_events import Patience
from audio.transcript import join_words

_LONGEST_BYTES = 30 * 8000
_LOUD_BYTES = 64
_QUIET_CODES = bytes(code for code in range(256) if code & 0x7F >= 0x40)  # Magnitudes up to 1884 of 32124.


class ScriptedActivity(SpeechActivity):
    """Hears by energy: whatever is loud is speech. Follows `Activity` in everything else."""

    def __init__(self, patience: Patience | None = None) -> None:
        super().__init__(_loudness, patience)


def _loudness(window: bytes) -> float:
    return 1.0 if len(window.translate(None, _QUIET_CODES)) >= _LOUD_BYTES else 0.0


class ScriptedEar:
    """An ear of `ScriptedEars`. `questions` are all it was asked, for tests to look at."""

    def __init__(self, ears: ScriptedEars, language: str, on_partial: Callable[[str], None] | None) -> None:
        self.questions: list[Question] = []
        self._ears = ears
        self._language = language
        self._on_partial = on_partial
        self._sound = bytearray()
        self._partial = ""

    def ask(self, question: Question) -> None:
        """See `Ear`."""
        self.questions.append(question)
        self.drop()

    def hear(self, payload: bytes) -> None:
        """See `Ear`."""
        self._sound += payload[: _LONGEST_BYTES - len(self._sound)]
        if self._on_partial is not None:
            said = self._text(decode(bytes(self._sound)))
            if said != self._partial:
                self._partial = said
                self._on_partial(said)

    def paused(self) -> None:
        """See `Ear`; there is nothing to prepare."""

    async def finish(self) -> Hypothesis:
        """See `Ear`. Raises EarFailedError as often as `ScriptedEars.failures` says."""
        said = decode(bytes(self._sound))
        self.drop()
        if self._ears.failures > 0:
            self._ears.failures -= 1
            raise EarFailedError("The scripted ear fails, as it was told to.")
        known = [words.confidence for words in said if words.confidence is not None]
        return Hypothesis(text=self._text(said), confidence=min(known) if known else None, engine="scripted")

    def drop(self) -> None:
        """See `Ear`."""
        self._sound.clear()
        self._partial = ""

    def close(self) -> None:
        """See `Ear`."""
        self._ears.closed(self)

    def _text(self, said: tuple[DataWords, ...]) -> str:
        language = self.questions[-1].language if self.questions else self._language
        return join_words((words.text for words in said), language)


class ScriptedEars:
    """Ears for tests.

    Attributes:
        most: how many calls may be listened to at once.
        languages: primary subtags that are heard; None for all.
        failures: how many of the next decisions fail.
        opened: every ear there ever was.
    """

    def __init__(self, *, most: int = 1000, languages: Collection[str] | None = None, failures: int = 0) -> None:
        self.most = most
        self.languages = languages
        self.failures = failures
        self.opened: list[ScriptedEar] = []
        self._in_use: set[ScriptedEar] = set()

    def room(self, language: str) -> int:
        """See `Ears`."""
        if self.languages is not None and primary(language) not in self.languages:
            return 0
        return max(0, self.most - len(self._in_use))

    async def open(self, language: str, on_partial: Callable[[str], None] | None = None) -> ScriptedEar:
        """See `Ears`."""
        if not self.room(language):
            raise NoEarError(f"No scripted ear is free for {language}.")
        ear = ScriptedEar(self, language, on_partial)
        self.opened.append(ear)
        self._in_use.add(ear)
        return ear

    async def close(self) -> None:
        """See `Ears`."""
        self._in_use.clear()

    def closed(self, ear: ScriptedEar) -> None:
        """An ear is given back; twice is once."""
        self._in_use.discard(ear)
