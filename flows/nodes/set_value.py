"""Set values of the call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from flows.errors import ExpressionError
from flows.expressions import evaluate
from flows.field_words import shown
from flows.nodes.base import Context, Leave, Node, Step
from flows.nodes.speaking import scope
from flows.requests import Answer
from telephony.calls import Heard


class SetValue(Node):
    """Set one or more values of the call by expressions, in order; a later one sees the earlier ones.

    An expression that cannot be computed (a number compared with a text that is missing) sets its value to nothing.

    ```yaml
    type: set_value
    values:
      heavy: parcel.weight_kg > 20
      greeting: "'again' if caller.name else 'first'"
    exits: {next: offer}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Set values", "zh": "设置变量"}
    summary: ClassVar[Mapping[str, str]] = {"en": "Set values of the call.", "zh": "用表达式设置通话变量。"}
    group: ClassVar[str] = "decide"
    order: ClassVar[int] = 20
    fresh: ClassVar[Mapping[str, Any]] = {"values": {"name": "true"}}

    type: Literal["set_value"] = "set_value"
    values: dict[str, str] = Field(
        min_length=1,
        description="Name of a value to the expression that gives it.",
        json_schema_extra=shown("变量", "变量名对应给出其值的表达式。", widget="values"),
    )

    def expressions(self) -> Mapping[str, str]:
        """Each value's expression."""
        return {f"values.{name}": source for name, source in self.values.items()}

    def sets_values(self) -> frozenset[str]:
        """The names."""
        return frozenset(self.values)

    def enter(self, ctx: Context) -> Step:
        """Compute and go on."""
        found: dict[str, Any] = {}
        for name, source in self.values.items():
            try:
                found[name] = evaluate(source, {**scope(ctx), **found}, now=ctx.now)
            except ExpressionError:
                found[name] = None
        return Step(values=found, then=Leave(exit="next"))

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Nothing is asked."""
        return Step(then=Leave(exit="next"))
