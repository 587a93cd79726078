"""A menu: the caller chooses one of a few things by key or by words, and the call goes on there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from flows.events import PersonRequested
from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Step
from flows.nodes.choice import (
    Choice,
    certainty_of,
    expected_phrases,
    read_choice_key,
    read_choice_words,
    say_options,
    say_words,
)
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.question import Question
from flows.nodes.speaking import say, speak


class Menu(Question):
    """Let the caller choose what the call is about.

    Each choice has a key, a name that is also the exit it leads by, a label and further words per language. The options
    are spoken after the prompt ("For parcel tracking, press 1.") unless the prompt names them itself.

    Keys: those of the choices; 0 always is a person, also when a choice named `person` lists it; 9 repeats and * goes
    back where no choice has them. Words: labels, synonyms, what sounds or looks like them, and the choice's number.

    ```yaml
    type: menu
    prompt:
      en-US: How can I help you?
      zh-CN: 请问您要办理什么业务？
    choices:
      - key: "1"
        name: track
        label: {en-US: parcel tracking, zh-CN: 查询快递}
        words: {en-US: [where is my parcel, tracking], zh-CN: [查快递, 我的快递到哪了]}
      - key: "2"
        name: complain
        label: {en-US: a complaint, zh-CN: 投诉}
    exits: {track: ask_number, complain: take_complaint}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Menu", "zh": "菜单"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "The caller chooses one of a few things by key or by words.",
        "zh": "来电者用按键或语音选择其中一项。",
    }
    group: ClassVar[str] = "ask"
    order: ClassVar[int] = 10
    fresh: ClassVar[Mapping[str, Any]] = {"choices": [{"key": "1", "name": "first", "label": {}}]}

    type: Literal["menu"] = "menu"
    prompt: Localized = Field(
        description="The question, without the options unless say_options is off.",
        json_schema_extra=shown("提示语", "提出的问题；除非关闭播报选项，否则不必包含选项。", widget="prompt"),
    )
    choices: tuple[Choice, ...] = Field(
        min_length=1,
        description="What can be chosen, the most wanted first.",
        json_schema_extra=shown("选项", "可以选择的内容，最常用的放在前面。"),
    )
    say_options: bool = Field(
        default=True,
        description="Say the options after the prompt; off when the prompt does.",
        json_schema_extra=shown("播报选项", "在提示语之后播报选项；提示语已包含时请关闭。"),
    )
    value: str = Field(
        default="",
        description="Keep the chosen name as this value; empty for not at all.",
        json_schema_extra=shown(
            "保存为", "把选中的名称保存为该变量；留空则不保存。", en="Keep as", widget="value", advanced=True
        ),
    )

    @model_validator(mode="after")
    def _keys_and_names(self) -> Self:
        keys, names = [c.key for c in self.choices], [c.name for c in self.choices]
        if len(set(keys)) < len(keys):
            raise ValueError("Two choices have the same key. Give each its own.")
        if len(set(names)) < len(names):
            raise ValueError("Two choices have the same name. Give each its own.")
        if any(c.key == "0" and c.name != "person" for c in self.choices):
            raise ValueError("Key 0 always leads to a person. Name that choice person, or give it another key.")
        if "failed" in names:
            raise ValueError("A choice cannot be named failed; that is the exit for errors.")
        return self

    def exit_names(self) -> tuple[str, ...]:
        """One exit for each choice, then person and failed."""
        return tuple(dict.fromkeys((*(c.name for c in self.choices), "person", "failed")))

    def spoken(self) -> Mapping[str, Localized]:
        """The prompts and each label."""
        return {**super().spoken(), **{f"choices.{n}.label": c.label for n, c in enumerate(self.choices)}}

    def generated(self, ctx: Context) -> tuple[str, ...]:
        """The options, and the words of the fuller reprompt."""
        return say_options(ctx, self.choices), say_words(ctx, self.choices)

    def sets_values(self) -> frozenset[str]:
        """The value it keeps the choice in, if any."""
        return frozenset({self.value} - {""})

    def inquiry(self, ctx: Context) -> Inquiry:
        """The prompt with its options; the full form names the words first."""
        options = say(ctx, say_options(ctx, self.choices))
        prompt = speak(ctx, self.prompt)
        single = all(len(c.key) == 1 for c in self.choices)
        return Inquiry(
            prompts=prompt + (options if self.say_options else ()),
            full=say(ctx, say_words(ctx, self.choices)) + options,
            read_keys=lambda keys: None if keys == "0" else read_choice_key(self.choices, keys),
            read_speech=lambda text: read_choice_words(ctx, self.choices, text),
            say_value=lambda reading: self._label_of(ctx, str(reading.value)),
            phrases=expected_phrases(ctx, self.choices),
            num_digits=1 if single else None,
            finish_on_key="" if single else "#",
            confirm_of=lambda reading: certainty_of(self.choices, reading),
            chosen=True,
        )

    def answered(self, ctx: Context, taken: Taken) -> Step:
        """Leave by the choice's exit."""
        values = {self.value: taken.value} if self.value else {}
        step = Step(values=values, then=Leave(exit=taken.value))
        if taken.value != "person":
            return step
        return replace(step, events=(PersonRequested(node=ctx.node_id, how="words"),))

    def _label_of(self, ctx: Context, name: str) -> str:
        return next(c.ways(ctx)[0] for c in self.choices if c.name == name)
