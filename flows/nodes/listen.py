"""Open speech: the caller says in own words what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from flows.events import SpeechKept
from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Step
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.question import Question
from flows.nodes.speaking import say_phrase, speak
from flows.phrases import words
from flows.understanding.normal import normal
from flows.understanding.reading import Reading


class Listen(Question):
    """Let the caller say in own words what it is about, and keep the text.

    By keys the question can only be skipped, with the hash key; so it can by words such as "skip" or 跳过. The
    prompt should say so, or the fuller reprompt will. A skipped question leaves by `skipped` when that exit is wired,
    else by `next`, and the value is empty.

    ```yaml
    type: listen
    prompt:
      en-US: Please tell me your address, or press the hash key to skip.
      zh-CN: 请说出您的地址，跳过请按井号键。
    value: address
    exits: {next: ask_date}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Listen", "zh": "倾听"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "The caller says something in own words; the text is kept.",
        "zh": "来电者自由说话，保存文字。",
    }
    group: ClassVar[str] = "ask"
    order: ClassVar[int] = 40
    fresh: ClassVar[Mapping[str, Any]] = {"value": "said"}

    type: Literal["listen"] = "listen"
    prompt: Localized = Field(
        description="What the caller is asked to tell.",
        json_schema_extra=shown("提示语", "请来电者讲述什么。", widget="prompt"),
    )
    value: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="The name under which the text is kept.",
        json_schema_extra=shown("保存为", "保存文字的变量名。", en="Keep as", widget="value"),
    )
    confirm: Literal["always", "low_confidence", "never"] = Field(
        default="never",
        description="Read the text back: always, when heard badly, never.",
        json_schema_extra=shown(
            "复述确认",
            "何时复述听到的文字：总是、听不清时或从不。",
            en="Read back",
            options={
                "always": ("Always", "总是"),
                "low_confidence": ("When heard badly", "听不清时"),
                "never": ("Never", "从不"),
            },
        ),
    )

    def exit_names(self) -> tuple[str, ...]:
        """next, and skipped when nothing was said on purpose."""
        return ("next", "skipped", "person", "failed")

    def optional_exits(self) -> frozenset[str]:
        """skipped falls back to next."""
        return frozenset({"skipped", "person", "failed"})

    def sets_values(self) -> frozenset[str]:
        """The text's name."""
        return frozenset({self.value})

    def inquiry(self, ctx: Context) -> Inquiry:
        """Anything may be said; the hash key skips."""
        prompt = speak(ctx, self.prompt)
        return Inquiry(
            prompts=prompt,
            full=prompt + say_phrase(ctx, "skip_with_hash"),
            read_keys=lambda keys: Reading(value="") if keys == "#" else None,
            read_speech=lambda text: Reading(value="" if self._is_skip(ctx, text) else " ".join(text.split())),
            phrases=words("skip", ctx.language),
            num_digits=1,
            finish_on_key="",
            confirm=self.confirm,
            open_speech=True,
            speech_end_s=2,
        )

    def answered(self, ctx: Context, taken: Taken) -> Step:
        """Keep the text."""
        if not taken.value:
            exit_name = "skipped" if "skipped" in self.exits else "next"
            return Step(values={self.value: ""}, then=Leave(exit=exit_name))
        kept = SpeechKept(node=ctx.node_id, text=taken.value, confidence=taken.confidence)
        return Step(events=(kept,), values={self.value: taken.value}, then=Leave(exit="next"))

    def _is_skip(self, ctx: Context, text: str) -> bool:
        return normal(text) in {normal(way) for way in words("skip", ctx.language)}
