"""Say goodbye and end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.field_words import shown
from flows.nodes.base import Context, End, Localized, Node, Step
from flows.nodes.speaking import speak
from flows.requests import Answer
from telephony.calls import Heard


class HangUp(Node):
    """Say goodbye and end the flow: hang up, or go back to the flow that called this one.

    ```yaml
    type: hang_up
    prompt: {en-US: Thank you for calling. Goodbye., zh-CN: 感谢您的来电，再见。}
    outcome: completed
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Hang up", "zh": "挂断"}
    summary: ClassVar[Mapping[str, str]] = {"en": "Say goodbye and end.", "zh": "道别并结束。"}
    group: ClassVar[str] = "talk"
    order: ClassVar[int] = 30

    type: Literal["hang_up"] = "hang_up"
    prompt: Localized = Field(
        default_factory=dict,
        description="Said before the end.",
        json_schema_extra=shown("提示语", "结束前播报的内容。", widget="prompt"),
    )
    outcome: str = Field(
        default="completed",
        pattern=r"^[a-z][a-z_]{0,39}$",
        description="How the call went, for reports.",
        json_schema_extra=shown("通话结果", "通话的结果，用于报表。"),
    )
    end: str = Field(
        default="done",
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="Exit of the calling flow, in a sub-flow.",
        json_schema_extra=shown(
            "结束名称", "作为子流程时，调用它的流程走哪个出口。", en="End of a sub-flow", advanced=True
        ),
    )

    def exit_names(self) -> tuple[str, ...]:
        """None."""
        return ()

    def spoken(self) -> Mapping[str, Localized]:
        """The prompt, if any."""
        return {"prompt": self.prompt} if self.prompt else {}

    def enter(self, ctx: Context) -> Step:
        """Speak and end."""
        return Step(verbs=speak(ctx, self.prompt), then=End(end=self.end, outcome=self.outcome))

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Nothing is asked."""
        return Step(then=End(end=self.end, outcome=self.outcome))
