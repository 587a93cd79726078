"""Run another flow within this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from flows.errors import ExpressionError
from flows.expressions import evaluate
from flows.field_words import shown
from flows.nodes.base import CallFlow, Context, End, Leave, Node, Step
from flows.nodes.speaking import scope
from flows.requests import Answer, SubflowEnded
from telephony.calls import Heard

FINAL_ENDS: Mapping[str, str] = {"goodbye": "goodbye", "opted_out": "opted_out"}
"""Ends that are the caller's own goodbye: the whole call ends with them. By end the outcome of the call."""


class Subflow(Node):
    """Run another flow, give it values, take values back, and go on by how it ended.

    The exits are the other flow's ends: what its hang-up nodes name under `end`. A caller who says goodbye in it ends
    the whole call.

    ```yaml
    type: subflow
    flow: identify_caller
    give: {language_hint: language}
    take: {customer_number: number}
    ends: [done, unknown]
    exits: {done: main_menu, unknown: ask_again}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Sub-flow", "zh": "子流程"}
    summary: ClassVar[Mapping[str, str]] = {"en": "Run another flow within this one.", "zh": "运行另一个流程，再回来。"}
    group: ClassVar[str] = "decide"
    order: ClassVar[int] = 40
    fresh: ClassVar[Mapping[str, Any]] = {"flow": "other_flow"}

    type: Literal["subflow"] = "subflow"
    flow: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,59}$",
        description="Name of the other flow.",
        json_schema_extra=shown("流程", "另一个流程的名称。", widget="flow"),
    )
    give: dict[str, str] = Field(
        default_factory=dict,
        description="Its value name to an expression of this flow.",
        json_schema_extra=shown("传入", "子流程的变量名对应本流程的表达式。", en="Give to it", widget="values"),
    )
    take: dict[str, str] = Field(
        default_factory=dict,
        description="This flow's value name to one of the other flow.",
        json_schema_extra=shown("取回", "本流程的变量名对应子流程的变量名。", en="Take from it"),
    )
    ends: tuple[str, ...] = Field(
        default=("done",),
        min_length=1,
        description="How it can end: the exits.",
        json_schema_extra=shown("结束方式", "子流程可能的结束方式：即各出口。", en="How it can end"),
    )

    def exit_names(self) -> tuple[str, ...]:
        """The ends, and failed for any other."""
        return tuple(dict.fromkeys((*self.ends, "failed")))

    def optional_exits(self) -> frozenset[str]:
        """failed is served by the flow's defaults."""
        return frozenset({"failed"})

    def expressions(self) -> Mapping[str, str]:
        """What is given."""
        return {f"give.{name}": source for name, source in self.give.items()}

    def sets_values(self) -> frozenset[str]:
        """What is taken."""
        return frozenset(self.take)

    def enter(self, ctx: Context) -> Step:
        """Call the other flow."""
        values: dict[str, Any] = {}
        for name, source in self.give.items():
            try:
                values[name] = evaluate(source, scope(ctx), now=ctx.now)
            except ExpressionError:
                values[name] = None
        return Step(then=CallFlow(flow=self.flow, values=values))

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Go on by its end."""
        if not isinstance(heard, SubflowEnded):
            return Step(then=Leave(exit="failed"))
        taken = {name: heard.values.get(theirs) for name, theirs in self.take.items()}
        if heard.end in self.ends:
            return Step(values=taken, then=Leave(exit=heard.end))
        if heard.end in FINAL_ENDS:
            return Step(values=taken, then=End(end=heard.end, outcome=FINAL_ENDS[heard.end]))
        return Step(values=taken, then=Leave(exit="failed"))
