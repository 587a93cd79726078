"""The ear of one stream and the follower of its sound: one ear at a time, for the language that is asked in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from audio.hearing.ears import Ear, Ears
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.speech_events import Activity, SpeechEvent
from flows.phrases import primary
from ivr.streams.commands import Ask, BePatient
from telephony.verbs import Gather, InputMode, Verb


class Hearing:
    """Opened as late as possible, so that calls that only press keys take nobody's ear.

    `on_words` is told the words so far of the utterance under way.
    """

    def __init__(self, ears: Ears, activity: Activity, on_words: Callable[[str], None]) -> None:
        self._ears = ears
        self._activity = activity
        self._on_words = on_words
        self._ear: Ear | None = None
        self._language = ""

    @property
    def spoken_ms(self) -> int:
        """Speech of the utterance under way."""
        return self._activity.spoken_ms

    @property
    def silence_ms(self) -> int:
        """The silence after which a pause is told."""
        return self._activity.patience.pause_ms

    def feed(self, payload: bytes) -> Sequence[SpeechEvent]:
        """The caller's sound."""
        return self._activity.feed(payload)

    async def open_for(self, verbs: Sequence[Verb]) -> None:
        """Have the ear that the question at the end of the verbs needs, if any. Raises NoEarError."""
        last = verbs[-1] if verbs else None
        if not isinstance(last, Gather) or last.mode is InputMode.KEYS:
            return
        language = primary(last.language)
        if self._ear is not None and language == self._language:
            return
        self.close()
        self._ear, self._language = await self._ears.open(last.language, self._on_words), language

    def ask(self, ask: Ask) -> None:
        """The question of the next utterance. Somebody who speaks on is heard anew."""
        if self._ear is not None:
            self._ear.ask(ask.question)
        self._activity.patience = ask.patience
        if self._activity.is_speaking:
            self._activity.reset()

    def be_patient(self, command: BePatient) -> None:
        """How long a silence ends the utterance."""
        self._activity.patience = command.patience

    def hear(self, payload: bytes) -> None:
        """Sound of the utterance."""
        if self._ear is not None:
            self._ear.hear(payload)

    def paused(self) -> None:
        """It may be over."""
        if self._ear is not None:
            self._ear.paused()

    async def finish(self) -> Hypothesis:
        """The decision. Raises EarFailedError."""
        return Hypothesis(text="") if self._ear is None else await self._ear.finish()

    def drop(self) -> None:
        """Forget the utterance."""
        if self._ear is not None:
            self._ear.drop()

    def close(self) -> None:
        """Give the ear back."""
        ear, self._ear = self._ear, None
        if ear is not None:
            ear.close()
