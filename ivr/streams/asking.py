"""One question of a live stream: prompts, keys, words, interruptions and time-outs, until there is an answer.

Nothing here waits: the clock is the sound that comes in. Keys win over words at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import AnswerKind, Question
from audio.hearing.speech_events import Patience, SpeechBegan, SpeechEnded, SpeechEvent, SpeechPaused, SpeechResumed
from ivr.streams.commands import Ask, BePatient, Clear, Command, Decide, Forget, Hear, Paused, TakeAnswer
from ivr.streams.early_answer import EarlyAnswer
from ivr.streams.keypad import Keypad
from ivr.streams.patience import SURE, patience_for
from ivr.streams.prompt_player import PromptPlayer
from ivr.streams.understanding import answer_of, is_murmur
from ivr.streams.utterance import Utterance
from telephony.calls import Digits, Heard, Silence
from telephony.verbs import Gather, InputMode

BARGE_IN_MS = 600
"""Speech that goes on for so long wants the prompt to stop. "Uh-huh" takes 300 to 500 ms; whoever means to be heard
speaks on. A shorter word stops the prompt all the same, once it is understood as an answer."""

NOISE_MS = 250
"""Sound shorter than this in which nothing was understood was no word."""

SURE_OVER_A_PROMPT = 0.5
"""A cough may look like a word. One that is believed less than this does not stop a prompt."""

LONGEST_LISTENING_MS = 60_000
"""Noise that begins and ends again and again does not keep a question open for ever."""


class Asking:
    """The question under way. `do` is given every command, in order."""

    def __init__(self, gather: Gather, player: PromptPlayer, do: Callable[[Command], None]) -> None:
        self._gather = gather
        self._player = player
        self._do = do
        self._keypad = Keypad(gather)
        self._hears_words = gather.mode is not InputMode.KEYS
        self._patience = patience_for(gather)
        self._early = EarlyAnswer(gather.hints)
        self._is_sure = False
        self._utterance: Utterance | None = None
        self._deciding: Utterance | None = None
        self._next: Utterance | None = None
        self._number = 0
        self._clock_ms = 0.0
        self._quiet_ms = 0.0
        self._listening_ms = 0.0
        self._note: dict[str, Any] = {}
        self._answer: TakeAnswer | None = None

    @property
    def is_deciding(self) -> bool:
        """Whether the ear thinks about what was said, and nobody hears a prompt of the question."""
        return self._deciding is not None and not self._player.is_asking

    @property
    def is_answered(self) -> bool:
        """Whether nothing more is wanted of the caller."""
        return self._answer is not None

    @property
    def answer(self) -> TakeAnswer | None:
        """The answer, once it is there and every prompt that must be heard was."""
        return None if self._player.is_asking else self._answer

    def begin(self) -> None:
        """Tell the ear."""
        if self._hears_words:
            kind = AnswerKind(self._gather.expects.value)
            question = Question(language=self._gather.language, kind=kind, phrases=self._gather.hints)
            self._do(Ask(question=question, patience=self._patience))

    def sound(self, payload: bytes, ms: float, events: Sequence[SpeechEvent], spoken_ms: int) -> None:
        """More of the caller's sound, what happened in it, and how much was spoken of the utterance under way."""
        self._clock_ms += ms
        began = False
        for event in events:
            began = isinstance(event, SpeechBegan) or (began and not isinstance(event, SpeechEnded))
            self._follow(event)
        if self._utterance is not None:
            if not began:
                self._hear(self._utterance, payload)
            self._barge_in(self._utterance, spoken_ms)
            is_sure = self._early.is_sure(self._clock_ms, is_paused=self._utterance.is_paused)
            self._be_patient(is_sure and self._gather.expects in SURE)
        self._wait(ms)

    def key(self, digit: str) -> None:
        """A key was pressed."""
        if self._answer is not None or not self._keypad.press(digit):
            return
        if self._utterance or self._deciding:
            self._do(Forget())
        self._utterance = self._deciding = self._next = None
        self._quiet_ms = 0.0
        self.prompt_passed()
        if self._keypad.is_complete:
            self._take(Digits(digits=self._keypad.typed))

    def prompt_passed(self) -> None:
        """What is heard may have changed: keys pressed during a prompt that must be heard stop what follows it."""
        if self._player.is_asking and (self._keypad.is_used or self._answer is not None):
            self._interrupt()

    def words(self, words: str) -> None:
        """Words of the utterance under way, as far as the ear has it."""
        self._early.words(words, self._clock_ms)

    def decided(self, number: int, hypothesis: Hypothesis) -> None:
        """What the ear makes of an utterance; one of an utterance that was dropped changes nothing."""
        decided = self._deciding
        if decided is None or number != self._number:
            return
        self._deciding = None
        if self._counts(decided, hypothesis):
            if self._player.is_asking:
                self._interrupt()
            heard_by = {"engine": hypothesis.engine, "decode_ms": round(hypothesis.decode_ms, 1)}
            self._take(answer_of(hypothesis, self._gather), **heard_by)
        else:
            self._quiet_ms = 0.0
            self._go_on_hearing()

    def _follow(self, event: SpeechEvent) -> None:
        match event:
            case SpeechBegan(sound=sound) if self._is_listening():
                self._utterance = Utterance(held_off=self._is_held_off())
                self._early.begin()
                self._is_sure = False
                self._hear(self._utterance, sound)
            case SpeechPaused() if self._utterance is not None:
                self._utterance.is_paused = True
                if self._deciding is None:
                    self._do(Paused())
            case SpeechResumed() if self._utterance is not None:
                self._utterance.is_paused = False
            case SpeechEnded(speech_ms=speech_ms) if self._utterance is not None:
                self._utterance.speech_ms = speech_ms
                self._ended(self._utterance)
            case _:
                pass

    def _is_listening(self) -> bool:
        return self._hears_words and not self._keypad.is_used and self._answer is None

    def _is_held_off(self) -> bool:
        """Whether words cannot interrupt what is heard now."""
        current = self._player.current
        return self._player.is_asking and current is not None and (current.must_hear or not self._gather.barge_in)

    def _hear(self, utterance: Utterance, payload: bytes) -> None:
        if self._deciding is None:
            self._do(Hear(payload=payload))
        else:
            utterance.hold(payload)

    def _barge_in(self, utterance: Utterance, spoken_ms: int) -> None:
        if self._is_held_off():
            return
        utterance.held_off = False
        if spoken_ms >= BARGE_IN_MS and self._player.is_asking:
            utterance.interrupted = self._interrupt() or utterance.interrupted

    def _ended(self, utterance: Utterance) -> None:
        self._utterance = None
        self._be_patient(False)
        utterance.over_prompt = self._player.is_asking and not utterance.interrupted
        if utterance.held_off and self._is_held_off():
            if self._deciding is None:
                self._do(Forget())
        elif self._deciding is None:
            self._decide(utterance)
        else:
            self._next = utterance

    def _decide(self, utterance: Utterance) -> None:
        self._deciding = utterance
        self._number += 1
        self._do(Decide(number=self._number))

    def _go_on_hearing(self) -> None:
        """Give the ear what was said while it was deciding."""
        held = self._next or self._utterance
        if held is not None and held.sound:
            self._do(Hear(payload=bytes(held.sound)))
            held.sound.clear()
        if self._next is not None:
            following, self._next = self._next, None
            self._decide(following)

    def _counts(self, utterance: Utterance, hypothesis: Hypothesis) -> bool:
        """Whether an utterance is an answer. A murmur over a prompt is none, nor is a noise."""
        if utterance.over_prompt:
            is_unsure = hypothesis.confidence is not None and hypothesis.confidence < SURE_OVER_A_PROMPT
            return not (hypothesis.nothing or is_unsure or is_murmur(hypothesis.text, self._gather))
        return not (hypothesis.nothing and utterance.speech_ms < NOISE_MS)

    def _interrupt(self) -> bool:
        interruption = self._player.interrupt()
        if interruption is None:
            return False
        self._do(Clear())
        if interruption.place is not None:
            where = {"prompt": interruption.place, "after_ms": interruption.after_ms}
            self._note.setdefault("interrupted", where)
        return True

    def _be_patient(self, is_sure: bool) -> None:
        if is_sure != self._is_sure:
            self._is_sure = is_sure
            self._do(BePatient(patience=self._sure() if is_sure else self._patience))

    def _sure(self) -> Patience:
        sure = SURE[self._gather.expects]
        return sure if sure.end_ms < self._patience.end_ms else self._patience

    def _wait(self, ms: float) -> None:
        """Let the time run in which the caller is expected to answer."""
        if self._player.is_speaking or self._answer is not None or self._deciding is not None:
            return
        self._listening_ms += ms
        self._quiet_ms = self._quiet_ms + ms if self._utterance is None else 0.0
        timeout_ms = self._gather.timeout_s * 1000
        if self._quiet_ms >= timeout_ms or (self._listening_ms >= LONGEST_LISTENING_MS and self._utterance is None):
            self._take(Digits(digits=self._keypad.typed) if self._keypad.is_used else Silence())

    def _take(self, heard: Heard, **note: Any) -> None:
        self._answer = TakeAnswer(heard=heard, note={**note, **self._note})
