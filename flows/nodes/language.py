"""Let the caller choose the language of the call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flows.events import Event, LanguageChosen
from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Spoken, Step
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.question import Question
from flows.nodes.speaking import say_spoken
from flows.understanding.choices import best_choice
from flows.understanding.reading import Reading
from telephony.verbs import Prompt


class LanguageChoice(BaseModel):
    """A language, offered in itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(
        pattern=r"^[1-8]$", description="The key that chooses it.", json_schema_extra=shown("按键", "选择它的按键。")
    )
    language: str = Field(
        min_length=2,
        max_length=20,
        description="Its tag, such as zh-CN.",
        json_schema_extra=shown("语言", "语言标签，例如 zh-CN。", widget="language"),
    )
    prompt: Spoken = Field(
        description="The offer, in that language: \u201cFor English, press 2.\u201d",
        json_schema_extra=shown("提示语", "用该语言说出的提示：“普通话请按1。”", en="Offer", widget="prompt"),
    )
    words: tuple[str, ...] = Field(
        default=(),
        description="Ways to say it, in any language.",
        json_schema_extra=shown("其他说法", "任何语言的说法。", en="Ways to say it", widget="words"),
    )


class Language(Question):
    """Let the caller choose a language: each is offered by a voice of its own, and may be named in any.

    Callers whose language is known (the value `caller.language`, kept from an earlier call) are not asked. Who stays
    silent or is not understood goes on in the first language: nobody is sent away for that.

    ```yaml
    type: language
    choices:
      - {key: "1", language: zh-CN, prompt: 中文服务请按1。, words: [中文, 普通话, Chinese]}
      - {key: "2", language: en-US, prompt: "For English, press 2.", words: [English, 英语, 英文]}
    exits: {next: main_menu}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Language", "zh": "选择语言"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "The caller chooses the language of the call.",
        "zh": "来电者选择通话语言。",
    }
    group: ClassVar[str] = "ask"
    order: ClassVar[int] = 80
    fresh: ClassVar[Mapping[str, Any]] = {
        "choices": [
            {"key": "1", "language": "zh-CN", "prompt": "普通话请按1。", "words": ["普通话", "中文"]},
            {"key": "2", "language": "en-US", "prompt": "For English, press 2.", "words": ["English"]},
        ]
    }

    type: Literal["language"] = "language"
    choices: tuple[LanguageChoice, ...] = Field(
        min_length=2,
        max_length=5,
        description="The languages, in order.",
        json_schema_extra=shown("语言选项", "按顺序列出的语言。", en="Languages"),
    )
    skip_if_known: bool = Field(
        default=True,
        description="Do not ask callers whose language is known.",
        json_schema_extra=shown("已知语言则跳过", "已知来电者的语言时不再询问。", en="Skip when known"),
    )

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len({c.key for c in self.choices}) < len(self.choices):
            raise ValueError("Two languages have the same key. Give each its own.")
        return self

    def spoken(self) -> Mapping[str, Localized]:
        """All offers together as one prompt, each in its own language."""
        return {"choices": {c.language: c.prompt for c in self.choices}, **super().spoken()}

    def enter(self, ctx: Context) -> Step:
        """Ask, unless the language is known."""
        caller = ctx.values.get("caller")
        known = caller.get("language") if isinstance(caller, Mapping) else None
        if self.skip_if_known and known in {c.language for c in self.choices}:
            return self._go_on(ctx, str(known), ())
        return super().enter(ctx)

    def inquiry(self, ctx: Context) -> Inquiry:
        """The offers, each in its own language."""
        prompts: tuple[Prompt, ...] = ()
        for choice in self.choices:
            prompts += say_spoken(ctx, choice.prompt, choice.language)
        return Inquiry(
            prompts=prompts,
            read_keys=lambda keys: next((Reading(value=c.language) for c in self.choices if c.key == keys), None),
            read_speech=lambda text: best_choice(text, {c.language: c.words for c in self.choices}, ctx.language),
            phrases=tuple(word for c in self.choices for word in c.words),
            num_digits=1,
            finish_on_key="",
            confirm="never",
            native=True,
        )

    def answered(self, ctx: Context, taken: Taken) -> Step:
        """Go on in that language."""
        return self._go_on(ctx, str(taken.value), ())

    def exhausted(self, ctx: Context, kind: str, events: tuple[Event, ...]) -> Step:
        """Go on in the first language."""
        return self._go_on(ctx, self.choices[0].language, events)

    def _go_on(self, ctx: Context, language: str, events: tuple[Any, ...]) -> Step:
        chosen = LanguageChosen(node=ctx.node_id, language=language)
        return Step(events=(*events, chosen), language=language, then=Leave(exit="next"))
