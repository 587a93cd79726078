"""One of several things a caller can choose, by key or by words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.field_words import shown
from flows.nodes.base import Context, Localized
from flows.nodes.inquiry import Certainty
from flows.nodes.speaking import choose, text_of
from flows.phrases import phrase, primary
from flows.understanding.choices import best_choice
from flows.understanding.normal import normal
from flows.understanding.numbers import spoken_digits
from flows.understanding.reading import Reading

_NUMBER_LEADS = {
    "en": ("option", "number", "press", "choice", "key"),
    "zh": ("选择", "选项", "选", "按", "第", "数字"),
    "ko": ("번호",),
}


class Choice(BaseModel):
    """A choice: its key, the name it has in the flow, what it is called and what else callers say for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(
        pattern=r"^([0-9]{1,2}|\*|#)$",
        description="The key that chooses it; 0 always means a person.",
        json_schema_extra=shown("按键", "选择它的按键；0 始终表示转人工。"),
    )
    name: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="Its name: the exit it leads to, or its value.",
        json_schema_extra=shown("名称", "在流程中的名称：通向的出口，或保存的值。"),
    )
    label: Localized = Field(
        description="What it is called: said in \u201cFor \u2026, press 1\u201d.",
        json_schema_extra=shown("叫法", "它的叫法：用于播报“……请按1”。", en="Called", widget="prompt"),
    )
    words: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Further ways to say it, per language; the label counts by itself.",
        json_schema_extra=shown("其他说法", "各种语言的其他说法；叫法本身也算。", en="Further words", widget="words"),
    )

    confirm: Literal["always", "low_confidence", "never"] = Field(
        default="low_confidence",
        description="Ask back before it is done: always (what cannot be undone or is costly), when heard badly, never.",
        json_schema_extra=shown(
            "反问确认",
            "执行前是否反问：总是（不可撤销或代价高的选项）、听不清时或从不。",
            en="Ask back",
            advanced=True,
            options={
                "always": ("Always", "总是"),
                "low_confidence": ("When heard badly", "听不清时"),
                "never": ("Never", "从不"),
            },
        ),
    )
    accept: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Confidence from which it counts at once; the flow's if empty.",
        json_schema_extra=shown(
            "直接接受", "达到此可信度即算选中；留空则按流程设置。", en="Accept from", advanced=True
        ),
    )

    def ways(self, ctx: Context) -> tuple[str, ...]:
        """Every way to say it in the language of the call."""
        found = choose(ctx, self.words)
        return (text_of(ctx, self.label), *(found[1] if found else ()))


def certainty_of(choices: Sequence[Choice], reading: Reading) -> Certainty | None:
    """How sure the chosen one must be; None where it says nothing of its own."""
    found = next((choice for choice in choices if choice.name == reading.value), None)
    if found is None or (found.confirm == "low_confidence" and found.accept is None):
        return None
    return Certainty(confirm=found.confirm, accept=found.accept)


def read_choice_key(choices: Sequence[Choice], keys: str) -> Reading | None:
    """The choice of a pressed key; a finish key behind it does not matter."""
    pressed = keys if len(keys) == 1 else keys.rstrip("#")
    return next((Reading(value=c.name) for c in choices if c.key == pressed), None)


def read_choice_words(ctx: Context, choices: Sequence[Choice], text: str) -> Reading | None:
    """The choice meant by words: its label or synonyms, something like them, or its number."""
    return best_choice(text, {c.name: c.ways(ctx) for c in choices}, ctx.language) or _by_number(ctx, choices, text)


def _by_number(ctx: Context, choices: Sequence[Choice], text: str) -> Reading | None:
    plain = normal(text)
    for lead in _NUMBER_LEADS.get(primary(ctx.language), ()):
        plain = plain.removeprefix(lead).strip()
    found = spoken_digits(plain.removesuffix("please").removesuffix("键").strip(), ctx.language)
    return read_choice_key(choices, found.value) if found else None


def say_options(ctx: Context, choices: Sequence[Choice]) -> str:
    """ "For parcel tracking, press 1. …" with the target before the key, as it is best remembered."""
    keys = {"*": "option_star", "#": "option_hash"}
    said = [phrase(keys.get(c.key, "option"), ctx.language, label=text_of(ctx, c.label), key=c.key) for c in choices]
    return _joiner(ctx.language).join(said)


def say_words(ctx: Context, choices: Sequence[Choice]) -> str:
    """ "You can say: …" with the labels."""
    comma = "\u3001" if primary(ctx.language) == "zh" else ", "
    return phrase("you_can_say", ctx.language, words=comma.join(text_of(ctx, c.label) for c in choices))


def expected_phrases(ctx: Context, choices: Sequence[Choice]) -> tuple[str, ...]:
    """What a recogniser should expect: every way to say each choice, and the keys."""
    return (*(way for c in choices for way in c.ways(ctx)), *(c.key for c in choices if c.key.isdigit()))


def _joiner(language: str) -> str:
    return "" if primary(language) == "zh" else " "
