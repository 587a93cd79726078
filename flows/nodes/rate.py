"""Ask for a score from 1 to 5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.events import NotUnderstood, Rated
from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Step
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.question import Question
from flows.nodes.speaking import say_phrase, speak
from flows.phrases import words
from flows.understanding.numbers import spoken_number
from flows.understanding.reading import Reading
from flows.understanding.yes_no import yes_or_no


class Rate(Question):
    """Ask for a score from 1 (very bad) to 5 (very good). A caller who does not want to is not pressed.

    Keys and words: 1 to 5, "four", 五分. A no, or errors to the last, leaves by `skipped` when wired, else by `next`.

    ```yaml
    type: rate
    prompt: {en-US: How was this call?, zh-CN: 请为本次服务打分。}
    about: call
    exits: {next: goodbye}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Rate", "zh": "评分"}
    summary: ClassVar[Mapping[str, str]] = {"en": "Ask for a score from 1 to 5.", "zh": "请来电者打1到5分。"}
    group: ClassVar[str] = "ask"
    order: ClassVar[int] = 70

    type: Literal["rate"] = "rate"
    prompt: Localized = Field(
        description="The question.", json_schema_extra=shown("提示语", "提出的问题。", widget="prompt")
    )
    say_keys: bool = Field(
        default=True,
        description="Add what 1 and 5 mean.",
        json_schema_extra=shown("播报分值含义", "在后面说明1和5的含义。", en="Say what the keys mean"),
    )
    about: str = Field(
        default="",
        max_length=60,
        description="What is rated, for reports.",
        json_schema_extra=shown("评价对象", "评价的是什么，用于报表。", en="What is rated"),
    )
    value: str = Field(
        default="rating",
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="Keep the score as this value.",
        json_schema_extra=shown("保存为", "把分数保存为该变量。", en="Keep as", widget="value", advanced=True),
    )

    def exit_names(self) -> tuple[str, ...]:
        """next, or skipped."""
        return ("next", "skipped", "person", "failed")

    def optional_exits(self) -> frozenset[str]:
        """skipped falls back to next."""
        return frozenset({"skipped", "person", "failed"})

    def sets_values(self) -> frozenset[str]:
        """The value's name."""
        return frozenset({self.value})

    def inquiry(self, ctx: Context) -> Inquiry:
        """One digit from 1 to 5; nothing is confirmed, a wrong score does little harm."""
        prompt, keys = speak(ctx, self.prompt), say_phrase(ctx, "rate_keys")
        return Inquiry(
            prompts=prompt + (keys if self.say_keys else ()),
            full=prompt + keys,
            read_keys=lambda pressed: Reading(value=int(pressed)) if pressed in "12345" and len(pressed) == 1 else None,
            read_speech=lambda text: _score(ctx, text),
            phrases=("1", "2", "3", "4", "5", *words("score_words", ctx.language), *words("no", ctx.language)),
            num_digits=1,
            finish_on_key="",
            confirm="never",
        )

    def answered(self, ctx: Context, taken: Taken) -> Step:
        """Report the score."""
        if taken.value is None:
            return self._skip(())
        rated = Rated(node=ctx.node_id, score=taken.value, about=self.about)
        return Step(events=(rated,), values={self.value: taken.value}, then=Leave(exit="next"))

    def exhausted(self, ctx: Context, kind: str, events: tuple[NotUnderstood, ...]) -> Step:  # type: ignore[override]
        """No score is no failure."""
        return self._skip(events)

    def _skip(self, events: tuple[NotUnderstood, ...]) -> Step:
        return Step(events=events, then=Leave(exit="skipped" if "skipped" in self.exits else "next"))


def _score(ctx: Context, text: str) -> Reading | None:
    plain = text
    for word in ("\u5206", "\u661f", "점", "stars", "star", "points", "point", "out of five", "out of 5"):
        plain = plain.replace(word, " ")
    found = spoken_number(plain, ctx.language)
    if found is not None:
        return found if found.value in (1, 2, 3, 4, 5) else None
    return Reading(value=None) if yes_or_no(text, ctx.language) is False else None
