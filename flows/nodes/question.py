"""Everything that asks: the error ladder, the global keys and words, reading back and confirming.

Errors are counted by kind (silence, not understood), per node and per call. The first one brings a short reprompt, the
second a fuller one with examples and keys, the last leads on: to a person, or to what the flow does when it fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from flows.events import Event, NotUnderstood, PersonRequested, Understood
from flows.nodes.base import Back, Context, End, Leave, Localized, Step, Wait
from flows.nodes.confirmation import confirmation, must_confirm
from flows.nodes.global_words import Wish, wish_of_key, wish_of_words
from flows.nodes.hints import expected_phrases
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.question_fields import QuestionFields
from flows.nodes.refusing import opt_out, opt_out_key, refusal
from flows.nodes.sample_answers import SampleAnswer, answers_to
from flows.nodes.speaking import say_phrase, speak
from flows.requests import Answer
from flows.understanding.reading import Reading
from flows.understanding.yes_no import after_no, yes_or_no
from telephony.calls import Digits, Heard, Speech
from telephony.verbs import Gather, Prompt


class Question(QuestionFields):
    """Base of every node that asks. A subclass says what it asks (`inquiry`) and what an answer leads to (`answered`).

    A node that asks several things in turn keeps which one in its memory under "stage".
    """

    def inquiry(self, ctx: Context) -> Inquiry:
        """The question at the stage that `ctx.memory` tells."""
        raise NotImplementedError

    def answered(self, ctx: Context, taken: Taken) -> Step:
        """What an accepted answer leads to."""
        raise NotImplementedError

    def grammar(self, ctx: Context) -> tuple[str, ...]:
        """The phrases a recogniser should expect now, the node's own first, then the global words."""
        pending = ctx.memory.get("pending")
        asked = confirmation(ctx, pending) if pending else self.inquiry(ctx)
        return expected_phrases(asked.phrases, ctx.language, outbound=ctx.outbound is not None)

    def sample_answers(self, ctx: Context) -> tuple[SampleAnswer, ...]:
        """Found by asking the question itself what it takes; `sample_inputs` are tried first."""
        pending = ctx.memory.get("pending")
        if pending:
            return answers_to(confirmation(ctx, pending), ctx)
        return answers_to(self.inquiry(ctx), ctx, self.sample_inputs(ctx))

    def sample_inputs(self, ctx: Context) -> tuple[str, ...]:
        """Inputs that a question of this type probably takes, beside those that are tried everywhere."""
        return ()

    def exit_names(self) -> tuple[str, ...]:
        """The node's own exits, then `person` and `failed`, which may stay unwired."""
        return ("next", "person", "failed")

    def spoken(self) -> Mapping[str, Localized]:
        """Prompts by field; empty ones are left out."""
        fields = {"prompt": getattr(self, "prompt", {}), "reprompt": self.reprompt, "help": self.help}
        return {name: prompts for name, prompts in fields.items() if prompts}

    def enter(self, ctx: Context) -> Step:
        """Ask for the first time."""
        return self.ask(ctx, {})

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Take the caller's keys or words, or count the error."""
        match heard:
            case Digits(digits=keys) if keys:
                return self._take_keys(ctx, keys)
            case Speech(text=text, confidence=confidence) if text.strip():
                return self._take_words(ctx, text, confidence)
            case _:
                return self._error(ctx, "no-input", "no_input")

    def ask(
        self,
        ctx: Context,
        memory: Mapping[str, Any],
        *,
        before: tuple[Prompt, ...] = (),
        events: tuple[Event, ...] = (),
        level: int = 0,
    ) -> Step:
        """Ask the question of the stage in `memory`: plainly at level 0, short at 1, in full above.

        `before` is said first.
        """
        ctx = replace(ctx, memory=memory)
        pending = memory.get("pending")
        inquiry = confirmation(ctx, pending) if pending else self.inquiry(ctx)
        prompts = inquiry.prompts
        if level == 1:
            prompts = (speak(ctx, self.reprompt) if not pending else ()) or inquiry.short or prompts
        elif level > 1:
            prompts = (speak(ctx, self.help) if not pending else ()) or inquiry.full or prompts
            prompts += () if inquiry.native else say_phrase(ctx, "global_keys")
        gather = Gather(
            prompts=before + prompts,
            language=ctx.language,
            timeout_s=self.timeout_s or ctx.document.defaults.timeout_s,
            num_digits=inquiry.num_digits,
            finish_on_key=inquiry.finish_on_key,
            hints=expected_phrases(inquiry.phrases, ctx.language, outbound=ctx.outbound is not None),
            speech_end_s=inquiry.speech_end_s,
            barge_in=self.barge_in,
        )
        return Step(verbs=(gather,), events=events, memory=memory, then=Wait())

    def exhausted(self, ctx: Context, kind: str, events: tuple[Event, ...]) -> Step:
        """The last error: go on to a person where words failed, else to what the flow does when it fails."""
        defaults = ctx.document.defaults
        can_fail = bool(self.exits.get("failed") or defaults.failure)
        can_reach = bool(self.exits.get("person") or defaults.person)
        to_person = self.sensitive or (can_reach if kind == "no-match" else can_reach and not can_fail)
        if to_person:
            events += (PersonRequested(node=ctx.node_id, how="errors"),)
        exit_name = "person" if to_person else "failed"
        return Step(verbs=say_phrase(ctx, "giving_up"), events=events, then=Leave(exit=exit_name))

    def _take_keys(self, ctx: Context, keys: str) -> Step:
        pending = ctx.memory.get("pending")
        inquiry = confirmation(ctx, pending) if pending else self.inquiry(ctx)
        wish = wish_of_key(keys, inquiry, opt_out_key(ctx))
        if wish:
            return self._grant(ctx, wish, "key", keys)
        reading = inquiry.read_keys(keys)
        if pending:
            return self._settle(ctx, None if reading is None else bool(reading.value), pending, keys, None)
        return self._decide(ctx, inquiry, reading, Taken(value=None, mode="keys", text=keys))

    def _take_words(self, ctx: Context, text: str, confidence: float | None) -> Step:
        pending = ctx.memory.get("pending")
        inquiry = self.inquiry(ctx)
        refused = refusal(ctx, text, confirmation(ctx, pending) if pending else inquiry)
        if refused:
            return self._grant(ctx, refused, "words", text)
        if pending:
            return self._take_words_on_value(ctx, text, confidence, pending)
        reading = inquiry.read_speech(text)
        sure = reading is not None and reading.exact and not reading.problem and not inquiry.open_speech
        wish = None if sure else wish_of_words(text, ctx.language, open_speech=inquiry.open_speech)
        if wish:
            return self._grant(ctx, wish, "words", text)
        heard_well = confidence is None or confidence >= ctx.document.defaults.confidence.confirm
        if not heard_well and not inquiry.open_speech:
            reading = None
        return self._decide(ctx, inquiry, reading, Taken(value=None, mode="speech", text=text, confidence=confidence))

    def _take_words_on_value(
        self, ctx: Context, text: str, confidence: float | None, pending: Mapping[str, Any]
    ) -> Step:
        """An answer to "is that right?": yes, no, no with the right value, or the right value alone."""
        inquiry = self.inquiry(ctx)
        rest = after_no(text, ctx.language)
        reading = None if inquiry.open_speech else inquiry.read_speech(rest or text)
        if rest and reading is not None and reading.exact and not reading.problem:
            return self._correct(ctx, inquiry, reading, Taken(value=None, mode="speech", text=text))
        said = yes_or_no(text, ctx.language)
        if said is not None:
            return self._settle(ctx, said, pending, text, confidence)
        wish = wish_of_words(text, ctx.language, open_speech=False)
        if wish:
            return self._grant(ctx, wish, "words", text)
        if reading is not None and not reading.problem:
            return self._correct(ctx, inquiry, reading, Taken(value=None, mode="speech", text=text))
        if rest is not None:
            return self._settle(ctx, False, pending, text, confidence)
        return self._error(ctx, "no-match", "no_match", text, confidence)

    def _decide(self, ctx: Context, inquiry: Inquiry, reading: Reading | None, heard: Taken) -> Step:
        if reading is None:
            return self._error(ctx, "no-match", "no_match", heard.text, heard.confidence)
        if reading.problem:
            return self._error(ctx, "no-match", reading.problem, heard.text, heard.confidence)
        taken = replace(heard, value=reading.value)
        if must_confirm(ctx, inquiry, reading, taken):
            pending = taken.to_memory(inquiry.say_value(reading))
            return self.ask(ctx, {**ctx.memory, "pending": pending})
        return self._accept(ctx, taken)

    def _accept(self, ctx: Context, taken: Taken, *, confirmed: bool = False) -> Step:
        event = Understood(
            node=ctx.node_id,
            value=taken.value,
            mode=taken.mode,
            confidence=taken.confidence,
            heard=taken.text,
            confirmed=confirmed,
        )
        # A node with several stages starts each with clean counters.
        kept = {**ctx.memory, "pending": None, "no-input": 0, "no-match": 0}
        step = self.answered(replace(ctx, memory=kept), taken)
        return replace(step, events=(event, *step.events))

    def _settle(
        self, ctx: Context, right: bool | None, pending: Mapping[str, Any], text: str, confidence: float | None
    ) -> Step:
        if right is None:
            return self._error(ctx, "no-match", "no_match", text, confidence)
        if right:
            return self._accept(ctx, Taken.from_memory(pending), confirmed=True)
        cleared = replace(ctx, memory={**ctx.memory, "pending": None})
        return self._error(cleared, "no-match", "rejected", text, confidence)

    def _correct(self, ctx: Context, inquiry: Inquiry, reading: Reading, taken: Taken) -> Step:
        """Take a corrected value and ask whether it is right now. A correction counts as an error, so it ends."""
        error = self._error(ctx, "no-match", "rejected", taken.text, taken.confidence)
        if not isinstance(error.then, Wait):
            return error
        pending = replace(taken, value=reading.value).to_memory(inquiry.say_value(reading))
        return self.ask(ctx, {**error.memory, "pending": pending}, events=error.events)

    def _grant(self, ctx: Context, wish: Wish, how: Literal["key", "words"], heard: str) -> Step:
        match wish:
            case "stop_calling":
                return opt_out(ctx, how=how, evidence=heard)
            case "wrong_person" | "later":
                return Step(then=Leave(exit=wish))
            case "person":
                event = PersonRequested(node=ctx.node_id, how=how)
                return Step(events=(event,), then=Leave(exit="person"))
            case "repeat":
                return self.ask(ctx, ctx.memory)
            case "back":
                return Step(then=Back())
            case "goodbye":
                return Step(verbs=say_phrase(ctx, "goodbye"), then=End(end="goodbye", outcome="goodbye"))

    def _error(self, ctx: Context, kind: str, phrase_key: str, text: str = "", confidence: float | None = None) -> Step:
        """Count a no-input or no-match and climb the ladder. `phrase_key` is what the caller is told."""
        count = int(ctx.memory.get(kind, 0)) + 1
        event = NotUnderstood(node=ctx.node_id, kind=kind, count=count, text=text, confidence=confidence)
        defaults = ctx.document.defaults
        too_many = count >= defaults.max_errors_per_node or ctx.errors_in_call + 1 >= defaults.max_errors_per_call
        if too_many or self.sensitive:
            return self.exhausted(ctx, kind, (event,))
        pending = ctx.memory.get("pending")
        native = not pending and self.inquiry(ctx).native
        before = () if native else say_phrase(ctx, phrase_key)
        return self.ask(ctx, {**ctx.memory, kind: count}, before=before, events=(event,), level=count)
