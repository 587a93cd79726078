"""Answer questions from the flow's own list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flows.events import Event, SpeechKept
from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Step
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.question import Question
from flows.nodes.speaking import choose, say, say_phrase, speak, text_of
from flows.phrases import phrase, primary, words
from flows.understanding.questions import best_question
from flows.understanding.reading import Reading
from flows.understanding.yes_no import yes_or_no
from telephony.verbs import Expects

MAX_SPOKEN_OPTIONS = 5


class Entry(BaseModel):
    """A question in several wordings, and its answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Localized = Field(
        description="What it is about: said in \u201cFor opening hours, press 1\u201d.",
        json_schema_extra=shown("话题", "它的内容：用于播报“了解营业时间，请按1”。", en="Topic", widget="prompt"),
    )
    questions: dict[str, tuple[str, ...]] = Field(
        description="Ways to ask it, per language.",
        json_schema_extra=shown("问法", "各种语言的不同问法。", widget="words"),
    )
    answer: Localized = Field(
        description="What is answered; 25 seconds at most.",
        json_schema_extra=shown("回答", "播报的回答，最长25秒。", widget="prompt"),
    )


class AnswerNode(Question):
    """Let the caller ask, and answer from a list of questions and answers; then ask whether there is anything else.

    Words: the best match above `threshold`, by words, letters and, in Chinese, sound. Keys: the entries are numbered
    1 to 8 in their order, and the first five are offered by key. "Anything else?": 1 or yes for another question, which
    may also be asked at once, 2 or no to go on by `answered`.

    A question that matches nothing is kept as open speech; the second one in a row leaves by `no_match`, and its text
    is the value `question`.

    ```yaml
    type: answer
    prompt: {en-US: What would you like to know?, zh-CN: 请问您想了解什么？}
    entries:
      - label: {en-US: opening hours, zh-CN: 营业时间}
        questions: {en-US: [when are you open], zh-CN: [你们几点上班]}
        answer: {en-US: We are open from 8 to 21 every day., zh-CN: 我们每天8点到21点营业。}
    exits: {answered: main_menu, no_match: main_menu}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Answer questions", "zh": "问答"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Answer the caller's questions from a list.",
        "zh": "按问答列表回答来电者的问题。",
    }
    group: ClassVar[str] = "ask"
    order: ClassVar[int] = 60
    fresh: ClassVar[Mapping[str, Any]] = {
        "entries": [{"label": {}, "questions": {"en-US": ["question"]}, "answer": {}}]
    }

    type: Literal["answer"] = "answer"
    prompt: Localized = Field(
        description="Invites the question.", json_schema_extra=shown("提示语", "邀请来电者提问。", widget="prompt")
    )
    entries: tuple[Entry, ...] = Field(
        min_length=1,
        max_length=200,
        description="Questions and answers.",
        json_schema_extra=shown("问答列表", "问题及其回答。", en="Questions and answers"),
    )
    threshold: float = Field(
        default=0.5,
        ge=0.2,
        le=1,
        description="How alike a question must be to count.",
        json_schema_extra=shown("匹配程度", "问题要有多相似才算匹配。", en="How alike to match", advanced=True),
    )
    again: bool = Field(
        default=True,
        description="Ask afterwards whether there is anything else.",
        json_schema_extra=shown("询问是否还有问题", "回答后询问来电者是否还有其他问题。", en="Ask for anything else"),
    )
    say_options: bool = Field(
        default=True,
        description="Offer the first entries by key after the prompt.",
        json_schema_extra=shown("播报按键选项", "在提示语之后，按按键播报前几个话题。", en="Say the first topics"),
    )

    @model_validator(mode="after")
    def _asked_in_some_way(self) -> Self:
        if any(not any(e.questions.values()) for e in self.entries):
            raise ValueError("Each entry needs at least one question.")
        return self

    def exit_names(self) -> tuple[str, ...]:
        """answered, or no_match."""
        return ("answered", "no_match", "person", "failed")

    def spoken(self) -> Mapping[str, Localized]:
        """The prompts, labels and answers."""
        parts = {f"entries.{n}.{k}": getattr(e, k) for n, e in enumerate(self.entries) for k in ("label", "answer")}
        return {**super().spoken(), **parts}

    def generated(self, ctx: Context) -> tuple[str, ...]:
        """The options by key."""
        return (self._options(ctx),)

    def sets_values(self) -> frozenset[str]:
        """question: the last one asked."""
        return frozenset({"question"})

    def inquiry(self, ctx: Context) -> Inquiry:
        """A question, or whether there is another one."""
        more = ctx.memory.get("stage") == "more"
        options = say(ctx, self._options(ctx))
        prompts = say_phrase(ctx, "anything_else") if more else speak(ctx, self.prompt)
        return Inquiry(
            prompts=prompts if more or not self.say_options else prompts + options,
            full=prompts if more else prompts + options,
            read_keys=lambda keys: self._read_more_key(keys) if more else self._read_key(keys),
            read_speech=lambda text: self._read_words(ctx, text, more=more),
            say_value=lambda reading: (
                phrase(reading.value, ctx.language) if more else text_of(ctx, self.entries[reading.value].label)
            ),
            phrases=(*self._asked(ctx), *(words("yes", ctx.language) + words("no", ctx.language) if more else ())),
            num_digits=1,
            finish_on_key="",
            # A question is asked in the caller's own words; the listed ones only help.
            expects=Expects.OPEN,
        )

    def answered(self, ctx: Context, taken: Taken) -> Step:
        """Give the answer, ask for another question, or go on."""
        if taken.value == "no":
            return Step(then=Leave(exit="answered"))
        if taken.value == "yes":
            return self.ask(ctx, {**ctx.memory, "stage": "ask"}, before=say_phrase(ctx, "ask_away"))
        said = speak(ctx, self.entries[taken.value].answer)
        values = {"question": taken.text} if taken.mode == "speech" else {}
        if not self.again:
            return Step(verbs=said, values=values, then=Leave(exit="answered"))
        step = self.ask(ctx, {**ctx.memory, "stage": "more"}, before=said)
        return replace(step, values=values)

    def _error(self, ctx: Context, kind: str, phrase_key: str, text: str = "", confidence: float | None = None) -> Step:
        """Questions that match nothing are worth keeping: they say what the list lacks."""
        step = super()._error(ctx, kind, phrase_key, text, confidence)
        if kind != "no-match" or not text or text.isdigit() or ctx.memory.get("pending"):
            return step
        kept: tuple[Event, ...] = (SpeechKept(node=ctx.node_id, text=text, confidence=confidence),)
        if int(ctx.memory.get(kind, 0)) + 1 >= 2:
            events = (*step.events[:1], *kept)
            return Step(events=events, values={"question": text}, then=Leave(exit="no_match"))
        return replace(step, events=(*step.events, *kept), values={**step.values, "question": text})

    def _read_key(self, keys: str) -> Reading | None:
        place = int(keys) if keys.isdigit() else 0
        return Reading(value=place - 1) if 1 <= place <= min(8, len(self.entries)) else None

    def _read_more_key(self, keys: str) -> Reading | None:
        return {"1": Reading(value="yes"), "2": Reading(value="no")}.get(keys)

    def _read_words(self, ctx: Context, text: str, *, more: bool) -> Reading | None:
        if more and (said := yes_or_no(text, ctx.language)) is not None:
            return Reading(value="yes" if said else "no")
        asked = {str(n): self._ways(ctx, entry) for n, entry in enumerate(self.entries)}
        found = best_question(text, asked, ctx.language, threshold=self.threshold)
        # A doubtful match is answered all the same: a wrong answer costs the caller less than a question back.
        return Reading(value=int(found[0])) if found else None

    def _ways(self, ctx: Context, entry: Entry) -> tuple[str, ...]:
        found = choose(ctx, entry.questions)
        return (text_of(ctx, entry.label), *(found[1] if found else ()))

    def _asked(self, ctx: Context) -> tuple[str, ...]:
        return tuple(way for entry in self.entries for way in self._ways(ctx, entry))

    def _options(self, ctx: Context) -> str:
        offered = enumerate(self.entries[:MAX_SPOKEN_OPTIONS], start=1)
        gap = "" if primary(ctx.language) == "zh" else " "
        return gap.join(phrase("option", ctx.language, label=text_of(ctx, e.label), key=str(n)) for n, e in offered)
