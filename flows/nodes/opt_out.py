"""The caller wants no more calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.events import OptedOut
from flows.field_words import shown
from flows.nodes.base import Context, End, Leave, Localized, Node, Step
from flows.nodes.speaking import fill, heard_out, say_phrase, speak
from flows.requests import Answer
from telephony.calls import Heard


class OptOut(Node):
    """Put the caller's number on the list of those not to be called, say so, and end the call or go on.

    Nothing is asked back: who comes here has pressed the key or said the words (47 CFR 64.1200(b)(3) wants the number
    taken off without a further menu, and the call ended).

    ```yaml
    type: opt_out
    purpose: delivery
    evidence: "pressed 8"
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Opt out", "zh": "退订"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Never call this number again, and say so.",
        "zh": "不再拨打此号码，并告知来电者。",
    }
    group: ClassVar[str] = "do"
    order: ClassVar[int] = 60

    type: Literal["opt_out"] = "opt_out"
    purpose: str = Field(
        default="all",
        pattern=r"^[a-z][a-z_]{0,39}$",
        description="all, or one purpose of calls.",
        json_schema_extra=shown("退订范围", "all 表示全部，或某一类来电。", en="From which calls"),
    )
    evidence: str = Field(
        default="asked in the call",
        max_length=200,
        description="How the caller said so; {{ values }}.",
        json_schema_extra=shown("退订依据", "来电者如何表示的；可用 {{ 变量名 }}。", widget="template", advanced=True),
    )
    prompt: Localized = Field(
        default_factory=dict,
        description="Said instead of the built-in confirmation.",
        json_schema_extra=shown("提示语", "代替内置确认语播报的内容。", advanced=True, widget="prompt"),
    )
    then: Literal["end", "next"] = Field(
        default="end",
        description="End the call, or go on by next.",
        json_schema_extra=shown(
            "之后",
            "结束通话，或从 next 出口继续。",
            options={"end": ("End the call", "结束通话"), "next": ("Go on", "继续")},
        ),
    )

    def exit_names(self) -> tuple[str, ...]:
        """None when the call ends here."""
        return ("next",) if self.then == "next" else ()

    def spoken(self) -> Mapping[str, Localized]:
        """The prompt, if any."""
        return {"prompt": self.prompt} if self.prompt else {}

    def enter(self, ctx: Context) -> Step:
        """Report, confirm, end."""
        event = OptedOut(node=ctx.node_id, purpose=self.purpose, evidence=fill(ctx, self.evidence))
        said = speak(ctx, self.prompt) or say_phrase(ctx, "opted_out" if self.purpose == "all" else "opted_out_purpose")
        then = Leave(exit="next") if self.then == "next" else End(end="opted_out", outcome="opted_out")
        return Step(verbs=heard_out(said), events=(event,), then=then)

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Nothing is asked."""
        return Step(then=End(end="opted_out", outcome="opted_out"))
