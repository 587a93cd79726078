"""Somebody at the phone of a rehearsal: does steps as they are done on the simulated network, with its clock."""

from __future__ import annotations

from dataclasses import dataclass, replace

from audio.speaking_rate import estimate_seconds
from ivr.rehearsal.exchange import Key
from ivr.rehearsal.line import OpenLine, StepFailed, tape_s
from ivr.rehearsal.sentences import sentence
from ivr.second_party import LEAVE
from telephony.calls import Digits, QueueEnded, Silence, Speech
from telephony.verbs import Gather, InputMode, Play, Say, Verb

RECORD_ENDS = "#0"


@dataclass(kw_only=True)
class Telephone(OpenLine):
    """A phone in a rehearsed call. What cannot be done raises StepFailed."""

    def dial(self) -> None:
        """The call begins."""
        self.take(self.talk.start())

    def press(self, keys: str, step: int) -> None:
        """Press keys once somebody listens for them; what is too much for one question goes to the next."""
        if self.talk.session.waits_for == "enqueue" and LEAVE in keys:
            self.answer(QueueEnded(result="leave"), step, after_s=self.spoken_s())
            return
        self._await_ear("keys", step)
        if self.talk.session.waits_for == "record":
            self._press_on_tape(keys, step)
            return
        rest = keys
        while rest and not self.over:
            gather = self.last(Gather)
            if gather is None or (rest is not keys and not _listens_at_once(self.talk.verbs)):
                return
            taken, rest = _taken(rest, gather)
            self.answer(Digits(digits=taken) if taken else Silence(), step)

    def say(self, text: str, confidence: float | None, step: int) -> None:
        """Say words once somebody listens for speech, or records."""
        self._await_ear("speech", step)
        if self.talk.session.waits_for != "record":
            self.answer(Speech(text=text, confidence=confidence), step)
            return
        self.tape.append(text)
        last = self.exchanges[-1]
        kept = replace(
            last,
            step=step,
            heard={"kind": "tape", "text": text},
            said=(),
            path=(),
            events=(),
            notes=(sentence("It records; # ends it, and so does silence."),),
            choices=(Key(press="#", word="#"),),
        )
        self.exchanges.append(kept)

    def silence(self, step: int) -> None:
        """Say nothing until what is waited for is given up."""
        self._must_go_on("anything")
        self.give_up(step)

    def wait(self, seconds: float, step: int) -> None:
        """Let time pass; whatever is given up meanwhile is given up."""
        left_s = seconds
        while not self.over and left_s > 0:
            need_s = self.patience_s() - self.idle_s
            if left_s < need_s:
                self.idle_s += left_s
                return
            left_s -= max(need_s, 0.1)
            self.give_up(step)

    def hang_up(self, step: int) -> None:
        """Put the phone down; nothing happens when the call is over."""
        if not self.over:
            if self.talk.session.waits_for == "record" and self.tape:
                self.talk.hear(self.recorded("hangup"), step=step)
            self.hung_up = not self.over
            self.take(self.talk.hang_up(step=step))

    def can_be_interrupted(self, after_s: float) -> bool:
        """Whether somebody listens so far into what is said: not before a question, nor while it must be heard."""
        gather = self.last(Gather)
        if gather is None:
            return self.talk.session.waits_for == "record"
        before = tuple(verb for verb in self.talk.verbs[:-1] if isinstance(verb, Say | Play))
        at_s = 0.0
        for prompt in (*before, *gather.prompts):
            if isinstance(prompt, Say | Play):
                at_s += estimate_seconds(prompt.text, prompt.language)
                if after_s < at_s:
                    return prompt not in before and not prompt.must_hear
        return True

    def _await_ear(self, kind: str, step: int) -> None:
        """Time goes on until somebody listens."""
        for _ in range(20):
            self._must_go_on(kind)
            waits_for = self.talk.session.waits_for
            gather = self.last(Gather) if waits_for == "gather" else None
            wanted = InputMode.KEYS.value if kind == "keys" else InputMode.SPEECH.value
            if waits_for == "record" or (gather is not None and wanted in gather.mode.value):
                return
            self.give_up(step)
        raise StepFailed(sentence("Nobody listened."))

    def _must_go_on(self, kind: str) -> None:
        if self.over:
            sentences = {
                "keys": "The call ended before anybody listened for keys.",
                "speech": "The call ended before anybody listened for speech.",
            }
            raise StepFailed(sentence(sentences.get(kind, "The call had ended.")))

    def _press_on_tape(self, keys: str, step: int) -> None:
        """Only some keys end a recording; the others are heard by nobody."""
        end = next((key for key in keys if key in RECORD_ENDS), None)
        if end is not None:
            self.answer(self.recorded(end), step, after_s=self.spoken_s() + tape_s(self.tape))


def _taken(keys: str, gather: Gather) -> tuple[str, str]:
    """The keys that answer a question, and those that are left. A finish key is not part of the answer."""
    digits = ""
    for place, key in enumerate(keys):
        if key == gather.finish_on_key:
            return digits, keys[place + 1 :]
        digits += key
        if len(digits) == gather.num_digits:
            return digits, keys[place + 1 :]
    return digits, ""


def _listens_at_once(verbs: tuple[Verb, ...]) -> bool:
    """Whether keys pressed ahead reach the question: not while something is said before it."""
    return not any(isinstance(verb, Say) for verb in verbs[:-1])
