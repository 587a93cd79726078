"""Carries out what the turn-taking of one stream wants: has things said, heard, decided and answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from audio.hearing.speech_events import SpeechEnded, SpeechEvent, SpeechPaused, SpeechResumed
from ivr.streams import commands as do
from ivr.streams.company import Company
from ivr.streams.doors import StreamTurn
from ivr.streams.doorway import Doorway
from ivr.streams.ending import Ending
from ivr.streams.figures import Figures
from ivr.streams.hearing import Hearing
from ivr.streams.media_deps import MediaDeps
from ivr.streams.outbox import Outbox
from ivr.streams.prompt_sounds import PromptSounds
from ivr.streams.shown_words import ShownWords
from ivr.streams.stopwatch import Stopwatch
from ivr.streams.talking import Phase, Talking
from ivr.streams.voicing import Voicing
from telephony.calls import Nothing, Speech
from telephony.media import MULAW_BYTES_A_SECOND, KeyPressed, MarkReached, SoundHeard, StreamStarted
from telephony.verbs import Prompt

POLL_MS = 200
"""How often a lookup is asked for, in the caller's sound."""


class Conductor:
    """Joins `Talking`, which decides, to ear, voice, house and socket. `spawn` starts a job, `end` ends the stream.

    Attributes:
        turn: the turn under way; None before the stream was let in.
        step: the transaction under way, or the last one.
    """

    def __init__(
        self,
        media: MediaDeps,
        doorway: Doorway,
        figures: Figures,
        outbox: Outbox,
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        end: Callable[[Ending], None],
    ) -> None:
        self.turn: StreamTurn | None = None
        self.step: asyncio.Task[None] | None = None
        self._doorway, self._outbox, self._spawn, self._end = doorway, outbox, spawn, end
        self._talking = Talking(captions=media.captions)
        self._hearing = Hearing(media.ears, media.make_activity(), self._words)
        self._sounds = PromptSounds(media.speaker, media.calls, media.audio_dir)
        self._voicing = Voicing(self._talking.player, self._sound_of, self._pump, spawn)
        self._company = Company(self._talking, media.filler_after_s, media.filler_again_s)
        self._shown = ShownWords(self._show, spawn)
        self._stopwatch = Stopwatch(figures)
        self._deciding: asyncio.Task[None] | None = None
        self._asking_for_reply: asyncio.Task[None] | None = None
        self._unasked_ms = 0.0
        self._is_over = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way here: no transaction, no decision, no sound to be made or sent."""
        tasks = (self.step, self._deciding, self._asking_for_reply)
        busy = any(task is not None and not task.done() for task in tasks)
        return not busy and not self._voicing.is_busy and self._outbox.is_empty

    def enter(self, started: StreamStarted, on_entered: Callable[[], None]) -> None:
        """Ask the house to be let in; `on_entered` is told when it does."""
        self.step = self._spawn(self._enter(started, on_entered))

    async def settled(self) -> None:
        """Wait for the transaction under way, which cannot be taken back; nothing follows it any more."""
        self._is_over = True
        if self.step is not None and not self.step.done():
            await asyncio.wait({self.step})

    def close(self) -> None:
        """Give the ear back."""
        self._is_over = True
        self._hearing.close()

    def sound(self, heard: SoundHeard) -> None:
        """Sound of the caller."""
        events = self._hearing.feed(heard.payload)
        self._time(events)
        self._do(self._talking.sound(heard.payload, heard.at_ms, events, self._hearing.spoken_ms))
        self._pass_time(len(heard.payload) * 1000 / MULAW_BYTES_A_SECOND)

    def take(self, event: KeyPressed | MarkReached) -> None:
        """A key, or a mark that came back."""
        is_key = isinstance(event, KeyPressed)
        self._do(self._talking.key(event.digit) if is_key else self._talking.mark(event.name))  # type: ignore[union-attr]

    def _do(self, wanted: Sequence[do.Command]) -> None:
        """Carry out commands in order, then send what may be sent."""
        for command in wanted:
            match command:
                case do.Hear(payload=payload):
                    self._hearing.hear(payload)
                case do.Clear():
                    self._outbox.clear()
                    self._voicing.restart()
                case do.Voice():
                    self._voicing.wake()
                case do.Ask() | do.BePatient() | do.Paused() | do.Decide() | do.Forget():
                    self._tell_ear(command)
                case do.TakeAnswer():
                    self.step = self._spawn(self._answer(command))
                case do.AwaitReply():
                    self._ask_for_reply()
                case do.GoBack():
                    self._end(Ending.SAID)
                case _:
                    raise TypeError(f"Nobody carries out a {type(command).__name__}.")
        self._pump()

    def _tell_ear(self, command: do.Ask | do.BePatient | do.Paused | do.Decide | do.Forget) -> None:
        match command:
            case do.Ask():
                self._hearing.ask(command)
            case do.BePatient():
                self._hearing.be_patient(command)
            case do.Paused():
                self._hearing.paused()
            case do.Decide(number=number):
                self._deciding = self._spawn(self._decide(number))
            case do.Forget():
                if self._deciding is not None:
                    self._deciding.cancel()
                self._hearing.drop()
                self._shown.put("")

    def _pump(self) -> None:
        if not self._outbox.is_full:
            for item in self._talking.player.take():
                if isinstance(item, do.SendMark):
                    self._outbox.mark(item.name)
                    continue
                self._outbox.sound(item.payload)
                if item.reply:
                    self._stopwatch.sounded()
        self._voicing.make_room()
        if self._outbox.is_overflowing:
            self._end(Ending.CUT)

    async def _enter(self, started: StreamStarted, on_entered: Callable[[], None]) -> None:
        key = started.parameters.get("key", "")
        turn = await self._doorway.enter(key, started.call_sid, started.stream_sid)
        on_entered()
        await self._begin(turn)

    async def _answer(self, answer: do.TakeAnswer) -> None:
        if self.turn is None:
            return
        self._shown.taken()
        latency_ms = self._stopwatch.answered(is_speech=isinstance(answer.heard, Speech))
        note = {**answer.note, "latency_ms": latency_ms} if latency_ms else answer.note
        turn = await self._doorway.answer(self.turn, answer.heard, note)
        self._stopwatch.turned()
        await self._begin(turn)

    async def _begin(self, turn: StreamTurn) -> None:
        self.turn = turn
        if self._is_over:
            return
        await self._hearing.open_for(turn.verbs)
        if self._is_over:
            self._hearing.close()
            return
        self._company.turn(turn.language, turn.filler)
        self._do(self._talking.begin(turn.verbs))

    def _pass_time(self, ms: float) -> None:
        """Keep a caller company who waits, and look for the reply of a lookup that is waited for."""
        if filler := self._company.passed(ms):
            self._do(self._talking.fill(filler))
        self._unasked_ms += ms
        if self._talking.phase is Phase.WAITING and self._unasked_ms >= POLL_MS:
            self._ask_for_reply()

    def _ask_for_reply(self) -> None:
        self._unasked_ms = 0.0
        if self._asking_for_reply is None or self._asking_for_reply.done():
            self._asking_for_reply = self._spawn(self._look_for_reply())

    async def _look_for_reply(self) -> None:
        turn = self.turn
        if turn is None or await self._doorway.waits(turn) or self._is_over or self.turn is not turn:
            return
        if self.step is None or self.step.done():
            self.step = self._spawn(self._answer(do.TakeAnswer(heard=Nothing())))

    async def _decide(self, number: int) -> None:
        hypothesis = await self._hearing.finish()
        self._stopwatch.decided()
        if not self._is_over:
            if hypothesis.nothing:
                self._shown.put("")
            self._do(self._talking.decided(number, hypothesis))

    def _words(self, words: str) -> None:
        self._talking.words(words)
        self._shown.put(words)

    async def _show(self, words: str) -> None:
        if self.turn is not None:
            await self._doorway.partial(self.turn.stream_id, words)

    def _sound_of(self, prompt: Prompt) -> Any:
        return self._sounds.of(prompt, self.turn.language if self.turn is not None else "")

    def _time(self, events: Sequence[SpeechEvent]) -> None:
        for event in events:
            match event:
                case SpeechPaused():
                    self._stopwatch.paused(self._hearing.silence_ms)
                case SpeechResumed():
                    self._stopwatch.resumed()
                case SpeechEnded():
                    self._stopwatch.ended()
                case _:
                    pass
