"""Say something and go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Node, Step
from flows.nodes.speaking import speak
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

    def spoken(self) -> Mapping[str, Localized]:
        """The prompt."""
        return {"prompt": self.prompt}

    def enter(self, ctx: Context) -> Step:
        """Speak, then leave."""
        return Step(verbs=speak(ctx, self.prompt), then=Leave(exit="next"))

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Nothing is asked, so whatever comes leads on."""
        return Step(then=Leave(exit="next"))
