"""Safe expressions over the values of a call: Python's grammar, a small white list, compiled to closures.

Example: `parcel.weight_kg > 20 and status in ["held", "returned"]`. Nothing here reaches Python objects: a dot looks up
a key of a JSON object, only the functions of `flows.functions` can be called, and every size is bounded.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flows.errors import ExpressionError
from flows.expression_compiler import MAX_DEPTH, Compiler, Run
from flows.functions import Scope
from flows.operators import limit_size

MAX_LENGTH = 1_000


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A compiled expression.

    Attributes:
        source: its text.
        names: the values it reads (the part before the first dot).
        guarded: those of them it only asks about with exists() or first(), so that they may be missing.
    """

    source: str
    names: frozenset[str]
    guarded: frozenset[str]
    run: Run = field(repr=False, compare=False)

    def evaluate(self, values: Mapping[str, Any], *, now: datetime | None = None, zone: str = "UTC") -> Any:
        """Compute it. A name without a value is None. Raises ExpressionError when it cannot be computed."""
        scope = Scope(values=values, now=now or datetime.now(UTC), zone=zone)
        try:
            return limit_size(self.run(scope))
        except ExpressionError as error:
            raise ExpressionError(error.message, position=error.position, source=self.source) from error
        except ValueError as error:
            raise ExpressionError(str(error), source=self.source) from error
        except RecursionError as error:
            raise ExpressionError("The expression is nested too deeply.", source=self.source) from error


@lru_cache(maxsize=4096)
def compile_expression(source: str) -> Expression:
    """Check and compile. Raises ExpressionError with the position of what is wrong."""
    tree = _parse(source)
    compiler = Compiler(source)
    run = compiler.build(tree, 0)
    return Expression(
        source=source,
        names=frozenset(compiler.free | compiler.asked),
        guarded=frozenset(compiler.asked - compiler.free),
        run=run,
    )


def evaluate(source: str, values: Mapping[str, Any], *, now: datetime | None = None, zone: str = "UTC") -> Any:
    """Compile and compute in one go. Raises ExpressionError."""
    return compile_expression(source).evaluate(values, now=now, zone=zone)


def names(source: str) -> frozenset[str]:
    """The values the expression reads. Raises ExpressionError when it cannot be parsed."""
    return compile_expression(source).names


def _parse(source: str) -> ast.expr:
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"The expression is longer than {MAX_LENGTH} characters.", source=source)
    text = source.replace("\r", " ").replace("\n", " ")
    if not text.strip():
        raise ExpressionError("The expression is empty.", position=0, source=source)
    lead = len(text) - len(text.lstrip())
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        position = lead + max(0, (error.offset or 1) - 1)
        raise ExpressionError(
            "The expression cannot be read: " + (error.msg or "invalid syntax") + ".", position=position, source=source
        ) from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise ExpressionError("The expression cannot be read.", position=0, source=source) from error


__all__ = ["MAX_DEPTH", "MAX_LENGTH", "Expression", "compile_expression", "evaluate", "names"]
