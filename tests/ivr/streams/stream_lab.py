"""A live stream without a socket: a carrier that plays what it is sent while the caller's sound comes in, an ear that
reads the data voice, and the turn-taking between them. Its time is the sound alone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from audio.hearing.data_voice import DataWords, decode, encode
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.scripted import ScriptedActivity
from ivr.streams import commands as do
from ivr.streams.talking import Talking
from telephony.verbs import Expects, Gather, Pause, Prompt, Say, Verb

QUIET = b"\xff" * 160
HUM = b"\x20\xa0" * 80
"""Loud, and no words."""


def say(text: str, *, must_hear: bool = False) -> Say:
    return Say(text=text, language="en-US", must_hear=must_hear)


def gather(*prompts: Prompt, **fields: Any) -> Gather:
    return Gather(prompts=prompts, language="en-US", **{"hints": ("shipping", "billing"), **fields})


def digits(*prompts: Prompt, **fields: Any) -> Gather:
    return gather(*prompts, expects=Expects.DIGITS, hints=(), **fields)


def voiced(prompt: Prompt) -> bytes:
    """A second for each word."""
    seconds = prompt.seconds if isinstance(prompt, Pause) else len(prompt.text.split())
    return b"\x55" * (8000 * seconds)


@dataclass(kw_only=True)
class PlayingCarrier:
    """Plays 20 ms for each 20 ms of the caller's sound. `heard_ms` is what the caller got to hear."""

    buffer: deque[bytes | str] = field(default_factory=deque)
    marks: deque[str] = field(default_factory=deque)
    heard_ms: int = 0
    waiting_ms: int = 0
    fullest_ms: int = 0
    clears: int = 0

    def put(self, item: bytes | str) -> None:
        self.buffer.append(item)
        self.waiting_ms += 20 if isinstance(item, bytes) else 0
        self.fullest_ms = max(self.fullest_ms, self.waiting_ms)

    def play(self) -> None:
        self._marks_due()
        if self.buffer:
            self.buffer.popleft()
            self.heard_ms += 20
            self.waiting_ms -= 20
        self._marks_due()

    def clear(self) -> None:
        self.clears += 1
        self.marks.extend(item for item in self.buffer if isinstance(item, str))
        self.buffer.clear()
        self.waiting_ms = 0

    def _marks_due(self) -> None:
        while self.buffer and isinstance(self.buffer[0], str):
            self.marks.append(self.buffer.popleft())


class Lab:
    """One call. `answers` are what the house was told; after each, `begin` the next turn."""

    def __init__(self, *verbs: Verb, slow_ear: bool = False) -> None:
        self.talking = Talking()
        self.activity = ScriptedActivity()
        self.carrier = PlayingCarrier()
        self.answers: list[do.TakeAnswer] = []
        self.done: list[do.Command] = []
        self.sent: list[str] = []
        self.slow_ear = slow_ear
        self.undecided: list[tuple[int, Hypothesis]] = []
        self.ms = 0
        self._ear = bytearray()
        self._words = ""
        self.begin(*verbs)

    @property
    def heard(self) -> list[Any]:
        return [answer.heard for answer in self.answers]

    def begin(self, *verbs: Verb) -> None:
        self.do(self.talking.begin(verbs))

    def quiet(self, ms: int) -> Lab:
        return self.sound(QUIET * (ms // 20))

    def hum(self, ms: int) -> Lab:
        return self.sound(HUM * (ms // 20))

    def speak(self, text: str, confidence: float | None = 0.9, *, for_ms: int = 0) -> Lab:
        """Words, and the silence after them that ends the utterance unless `for_ms` cuts the sound."""
        sound = encode(DataWords(text=text, confidence=confidence))
        return self.sound(sound[: for_ms * 8] if for_ms else sound)

    def sound(self, payload: bytes) -> Lab:
        for at in range(0, len(payload), 160):
            frame = payload[at : at + 160]
            events = self.activity.feed(frame)
            self.do(self.talking.sound(frame, self.ms, events, self.activity.spoken_ms))
            self.ms += 20
            self.carrier.play()
            self.give_marks()
        return self

    def give_marks(self) -> None:
        while self.carrier.marks:
            self.do(self.talking.mark(self.carrier.marks.popleft()))

    def press(self, keys: str) -> Lab:
        for key in keys:
            self.do(self.talking.key(key))
        return self

    def decide(self) -> Lab:
        """Let a slow ear come to its decisions."""
        while self.undecided:
            self.do(self.talking.decided(*self.undecided.pop(0)))
        return self

    def do(self, commands: list[do.Command]) -> None:
        for command in commands:
            self.done.append(command)
            match command:
                case do.Ask(patience=patience):
                    self.activity.patience = patience
                    self._ear.clear()
                case do.BePatient(patience=patience):
                    self.activity.patience = patience
                case do.Hear(payload=payload):
                    self._hear(payload)
                case do.Decide(number=number):
                    self._decide(number)
                case do.Forget():
                    self._ear.clear()
                    self.undecided.clear()
                case do.Clear():
                    self.carrier.clear()
                case do.TakeAnswer():
                    self.answers.append(command)
        self._voice()

    def _hear(self, payload: bytes) -> None:
        self._ear += payload
        words = " ".join(words.text for words in decode(bytes(self._ear)))
        if words != self._words:
            self._words = words
            self.talking.words(words)

    def _decide(self, number: int) -> None:
        said = decode(bytes(self._ear))
        self._ear.clear()
        text = " ".join(words.text for words in said)
        decided = Hypothesis(text=text, confidence=said[0].confidence if said else None, engine="lab")
        if self.slow_ear:
            self.undecided.append((number, decided))
        else:
            self.do(self.talking.decided(number, decided))

    def _voice(self) -> None:
        player = self.talking.player
        while not player.is_full and (queued := player.next_prompt()) is not None:
            player.sound(queued.seq, voiced(queued.prompt))
            player.voiced(queued.seq)
        for item in player.take():
            if isinstance(item, do.SendMark):
                self.sent.append(item.name)
            self.carrier.put(item.name if isinstance(item, do.SendMark) else item.payload)
