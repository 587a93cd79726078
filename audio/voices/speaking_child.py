"""A process that speaks for us: given time to start, then held to answer as quickly as a caller needs it."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Any

from audio.child import Child, ChildDied, ChildHung
from audio.errors import AudioError, VoiceFailed, VoiceMissing
from audio.pcm import Pcm
from audio.voices.base import VoiceGone, house_sound

_TRIES = 3
_STOPS = 2  # A text at which the process stopped or hung twice is not tried again: others wait.


class SpeakingChild:
    """Asks a child for sound, checks it, and has the child replaced when it fails. Safe from many threads.

    Args:
        start_s: how long a new process may take for its first, short text.
        answer_s: how long any later text may take, and `character_s` more for each of its characters. The second try
            has twice that: perhaps it is only the machine that is busy.
    """

    def __init__(self, child: Child, *, start_s: float, answer_s: float, character_s: float) -> None:
        self.child = child
        self._start_s = start_s
        self._answer_s = answer_s
        self._character_s = character_s
        self._turn = threading.Lock()
        self._warm: set[tuple[int | None, Hashable]] = set()

    def sound(self, question: Any, first: Any, *, text: str, language: str, kind: Hashable = None) -> Pcm:
        """The sound of a text as the telephone gets it.

        Args:
            question: what the child is asked.
            first: the short question that a new process is asked before.
            kind: what a process has to load before it answers quickly (a voice file).

        Raises:
            VoiceMissing: the child says so.
            VoiceFailed: this text cannot be spoken.
            VoiceGone: no process comes up.
        """
        failure: AudioError | None = None
        stops = 0
        for attempt in range(_TRIES):
            allowed_s = (self._answer_s + self._character_s * len(text)) * (1 + stops)
            try:
                return house_sound(self._ask(question, first, allowed_s, kind), text, language)
            except VoiceMissing:
                raise
            except (ChildDied, ChildHung, VoiceGone) as error:
                failure = error
                stops += 1
                if stops == _STOPS:
                    break
            except AudioError as error:
                failure = error
                if attempt:  # The process answered wrongly twice; perhaps a new one does better.
                    self.child.close()
        if isinstance(failure, VoiceGone):
            raise failure
        raise VoiceFailed(f"{self.child.name} failed again and again: {failure}") from failure

    def _ask(self, question: Any, first: Any, allowed_s: float, kind: Hashable) -> Pcm:
        with self._turn:
            if (self.child.pid, kind) not in self._warm:
                self._start(first, kind)
            sound: Pcm = self.child.ask(question, allowed_s)
            return sound

    def _start(self, first: Any, kind: Hashable) -> None:
        try:
            self.child.ask(first, self._start_s)
        except VoiceMissing:
            raise
        except AudioError as error:
            raise VoiceGone(f"{self.child.name} does not start: {error}") from error
        pid = self.child.pid
        self._warm = {known for known in self._warm if known[0] == pid} | {(pid, kind)}
