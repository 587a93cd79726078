"""The line of a rehearsed call: what was said when, how long things take, and what comes when nobody does anything."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from audio.speaking_rate import estimate_seconds
from flows.events import NodeEntered
from ivr.rehearsal.exchange import AUDIBLE, Exchange, Key
from ivr.rehearsal.rehearsing import Rehearsing
from ivr.rehearsal.sentences import Sentence, sentence
from ivr.second_party import LEAVE
from telephony.calls import DialEnded, Digits, Heard, Nothing, QueueEnded, Recorded, Silence, Speech
from telephony.verbs import Dial, Enqueue, Gather, Record, Say

REACTION_S = 0.5
EXCHANGES_AT_MOST = 400
WORDS_AT_MOST = 1_000_000
"""Characters that may be said in one rehearsal."""

_DIALLED = {"answered": ("completed", True), "busy": ("busy", False), "no_answer": ("no-answer", False)}
_QUEUED = {"answered": "bridged", "busy": "queue-full", "no_answer": "leave"}


class StepFailed(Exception):  # noqa: N818 - it is a turn of the rehearsal, not an error of the program
    """A step cannot be done as the scenario wants; `told` says why."""

    def __init__(self, told: Sentence) -> None:
        super().__init__(str(told))
        self.told = told


@dataclass(frozen=True, kw_only=True)
class Line:
    """Words that were heard. `at_s` is when they began, from the beginning of their exchange."""

    text: str
    exchange: int
    at_s: float


@dataclass(kw_only=True)
class OpenLine:
    """A rehearsed call as it is heard and timed at the phone.

    Attributes:
        exchanges: all so far. lines: all words so far; those that were talked over are left out.
        heard_up_to: lines before this were waited for already.
        tape: what was said into the recording that runs.
        idle_s: how long nobody has done anything since the last exchange.
        transfer: how the next transfer ends, whatever the setting says; "" leaves it to the setting.
    """

    talk: Rehearsing
    exchanges: list[Exchange] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    heard_up_to: int = 0
    tape: list[str] = field(default_factory=list)
    idle_s: float = 0.0
    asked_at: datetime = field(init=False)
    hung_up: bool = False
    transfer: str = ""

    def __post_init__(self) -> None:
        self.asked_at = self.talk.now

    def copy(self) -> Self:
        """The same call at the same point, for going another way from here."""
        twin = object.__new__(type(self))
        twin.return_to(self)
        twin.talk = self.talk.copy()
        return twin

    def return_to(self, before: OpenLine) -> None:
        """Be at the point of another phone of the same call."""
        self.__dict__.update(before.__dict__)
        self.exchanges, self.lines, self.tape = list(before.exchanges), list(before.lines), list(before.tape)

    # ---- what happened so far -------------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.talk.session.ended

    @property
    def nodes(self) -> list[str]:
        """Every node entered, in order, those of sub-flows too."""
        return [e.node for x in self.exchanges for e in x.events if isinstance(e, NodeEntered)]

    @property
    def finish_key(self) -> str:
        """The key that ends an answer of several keys; "" for none."""
        gather = self.last(Gather)
        return gather.finish_on_key if gather is not None else ""

    @property
    def ended_by(self) -> str:
        """app, caller, or "" while the call goes on."""
        return ("caller" if self.hung_up else "app") if self.over else ""

    # ---- time -----------------------------------------------------------------------------------------------------

    def patience_s(self) -> float:
        """After how long of doing nothing something happens, from the beginning of the last exchange."""
        spoken_s = self.spoken_s()
        match self.talk.verbs[-1] if self.talk.verbs else None:
            case Gather(timeout_s=timeout_s):
                return spoken_s + timeout_s
            case Record(silence_s=silence_s):
                return spoken_s + silence_s + tape_s(self.tape)
            case Dial(timeout_s=timeout_s):
                return spoken_s + timeout_s
            case Enqueue():
                return spoken_s + float(getattr(self._node(), "max_wait_s", 60))
            case _:
                return spoken_s

    def still_s(self) -> float:
        """How long nothing is heard from now on; in a queue, the hold prompts come again and again."""
        if self.talk.session.waits_for == "enqueue":
            return 0.0
        return max(self.patience_s() - max(self.idle_s, self.spoken_s()), 0.0)

    def give_up(self, step: int) -> None:
        """Nobody does anything: the question, recording or transfer comes to its end."""
        patience_s = self.patience_s()
        heard: Heard
        match self.talk.session.waits_for:
            case "record":
                heard = self.recorded("")
            case "dial":
                status, bridged = _DIALLED.get(self._transfer(), ("failed", False))
                heard = DialEnded(status=status, bridged=bridged, duration_s=60 if bridged else 0)
            case "enqueue":
                heard = QueueEnded(result=_QUEUED.get(self._transfer(), "error"), waited_s=30)
            case "gather":
                heard = Silence()
            case _:
                heard = Nothing()
        self.answer(heard, step, after_s=patience_s)

    def _transfer(self) -> str:
        return self.transfer or self.talk.house.transfer(self.talk.session.node, self.talk.flow)

    # ---- inside ---------------------------------------------------------------------------------------------------

    def answer(self, heard: Heard, step: int, after_s: float | None = None) -> None:
        cut = after_s is None and isinstance(heard, Digits | Speech)
        elapsed_s = self._listened_s() if after_s is None else after_s
        if cut:
            self._talk_over()
        now = self.asked_at + timedelta(seconds=max(elapsed_s, self.idle_s) + REACTION_S)
        self.tape = []
        self.take(self.talk.hear(heard, step=step, now=max(now, self.talk.now)))

    def take(self, exchange: Exchange) -> None:
        if hold := self.talk.hold():
            held = [{"kind": "say", "text": p.text, "language": p.language} for p in hold if isinstance(p, Say)]
            leave = Key(press=LEAVE, word=held[-1]["text"])
            exchange = replace(exchange, said=(*exchange.said, *held), choices=(leave,))
        self.exchanges.append(exchange)
        self.idle_s, self.asked_at = 0.0, self.talk.now
        at_s = 0.0
        for line in exchange.said:
            if line["kind"] in AUDIBLE and line["text"]:
                text = " ".join(line["text"].split())
                self.lines.append(Line(text=text, exchange=len(self.exchanges) - 1, at_s=at_s))
                at_s += estimate_seconds(text, line["language"])
        if len(self.exchanges) > EXCHANGES_AT_MOST:
            raise StepFailed(sentence("The call goes on without end: {count} exchanges.", count=EXCHANGES_AT_MOST))
        if sum(len(line.text) for line in self.lines) > WORDS_AT_MOST:
            raise StepFailed(sentence("The flow says more than {count} characters.", count=WORDS_AT_MOST))

    def recorded(self, ended_by: str) -> Recorded:
        """The recording that runs; without a word in it, it is empty whatever key was pressed."""
        if not self.tape:
            return Recorded(url="", sid="", duration_s=0)
        seconds = max(1, round(tape_s(self.tape)))
        return Recorded(url="rehearsal", sid="rehearsal", duration_s=seconds, ended_by=ended_by)

    def _listened_s(self) -> float:
        """How far into the last exchange somebody speaks: at the words waited for, else when all is said."""
        last = self.lines[self.heard_up_to - 1] if self.heard_up_to else None
        here = last is not None and last.exchange == len(self.exchanges) - 1
        return last.at_s if here and last is not None else self.spoken_s()

    def _talk_over(self) -> None:
        """What was still to be said of the question is not heard any more, once somebody waited for its words."""
        here = len(self.exchanges) - 1
        if self.heard_up_to and self.lines[self.heard_up_to - 1].exchange == here:
            del self.lines[self.heard_up_to :]

    def spoken_s(self) -> float:
        said = self.exchanges[-1].said if self.exchanges else ()
        return sum(estimate_seconds(line["text"], line["language"]) for line in said if line["kind"] in AUDIBLE)

    def last(self, kind: type[Gather]) -> Gather | None:
        verb = self.talk.verbs[-1] if self.talk.verbs else None
        return verb if isinstance(verb, kind) else None

    def _node(self) -> object:
        frame = self.talk.session.frame
        return self.talk.library.version(frame.version).document.nodes.get(frame.node)


def tape_s(tape: list[str]) -> float:
    return sum(max(1.0, estimate_seconds(text, "en")) for text in tape)
