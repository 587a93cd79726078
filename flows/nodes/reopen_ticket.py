"""A solved ticket is not solved: open it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from flows.events import ReopenRequested
from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Node, Step
from flows.nodes.speaking import fill, speak
from flows.requests import Answer
from telephony.calls import Heard


class ReopenTicket(Node):
    """Open a solved ticket again, one step more urgent, with a comment, and go on.

    A ticket that was closed meanwhile stays closed; a new one is opened that names it.

    ```yaml
    type: reopen_ticket
    number: "{{ ticket }}"
    comment: "{{ story }}"
    prompt: {en-US: I have opened your ticket again., zh-CN: 已经为您重新打开工单。}
    exits: {next: goodbye}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Reopen a ticket", "zh": "重新打开工单"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "A solved ticket is not solved: open it again, more urgent than before.",
        "zh": "问题没有解决：重新打开工单并提高优先级。",
    }
    group: ClassVar[str] = "do"
    order: ClassVar[int] = 30
    fresh: ClassVar[Mapping[str, Any]] = {"number": "{{ ticket.number }}"}

    type: Literal["reopen_ticket"] = "reopen_ticket"
    number: str = Field(
        description="The ticket's number, with {{ values }}.",
        json_schema_extra=shown("工单号", "工单的编号，可用 {{ 变量名 }}。", en="Ticket number", widget="template"),
    )
    comment: str = Field(
        default="",
        max_length=500,
        description="Kept with it, with {{ values }}.",
        json_schema_extra=shown("备注", "随之保存的备注，可用 {{ 变量名 }}。", widget="template"),
    )
    prompt: Localized = Field(
        default_factory=dict,
        description="Said then.",
        json_schema_extra=shown("提示语", "之后播报的内容。", widget="prompt"),
    )

    def spoken(self) -> Mapping[str, Localized]:
        """The prompt, if any."""
        return {"prompt": self.prompt} if self.prompt else {}

    def enter(self, ctx: Context) -> Step:
        """Report it and go on."""
        event = ReopenRequested(node=ctx.node_id, number=fill(ctx, self.number), comment=fill(ctx, self.comment))
        return Step(verbs=speak(ctx, self.prompt), events=(event,), then=Leave(exit="next"))

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Nothing is asked, so whatever comes leads on."""
        return Step(then=Leave(exit="next"))
