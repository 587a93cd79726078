"""Arithmetic, comparison and look-up of expressions, with every size bounded."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from flows.functions import bounded, kind

MAX_TEXT = 10_000
"""Characters of a text that an expression may make."""

MAX_EXPONENT = 64


def limit_size(value: Any) -> Any:
    """Return the value unless it is too long or too large. Raises ValueError."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise ValueError(f"The text is longer than {MAX_TEXT} characters.")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        bounded(value)
    return value


def get_key(whole: Any, key: Any) -> Any:
    """The value under a key of an object, or the item of a list (negative from the end); None when there is none."""
    if isinstance(whole, Mapping):
        return whole.get(key) if isinstance(key, str) else whole.get(str(key)) if isinstance(key, int) else None
    if isinstance(whole, (list, tuple)) and isinstance(key, int) and not isinstance(key, bool):
        return whole[key] if -len(whole) <= key < len(whole) else None
    return None


def _numbers(left: Any, right: Any) -> None:
    for value in (left, right):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError(f"{kind(value)} cannot be computed with; number(…) turns text into a number.")  # noqa: TRY004


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    _numbers(left, right)
    return left + right


def _power(left: Any, right: Any) -> Any:
    _numbers(left, right)
    if abs(right) > MAX_EXPONENT or abs(left) > 1e15 or (left < 0 and not float(right).is_integer()):
        raise ValueError("This power cannot be computed.")
    return left**right


def _arithmetic(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def run(left: Any, right: Any) -> Any:
        _numbers(left, right)
        return compute(bounded(left), bounded(right))

    return run


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Order numbers with numbers and texts with texts; nothing is before or after a missing value."""

    def run(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        if isinstance(left, str) and isinstance(right, str):
            return compare(left, right)
        _numbers(left, right)
        return compare(left, right)

    return run


def _is_in(part: Any, whole: Any) -> bool:
    if whole is None:
        return False
    if isinstance(whole, str):
        return isinstance(part, str) and part in whole
    if isinstance(whole, (list, tuple)):
        return part in whole
    if isinstance(whole, Mapping):
        return isinstance(part, str) and part in whole
    raise ValueError(f"Nothing can be in: {kind(whole).lower()} is neither text nor a list.")


BINARY: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: _add,
    ast.Sub: _arithmetic(operator.sub),
    ast.Mult: _arithmetic(operator.mul),
    ast.Div: _arithmetic(operator.truediv),
    ast.FloorDiv: _arithmetic(operator.floordiv),
    ast.Mod: _arithmetic(operator.mod),
    ast.Pow: _power,
}

COMPARISONS: Mapping[type, Callable[[Any, Any], bool]] = {
    ast.Eq: lambda a, b: bool(a == b),
    ast.NotEq: lambda a, b: bool(a != b),
    ast.Is: lambda a, b: bool(a == b),
    ast.IsNot: lambda a, b: bool(a != b),
    ast.Lt: _ordered(operator.lt),
    ast.LtE: _ordered(operator.le),
    ast.Gt: _ordered(operator.gt),
    ast.GtE: _ordered(operator.ge),
    ast.In: _is_in,
    ast.NotIn: lambda a, b: not _is_in(a, b),
}
