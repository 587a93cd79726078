"""Open a ticket and tell the caller its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import Field

from flows.errors import ExpressionError
from flows.events import TicketOpened
from flows.expressions import evaluate
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

    type: Literal["open_ticket"] = "open_ticket"
    subject: str = Field(default="", max_length=200, description="One line; the desk makes one if empty.")
    category: str = Field(default="", max_length=60, description="A category's key; the desk's rules decide if empty.")
    text: str = Field(default="", max_length=2000, description="What the caller said, with {{ values }}.")
    reference: str = Field(default="", max_length=200, description="What it is about, such as {{ tracking }}.")
    impact: Weight = Field(default="", description="How much it matters; the desk's rules decide if empty.")
    urgency: Weight = Field(default="", description="How soon it matters; the desk's rules decide if empty.")
    fields: dict[str, str] = Field(default_factory=dict, description="Further values to keep: name to expression.")
    reason: str = Field(default="", max_length=200, description="Why the flow opens it.")
    say_number: bool = Field(default=True, description="Tell the caller the number.")
    prompt: Localized = Field(default_factory=dict, description="Said instead of the built-in sentence.")

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
