"""A question put to the caller: asked, asked again, and given up; what holds at every question.

Errors are counted by kind (silence, not understood), per node and per call. The first one brings a short reprompt, the
second a fuller one with examples and keys, the last leads on: to a person, or to what the flow does when it fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from flows.events import Event, NotUnderstood, PersonRequested
from flows.nodes.base import Back, Context, End, Leave, Localized, Step, Wait
from flows.nodes.confirmation import confirmation
from flows.nodes.global_words import Wish
from flows.nodes.going_on import corrections, going_on
from flows.nodes.hints import expected_phrases
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.question_fields import QuestionFields
from flows.nodes.refusing import opt_out
from flows.nodes.sample_answers import SampleAnswer, answers_to
from flows.nodes.speaking import say_phrase, speak
from flows.nodes.spoken_groups import SoFar
from telephony.verbs import Expects, Gather, Prompt


class Asking(QuestionFields):
    """Base of every node that asks: how the question is put, and how the call goes on without an answer."""

    def inquiry(self, ctx: Context) -> Inquiry:
        """The question at the stage that `ctx.memory` tells."""
        raise NotImplementedError

    def answered(self, ctx: Context, taken: Taken) -> Step:
        """What an accepted answer leads to."""
        raise NotImplementedError

    def asked_now(self, ctx: Context) -> Inquiry:
        """What the caller is asked where the call stands: the question, its value read back, or to go on with it."""
        pending = ctx.memory.get("pending")
        if pending:
            asked, in_parts = confirmation(ctx, pending), self.inquiry(ctx).groups is not None
            # A part of the value may be put right at once, so that not only yes and no are expected.
            more = replace(asked, phrases=asked.phrases + corrections(ctx), expects=Expects.PHRASES)
            return more if in_parts else asked
        inquiry, so_far = self.inquiry(ctx), SoFar.from_memory(ctx.memory)
        return going_on(ctx, inquiry, so_far) if so_far.groups and inquiry.groups else inquiry

    def grammar(self, ctx: Context) -> tuple[str, ...]:
        """The phrases a recogniser should expect now, the node's own first, then the global words."""
        return expected_phrases(self.asked_now(ctx).phrases, ctx.language, outbound=ctx.outbound is not None)

    def sample_answers(self, ctx: Context) -> tuple[SampleAnswer, ...]:
        """Found by asking the question itself what it takes; `sample_inputs` are tried first."""
        extra = () if ctx.memory.get("pending") else self.sample_inputs(ctx)
        return answers_to(self.asked_now(ctx), ctx, extra)

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

    def ask(
        self,
        ctx: Context,
        memory: Mapping[str, Any],
        *,
        before: tuple[Prompt, ...] = (),
        instead: tuple[Prompt, ...] = (),
        events: tuple[Event, ...] = (),
        level: int = 0,
    ) -> Step:
        """Ask the question of the stage in `memory`: plainly at level 0, short at 1, in full above.

        `before` is said first, `instead` in place of the question's own prompts.
        """
        ctx = replace(ctx, memory=memory)
        inquiry = self.asked_now(ctx)
        under_way = bool(memory.get("pending") or memory.get("groups"))
        prompts = inquiry.prompts
        if level == 1:
            prompts = (speak(ctx, self.reprompt) if not under_way else ()) or inquiry.short or prompts
        elif level > 1:
            prompts = (speak(ctx, self.help) if not under_way else ()) or inquiry.full or prompts
            prompts += () if inquiry.native else say_phrase(ctx, "global_keys")
        gather = Gather(
            prompts=before + (instead or prompts),
            language=ctx.language,
            timeout_s=self.timeout_s or ctx.document.defaults.timeout_s,
            num_digits=inquiry.num_digits,
            finish_on_key=inquiry.finish_on_key,
            hints=expected_phrases(inquiry.phrases, ctx.language, outbound=ctx.outbound is not None),
            speech_end_s=self.speech_end_s or inquiry.speech_end_s,
            barge_in=self.barge_in,
            expects=Expects.OPEN if inquiry.open_speech else inquiry.expects,
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
