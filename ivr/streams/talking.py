"""The turn-taking of one live stream: sound, keys, marks and words come in, commands go out; nothing waits, nothing is
asked of the world. Its clock is the sound it is given."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from audio.hearing.hypothesis import Hypothesis
from audio.hearing.speech_events import SpeechEvent
from ivr.streams.asking import Asking
from ivr.streams.commands import AwaitReply, Command, GoBack, Voice
from ivr.streams.prompt_player import PromptPlayer
from telephony.media import MULAW_BYTES_A_SECOND
from telephony.verbs import Gather, Pause, Play, Prompt, Redirect, Say, Verb

MOST_TYPED_AHEAD = 32

LONGEST_GAP_MS = 5_000
"""A jump of the carrier's time beyond this is no lost sound."""


class Phase(StrEnum):
    """BETWEEN: an answer is being taken. ASKING: a question. WAITING: a lookup. LEAVING: the last words in here."""

    BETWEEN = "between"
    ASKING = "asking"
    WAITING = "waiting"
    LEAVING = "leaving"


class Talking:
    """What is said and heard in one stream, turn after turn. Every method returns what is to be done now.

    Sound to be sent is not among it: it lies in `player`, for whoever knows how much the socket takes.
    """

    def __init__(self, *, captions: bool = False) -> None:
        self.player = PromptPlayer(captions=captions)
        self.phase = Phase.BETWEEN
        self._asking: Asking | None = None
        self._commands: list[Command] = []
        self._typed_ahead = ""
        self._next_at_ms: float | None = None

    @property
    def is_slow(self) -> bool:
        """Whether the caller waits for us: for the ear, the next turn or a lookup."""
        if self.phase is Phase.ASKING:
            return self._asking is not None and self._asking.is_deciding
        return self.phase in (Phase.BETWEEN, Phase.WAITING)

    def begin(self, verbs: Sequence[Verb]) -> list[Command]:
        """The next turn: prompts, then a question, a lookup's wait, or a verb that leads out."""
        prompts = [verb for verb in verbs if isinstance(verb, Say | Play | Pause)]
        last = verbs[-1] if verbs else None
        self._asking = None
        if isinstance(last, Gather):
            self.phase = Phase.ASKING
            self._asking = Asking(last, self.player, self._commands.append)
            self._asking.begin()
            prompts.extend(last.prompts)
        elif isinstance(last, Redirect):
            self.phase = Phase.WAITING
            self._commands.append(AwaitReply())
        else:
            self.phase = Phase.LEAVING
        self._queue([(prompt, place) for place, prompt in enumerate(prompts)])
        typed, self._typed_ahead = self._typed_ahead, ""
        for digit in typed if self._asking is not None else "":
            if self._asking is None or self._asking.is_answered:
                self._typed_ahead += digit
            else:
                self._asking.key(digit)
        return self._done()

    def sound(self, payload: bytes, at_ms: int, events: Sequence[SpeechEvent], spoken_ms: int) -> list[Command]:
        """The caller's sound, mu-law of any length, with what `Activity.feed` made of it."""
        ms = len(payload) * 1000 / MULAW_BYTES_A_SECOND
        gap_ms = 0.0 if self._next_at_ms is None else at_ms - self._next_at_ms
        # What was lost on the way is not counted as silence of the caller's, but meanwhile our sound was played.
        self.player.elapsed(ms + (gap_ms if 0 < gap_ms <= LONGEST_GAP_MS else 0.0))
        self._next_at_ms = at_ms + ms
        if self._asking is not None:
            self._asking.sound(payload, ms, events, spoken_ms)
        return self._done()

    def key(self, digit: str) -> list[Command]:
        """A key. One that comes while a turn is under way is for the next question, as practised callers type."""
        if self._asking is not None:
            self._asking.key(digit)
        elif self.phase is Phase.BETWEEN and len(self._typed_ahead) < MOST_TYPED_AHEAD:
            # A lone hash key belongs to the answer before, which was complete without it.
            self._typed_ahead += digit if digit != "#" or self._typed_ahead else ""
        return self._done()

    def mark(self, name: str) -> list[Command]:
        """A mark came back."""
        self.player.mark(name)
        if self._asking is not None:
            self._asking.prompt_passed()
        return self._done()

    def words(self, words: str) -> None:
        """What the ear has of the utterance under way."""
        if self._asking is not None:
            self._asking.words(words)

    def decided(self, number: int, hypothesis: Hypothesis) -> list[Command]:
        """The ear's decision on the utterance of this number."""
        if self._asking is not None:
            self._asking.decided(number, hypothesis)
        return self._done()

    def fill(self, prompts: Sequence[Prompt]) -> list[Command]:
        """Something to hear while the caller waits for us; nothing when nobody waits any more."""
        if self.is_slow and not self.player.is_speaking:
            self._queue([(prompt, None) for prompt in prompts])
        return self._done()

    def _queue(self, prompts: Sequence[tuple[Prompt, int | None]]) -> None:
        if prompts:
            self.player.queue(prompts)
            self._commands.append(Voice())

    def _done(self) -> list[Command]:
        answer = self._asking.answer if self._asking is not None else None
        if answer is not None:
            self.phase, self._asking = Phase.BETWEEN, None
            self._commands.append(answer)
        elif self.phase is Phase.LEAVING and not self.player.is_speaking:
            self.phase = Phase.BETWEEN
            self._commands.append(GoBack())
        done, self._commands[:] = list(self._commands), []
        return done
