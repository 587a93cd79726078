"""Open a ticket and tell the caller its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import Field

from flows.errors import ExpressionError
from flows.events import TicketOpened
from flows.expressions import evaluate
from flows.field_words import shown
from flows.nodes.base import Ask, Context, Leave, Localized, Node, Step
from flows.nodes.speaking import fill, read_out, say_phrase, scope, speak
from flows.requests import Answer, OpenTicket, TicketNumber
from telephony.calls import Heard

Weight = Literal["", "low", "normal", "high"]


class OpenTicketNode(Node):
    """Open a ticket, or add to the caller's open one on the same matter, and say its number twice, digit by digit.

    The values `ticket.number` and `ticket.appended` can be used afterwards. Empty category, impact and urgency are
    decided by the desk's rules on what was said. A ticket with the same reference is the same matter.

    ```yaml
    type: open_ticket
    category: complaint
    subject: Complaint by phone
    text: "{{ complaint_text }}"
    reference: "{{ tracking }}"
    fields: {day: collection_day}
    exits: {next: rate}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Open a ticket", "zh": "创建工单"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Open a ticket with what is known and say its number.",
        "zh": "用已有信息创建工单并播报工单号。",
    }
    group: ClassVar[str] = "do"
    order: ClassVar[int] = 20

    type: Literal["open_ticket"] = "open_ticket"
    subject: str = Field(
        default="",
        max_length=200,
        description="One line; the desk makes one if empty.",
        json_schema_extra=shown("标题", "一行文字；留空则由系统生成。", widget="template"),
    )
    category: str = Field(
        default="",
        max_length=60,
        description="A category's key; the desk's rules decide if empty.",
        json_schema_extra=shown("类别", "类别的键；留空则由工单规则决定。"),
    )
    text: str = Field(
        default="",
        max_length=2000,
        description="What the caller said, with {{ values }}.",
        json_schema_extra=shown("内容", "来电者所说的内容，可用 {{ 变量名 }}。", widget="template"),
    )
    reference: str = Field(
        default="",
        max_length=200,
        description="What it is about, such as {{ tracking }}.",
        json_schema_extra=shown("关联编号", "与何事有关，例如 {{ tracking }}。", widget="template"),
    )
    impact: Weight = Field(
        default="",
        description="How much it matters; the desk's rules decide if empty.",
        json_schema_extra=shown(
            "影响",
            "影响有多大；留空则由工单规则决定。",
            advanced=True,
            options={
                "": ("By the rules", "按规则"),
                "low": ("Low", "低"),
                "normal": ("Normal", "中"),
                "high": ("High", "高"),
            },
        ),
    )
    urgency: Weight = Field(
        default="",
        description="How soon it matters; the desk's rules decide if empty.",
        json_schema_extra=shown(
            "紧急程度",
            "有多紧急；留空则由工单规则决定。",
            advanced=True,
            options={
                "": ("By the rules", "按规则"),
                "low": ("Low", "低"),
                "normal": ("Normal", "中"),
                "high": ("High", "高"),
            },
        ),
    )
    fields: dict[str, str] = Field(
        default_factory=dict,
        description="Further values to keep: name to expression.",
        json_schema_extra=shown(
            "其他信息", "另外保存的值：名称对应表达式。", en="Further values", widget="values", advanced=True
        ),
    )
    reason: str = Field(
        default="",
        max_length=200,
        description="Why the flow opens it.",
        json_schema_extra=shown("创建原因", "流程为什么创建它。", advanced=True, widget="template"),
    )
    say_number: bool = Field(
        default=True,
        description="Tell the caller the number.",
        json_schema_extra=shown("播报工单号", "告诉来电者工单号。", en="Say the number"),
    )
    prompt: Localized = Field(
        default_factory=dict,
        description="Said instead of the built-in sentence.",
        json_schema_extra=shown("提示语", "代替内置句子播报的内容。", advanced=True, widget="prompt"),
    )

    def spoken(self) -> Mapping[str, Localized]:
        """The prompt, if any."""
        return {"prompt": self.prompt} if self.prompt else {}

    def expressions(self) -> Mapping[str, str]:
        """Each further value's expression."""
        return {f"fields.{name}": source for name, source in self.fields.items()}

    def sets_values(self) -> frozenset[str]:
        """ticket."""
        return frozenset({"ticket"})

    def enter(self, ctx: Context) -> Step:
        """Ask the desk."""
        request = OpenTicket(
            subject=fill(ctx, self.subject),
            category=self.category,
            text=fill(ctx, self.text),
            reference=fill(ctx, self.reference),
            impact=self.impact,
            urgency=self.urgency,
            fields={name: _value(ctx, source) for name, source in self.fields.items()},
            reason=self.reason,
            node=ctx.node_id,
        )
        return Step(then=Ask(request=request))

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Tell the number and go on."""
        if not isinstance(heard, TicketNumber):
            return Step(then=Leave(exit="next"))
        ticket = {"number": heard.number, "appended": heard.appended}
        opened = TicketOpened(node=ctx.node_id, number=heard.number, appended=heard.appended)
        known = replace(ctx, values={**ctx.values, "ticket": ticket})
        verbs = speak(known, self.prompt)
        if self.say_number and not verbs:
            read = read_out(ctx, heard.number, "digits")
            added = say_phrase(ctx, "ticket_appended") if heard.appended else ()
            verbs = (
                *added,
                *say_phrase(ctx, "ticket_number", number=read),
                *say_phrase(ctx, "ticket_number_again", number=read),
            )
        return Step(verbs=verbs, events=(opened,), values={"ticket": ticket}, then=Leave(exit="next"))


def _value(ctx: Context, source: str) -> Any:
    """The expression's value; None when it cannot be computed, for a ticket is never lost over a field."""
    try:
        return evaluate(source, scope(ctx), now=ctx.now)
    except ExpressionError:
        return None
