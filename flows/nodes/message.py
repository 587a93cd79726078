"""Say something and go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Node, Step
from flows.nodes.speaking import heard_out, speak
from flows.requests import Answer
from telephony.calls import Heard


class Message(Node):
    """Say something and go on at once.

    ```yaml
    type: message
    prompt: {en-US: "Hello, this is Ringback Couriers.", zh-CN: 您好，这里是铃回快递。}
    exits: {next: main_menu}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Message", "zh": "播报"}
    summary: ClassVar[Mapping[str, str]] = {"en": "Say something and go on.", "zh": "播报一段话，然后继续。"}
    group: ClassVar[str] = "talk"
    order: ClassVar[int] = 20

    type: Literal["message"] = "message"
    prompt: Localized = Field(
        description="What is said.", json_schema_extra=shown("提示语", "播报的内容。", widget="prompt")
    )
    must_hear: bool = Field(
        default=False,
        description="It cannot be interrupted, as a legal text must not be; where our own ear listens.",
        json_schema_extra=shown(
            "必须听完",
            "来电者不能打断，例如法律告知；由自有识别收听时有效。",
            en="Cannot be interrupted",
            advanced=True,
        ),
    )

    def spoken(self) -> Mapping[str, Localized]:
        """The prompt."""
        return {"prompt": self.prompt}

    def enter(self, ctx: Context) -> Step:
        """Speak, then leave."""
        said = speak(ctx, self.prompt)
        return Step(verbs=heard_out(said) if self.must_hear else said, then=Leave(exit="next"))

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Nothing is asked, so whatever comes leads on."""
        return Step(then=Leave(exit="next"))
