"""Ask yes or no, with values read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Step
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.question import Question
from flows.nodes.speaking import say_phrase, speak
from flows.phrases import words
from flows.understanding.reading import Reading
from flows.understanding.yes_no import yes_or_no
from telephony.verbs import Expects


class Confirm(Question):
    """Ask a question that is answered yes or no, usually reading several values back at once.

    Keys: 1 is yes, 2 is no; `say_keys` adds that to the prompt. Words: yes and no in the language of the call.

    ```yaml
    type: confirm
    prompt:
      en-US: We collect on {{ day | date }} at {{ address }}. Is that right?
      zh-CN: "{{ day | date }}到{{ address }}取件，对吗？"
    exits: {"yes": open_ticket, "no": ask_day}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Confirm", "zh": "确认"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Ask yes or no, with values read back.",
        "zh": "复述信息，请来电者确认是否正确。",
    }
    group: ClassVar[str] = "ask"
    order: ClassVar[int] = 30

    type: Literal["confirm"] = "confirm"
    prompt: Localized = Field(
        description="The question, with {{ values }} read back.",
        json_schema_extra=shown("提示语", "要确认的问题，可用 {{ 变量名 }} 复述内容。", widget="prompt"),
    )
    say_keys: bool = Field(
        default=True,
        description="Add \u201cFor yes, press 1. For no, press 2.\u201d",
        json_schema_extra=shown("播报按键", "在后面加上“是请按1，否请按2”。", en="Say the keys"),
    )
    value: str = Field(
        default="",
        pattern=r"^([a-z][a-z0-9_]{0,39})?$",
        description="Keep true or false as this value.",
        json_schema_extra=shown(
            "保存为", "把结果（真或假）保存为该变量。", en="Keep as", widget="value", advanced=True
        ),
    )

    def exit_names(self) -> tuple[str, ...]:
        """yes and no."""
        return ("yes", "no", "person", "failed")

    def sets_values(self) -> frozenset[str]:
        """The value's name, if any."""
        return frozenset({self.value} - {""})

    def inquiry(self, ctx: Context) -> Inquiry:
        """Yes or no; an unclear answer is asked again, never confirmed in turn."""
        prompt = speak(ctx, self.prompt)
        keys = say_phrase(ctx, "yes_no")
        return Inquiry(
            prompts=prompt + (keys if self.say_keys else ()),
            full=prompt + keys,
            read_keys=lambda pressed: {"1": Reading(value=True), "2": Reading(value=False)}.get(pressed),
            read_speech=lambda text: _yes_no(ctx, text),
            phrases=words("yes", ctx.language) + words("no", ctx.language),
            num_digits=1,
            finish_on_key="",
            confirm="never",
            expects=Expects.YES_NO,
        )

    def answered(self, ctx: Context, taken: Taken) -> Step:
        """Leave by yes or no."""
        values = {self.value: taken.value} if self.value else {}
        return Step(values=values, then=Leave(exit="yes" if taken.value else "no"))


def _yes_no(ctx: Context, text: str) -> Reading | None:
    said = yes_or_no(text, ctx.language)
    return None if said is None else Reading(value=said)
