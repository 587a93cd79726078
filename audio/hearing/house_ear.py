"""One call's ear on our own recognisers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from audio.hearing.ears import EarFailedError
from audio.hearing.engine_group import EngineGroup
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.listening import Listening, StreamedListening, WholeListening
from audio.hearing.question import AnswerKind, Question
from audio.hearing.utterance import Utterance

# A caller who hears nothing for this long has gone; the question is asked in another way before.
_LONGEST_WAIT_S = 20.0


class Recognisers(Protocol):
    """What an ear needs of the house."""

    def group_for(self, question: Question) -> EngineGroup:
        """The workers that hear a question. Raises EarFailedError: there are none, or the question is deadly."""

    def next_number(self) -> int:
        """For a new utterance."""

    def given_back(self, ear: HouseEar) -> None:
        """The ear is closed."""


class HouseEar:
    """See `Ear`. Nothing of one utterance is left when the next begins."""

    def __init__(self, house: Recognisers, language: str, on_partial: Callable[[str], None] | None) -> None:
        self.language = language
        self._house = house
        self._on_partial = on_partial
        self._question = Question(language=language, kind=AnswerKind.OPEN)
        self._listening: Listening | None = None
        self._refused: EarFailedError | None = None

    def ask(self, question: Question) -> None:
        """See `Ear`."""
        self.drop()
        self._question = question
        with suppress(EarFailedError):  # Who finishes is told.
            self._house.group_for(question).prepare(question)

    def hear(self, payload: bytes) -> None:
        """See `Ear`."""
        if self._listening is None and self._refused is None:
            self._listen()
        if self._listening is not None:
            self._listening.hear(payload)

    def paused(self) -> None:
        """See `Ear`."""
        if self._listening is not None:
            self._listening.paused()

    async def finish(self) -> Hypothesis:
        """See `Ear`."""
        listening, refused = self._listening, self._refused
        self._listening = self._refused = None
        if refused is not None:
            raise refused
        if listening is None:
            return Hypothesis(text="")
        began = time.monotonic()
        try:
            hypothesis = await self._decided(listening)
        except EarFailedError:
            raise
        except BaseException:
            listening.drop()
            raise
        decode_ms = (time.monotonic() - began) * 1000
        listening.group.record.decided(decode_ms, was_prepared=listening.was_prepared)
        return replace(hypothesis, decode_ms=round(decode_ms, 1))

    def drop(self) -> None:
        """See `Ear`."""
        if self._listening is not None:
            self._listening.drop()
        self._listening = self._refused = None

    def close(self) -> None:
        """See `Ear`."""
        self.drop()
        self._house.given_back(self)

    async def _decided(self, listening: Listening) -> Hypothesis:
        utterance = listening.finish()
        try:
            return await asyncio.wait_for(asyncio.shield(utterance.decision), _LONGEST_WAIT_S)
        except TimeoutError:
            listening.drop()
            raise EarFailedError(f"The recogniser gave no decision within {_LONGEST_WAIT_S:.0f} s.") from None

    def _listen(self) -> None:
        try:
            group = self._house.group_for(self._question)
        except EarFailedError as error:
            self._refused = error
            return
        kind = StreamedListening if group.is_streaming else WholeListening
        self._listening = kind(group, self._new_utterance)

    def _new_utterance(self) -> Utterance:
        return Utterance(number=self._house.next_number(), question=self._question, on_partial=self._on_partial)
