"""Send a text message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.events import MessageRequested
from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Node, Step
from flows.nodes.speaking import fill, speak, text_of
from flows.requests import Answer
from telephony.calls import Heard


class SendSms(Node):
    """Send a text message to the caller, or to another number, in the language of the call.

    The message is sent in the background; the call goes on at once. Without a number to send it to (the caller
    withholds it) the call leaves by `no_number` when that is wired, else by `next`.

    ```yaml
    type: send_sms
    body: {en-US: "Your pickup code is {{ code }}.", zh-CN: "您的取件码：{{ code }}。"}
    prompt: {en-US: I have sent you a text message., zh-CN: 短信已发送。}
    exits: {next: anything_else}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Send a text message", "zh": "发送短信"}
    summary: ClassVar[Mapping[str, str]] = {"en": "Send a text message.", "zh": "给来电者发送短信。"}
    group: ClassVar[str] = "do"
    order: ClassVar[int] = 50

    type: Literal["send_sms"] = "send_sms"
    body: Localized = Field(
        description="The message, with {{ values }}.",
        json_schema_extra=shown("短信内容", "短信的文字，可用 {{ 变量名 }}。", en="Message", widget="prompt"),
    )
    to: str = Field(
        default="",
        description="Number or {{ value }}; the caller's if empty.",
        json_schema_extra=shown(
            "收件号码", "号码或 {{ 变量名 }}；留空则发给来电者。", widget="template", advanced=True
        ),
    )
    prompt: Localized = Field(
        default_factory=dict,
        description="Said when it is on its way.",
        json_schema_extra=shown("提示语", "短信发出时播报的内容。", widget="prompt"),
    )

    def exit_names(self) -> tuple[str, ...]:
        """next, or no_number."""
        return ("next", "no_number")

    def optional_exits(self) -> frozenset[str]:
        """no_number falls back to next."""
        return frozenset({"no_number"})

    def spoken(self) -> Mapping[str, Localized]:
        """The prompt, and the body, which needs a translation like a prompt."""
        return {"body": self.body, **({"prompt": self.prompt} if self.prompt else {})}

    def enter(self, ctx: Context) -> Step:
        """Report the wish and go on."""
        to = fill(ctx, self.to).strip()
        if not to and not ctx.caller.number:
            return Step(then=Leave(exit="no_number" if "no_number" in self.exits else "next"))
        wish = MessageRequested(node=ctx.node_id, to=to, body=text_of(ctx, self.body))
        return Step(verbs=speak(ctx, self.prompt), events=(wish,), then=Leave(exit="next"))

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Nothing is asked."""
        return Step(then=Leave(exit="next"))
