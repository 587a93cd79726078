"""Go one way or another by what is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.errors import ExpressionError
from flows.expressions import evaluate
from flows.field_words import shown
from flows.nodes.base import Context, Leave, Node, Step
from flows.nodes.speaking import scope
from flows.requests import Answer
from telephony.calls import Heard


class Condition(BaseModel):
    """A condition and the exit taken when it is the first that holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: str = Field(
        min_length=1,
        description="Expression that is true or false.",
        json_schema_extra=shown("条件", "结果为真或假的表达式。", en="Condition", widget="expression"),
    )
    exit: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="The exit taken when it holds.",
        json_schema_extra=shown("出口名称", "条件成立时走的出口。", en="Exit"),
    )


class Branch(Node):
    """Leave by the exit of the first condition that holds, else by `else`.

    A condition that cannot be computed does not hold.

    ```yaml
    type: branch
    conditions:
      - {when: "parcel.status == 'at_station'", exit: at_station}
      - {when: "parcel.days_late > 2", exit: late}
    exits: {at_station: offer_sms, late: apologise, else: say_status}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Branch", "zh": "条件分支"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Go on by the first condition that holds.",
        "zh": "按第一个成立的条件继续。",
    }
    group: ClassVar[str] = "decide"
    order: ClassVar[int] = 10
    fresh: ClassVar[Mapping[str, Any]] = {"conditions": [{"when": "true", "exit": "first"}]}

    type: Literal["branch"] = "branch"
    conditions: tuple[Condition, ...] = Field(
        min_length=1, description="Looked at in this order.", json_schema_extra=shown("条件列表", "按此顺序逐个判断。")
    )

    def exit_names(self) -> tuple[str, ...]:
        """Each condition's exit, then else."""
        return tuple(dict.fromkeys((*(c.exit for c in self.conditions), "else")))

    def expressions(self) -> Mapping[str, str]:
        """Each condition."""
        return {f"conditions.{n}.when": c.when for n, c in enumerate(self.conditions)}

    def enter(self, ctx: Context) -> Step:
        """Decide and go on."""
        values = scope(ctx)
        for condition in self.conditions:
            try:
                if evaluate(condition.when, values, now=ctx.now):
                    return Step(then=Leave(exit=condition.exit))
            except ExpressionError:
                continue
        return Step(then=Leave(exit="else"))

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Nothing is asked."""
        return self.enter(ctx)
