"""What the phone's holder hears of a stream, told as events.

An app that wants its prompts to be read as well as heard names its marks: `b3 Welcome.` just before the sound of its
third prompt, `e3` after it, and `q3 dtmf speech` where it begins to wait for an answer. Any other name is a plain mark.
Events: `say` when a caption's sound begins, `speaking` when sound begins, `quiet` when it has run dry (`asked`: it was
the phone's turn then), `latency` from the end of the phone's speech to the first sound of the reply.
"""

import re
from dataclasses import dataclass, field

from simulator.legs import Leg
from simulator.mu_law import FRAME_BYTES, FRAME_S, decode, peak
from simulator.phones import Event
from simulator.sound import RATE_HZ
from simulator.speech_time import seconds_to_say

_MARK = re.compile(r"([beq])(\d+)(?: (.*))?", re.DOTALL)
_AUDIBLE = 60
"""Peaks below this (55 dB under full scale) are silence to a caller."""
QUIET_AFTER_S = 0.2
"""A gap as long as this ends what is said, unless a prompt that has begun is not at its end."""
STUCK_AFTER_S = 1.0
HEARD_ENOUGH_S = 0.3
"""So much sound after the phone's last word or key is a new question, not the rest of one that was interrupted."""
_TAPE_PIECE_S = 1.0


@dataclass(kw_only=True)
class _Prompt:
    event: Event
    begun_s: float


@dataclass(kw_only=True)
class _Turn:
    """Whose turn it is, since the phone's last word or key."""

    heard_s: float = 0.0
    captions: int = 0
    speech_ended_s: float | None = None
    over_prompt: bool = False
    is_speaking: bool = False


@dataclass(kw_only=True)
class Hearing:
    """Follows what is played. All times are call time."""

    leg: Leg
    is_sounding: bool = False
    _dry_s: float = 0.0
    _is_loud: bool = False
    _prompts: dict[str, _Prompt] = field(default_factory=dict)
    _turn: _Turn = field(default_factory=_Turn)
    _tells_questions: bool = False
    _piece: bytearray = field(default_factory=bytearray)
    _piece_begun_s: float = 0.0

    def play(self, sound: bytes, at_s: float) -> None:
        """20 ms that began at `at_s`, empty when nothing was there to play."""
        if not sound:
            self._stay_dry()
            return
        self._dry_s = 0.0
        self._lay(sound, at_s)
        if len(sound) < FRAME_BYTES:
            self._rest_tape()
        for ear in self.leg.ears:
            ear.hear(at_s, sound)
        if peak(sound) < _AUDIBLE:
            return
        self._turn.heard_s += FRAME_S
        if not self._is_loud:
            self._is_loud = True
            self._begin_sounding()
            self._tell_latency(at_s)

    def reach(self, name: str, at_s: float) -> None:
        """A mark was reached by playing."""
        found = _MARK.fullmatch(name)
        if found is None:
            return
        kind, number, words = found[1], found[2], found[3] or ""
        if kind == "b" and words:
            self._begin_prompt(number, words, at_s)
        elif kind == "e" and number in self._prompts:
            self._end_prompt(number, at_s)
        elif kind == "q":
            self._tells_questions = True
            self.leg.phone.emit("quiet", asked=True, input=words.split() or ["dtmf", "speech"])

    def clear(self, at_s: float) -> None:
        """What was not played yet is thrown away: what was said so far is all that was heard of it."""
        for number in list(self._prompts):
            self._end_prompt(number, at_s)
        self._rest_tape()
        for ear in self.leg.ears:
            ear.cut(at_s)
        self._turn.heard_s, self._turn.captions, self._turn.over_prompt = 0.0, 0, False
        if self.is_sounding:
            self.is_sounding = self._is_loud = False
            self.leg.phone.emit("quiet", asked=False, cleared=True, input=[])

    def phone_speaks(self) -> None:
        """The phone's holder begins to speak."""
        self._turn = _Turn(over_prompt=self._turn.over_prompt, is_speaking=True)

    def phone_presses(self) -> None:
        """The phone's holder presses a key."""
        self._turn = _Turn(over_prompt=self._turn.over_prompt, is_speaking=self._turn.is_speaking)

    def phone_spoke(self, ended_s: float) -> None:
        """Its speech ended at `ended_s`."""
        self._turn = _Turn(speech_ended_s=ended_s, over_prompt=self.is_sounding)

    def close(self, at_s: float) -> None:
        """The stream is over."""
        for number in list(self._prompts):
            self._end_prompt(number, at_s)
        self._rest_tape()

    def _begin_sounding(self) -> None:
        if not self.is_sounding:
            self.is_sounding = True
            self.leg.phone.emit("speaking")

    def _begin_prompt(self, number: str, words: str, at_s: float) -> None:
        self._begin_sounding()
        self._dry_s = 0.0
        self._turn.captions += 1
        event = self.leg.phone.emit(
            "say",
            text=words,
            language="",
            voice="stream",
            duration_s=round(seconds_to_say(words), 2),
            interruptible=True,
            stream=True,
        )
        self._prompts[number] = _Prompt(event=event, begun_s=at_s)

    def _end_prompt(self, number: str, at_s: float) -> None:
        """Now it is known how long it was; until here the event had an estimate."""
        prompt = self._prompts.pop(number)
        prompt.event["duration_s"] = round(at_s - prompt.begun_s, 2)

    def _stay_dry(self) -> None:
        if not self.is_sounding:
            return
        self._rest_tape()
        self._dry_s += FRAME_S
        if self._dry_s + 1e-9 < (STUCK_AFTER_S if self._prompts else QUIET_AFTER_S):
            return
        self.is_sounding = self._is_loud = False
        if self._turn.over_prompt:
            # The prompt was not stopped by what the phone said: whatever comes next is no reply to measure.
            self._turn.speech_ended_s, self._turn.over_prompt = None, False
        asked = bool(self._turn.captions) or self._turn.heard_s + 1e-9 >= HEARD_ENOUGH_S
        asked = asked and not self._tells_questions and not self._turn.is_speaking
        self.leg.phone.emit("quiet", asked=asked, input=["dtmf", "speech"] if asked else [])

    def _tell_latency(self, at_s: float) -> None:
        ended_s = self._turn.speech_ended_s
        if ended_s is not None and not self._turn.over_prompt:
            self._turn.speech_ended_s = None
            self.leg.phone.emit("latency", ms=max(0, round((at_s - ended_s) * 1000)))

    def _lay(self, sound: bytes, at_s: float) -> None:
        """Gather whole seconds for the tapes: fifty pieces a second would fill the memory of a long call."""
        if not self.leg.tapes:
            self._piece.clear()
            return
        if not self._piece:
            self._piece_begun_s = at_s
        self._piece += sound
        if len(self._piece) >= _TAPE_PIECE_S * RATE_HZ:
            self._rest_tape()

    def _rest_tape(self) -> None:
        if self._piece:
            for tape in self.leg.tapes:
                tape.hear(self._piece_begun_s, decode(bytes(self._piece)))
            self._piece.clear()
