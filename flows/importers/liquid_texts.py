"""Whole Liquid texts as our templates and expressions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flows.errors import ExpressionError
from flows.expressions import compile_expression
from flows.importers.liquid import Assign, Choose, LiquidError, Output, Part, has_liquid, read
from flows.importers.liquid_expressions import Resolve, Said, Translator
from flows.importers.literals import argument, no_holes, quoted

Trouble = Callable[[LiquidError], None]
"""Told of each part that could not be translated; the part is left out."""


def to_template(text: str, resolve: Resolve, trouble: Trouble) -> str:
    """The text with our holes. What cannot be translated is told and left out, so that nothing of it is run."""
    if not has_liquid(text):
        return text
    try:
        parts = read(text)
    except LiquidError as error:
        trouble(error)
        return no_holes(text).replace("{%", "{ %")
    known: dict[str, str] = {}
    return "".join(_part(part, resolve, trouble, known) for part in parts)


def to_expression(text: str, resolve: Resolve) -> str:
    """The text as one expression. Raises LiquidError."""
    if not has_liquid(text):
        return quoted(text)
    parts = read(text)
    filled = [part for part in parts if not (isinstance(part, str) and not part.strip())]
    expression = _joined(filled if len(filled) == 1 else parts, resolve, {})
    _check(expression)
    return expression


def _part(part: Part, resolve: Resolve, trouble: Trouble, known: dict[str, str]) -> str:
    try:
        match part:
            case str():
                return no_holes(part)
            case Output(source=source):
                return _hole(Translator(source, resolve, known).output())
            case Assign(name=name, source=source):
                known[name] = f"({_checked(Translator(source, resolve, known).output().expression)})"
                return ""
            case Choose():
                return _hole(Said(expression=_chosen(part, resolve, known)))
    except LiquidError as error:
        trouble(error)
        return ""


def _hole(said: Said) -> str:
    if said.default is not None and "|" not in said.default:
        value = said.expression.removeprefix("first(").rsplit(", ", 1)[0]
        if said.expression == f"first({value}, {quoted(said.default)})":
            return "{{ " + _checked(value) + f" | default({argument(said.default)})" + " }}"
    return "{{ " + _checked(said.expression) + " }}"


def _joined(parts: Sequence[Part], resolve: Resolve, known: dict[str, str]) -> str:
    """The parts as one text expression; one output alone keeps its own kind of value."""
    found: list[str] = []
    alone = len(parts) == 1
    for part in parts:
        match part:
            case str():
                found.append(quoted(part))
            case Output(source=source):
                value = Translator(source, resolve, known).output().expression
                found.append(value if alone else f"text({value})")
            case Assign(name=name, source=source):
                known[name] = f"({Translator(source, resolve, known).output().expression})"
            case Choose():
                found.append(f"({_chosen(part, resolve, known)})")
    return " + ".join(found) if found else '""'


def _chosen(choose: Choose, resolve: Resolve, known: dict[str, str]) -> str:
    expression = _joined(choose.otherwise, resolve, dict(known))
    for condition, parts in reversed(choose.branches):
        test = Translator(condition, resolve, known).condition()
        expression = f"({_joined(parts, resolve, dict(known))}) if ({test}) else ({expression})"
    return expression


def _checked(expression: str) -> str:
    _check(expression)
    return expression


def _check(expression: str) -> None:
    """Every expression is one of ours before it is used: what does not compile is refused here."""
    try:
        compile_expression(expression)
    except ExpressionError as error:
        raise LiquidError("What came of it cannot be read: {error}", error=str(error)) from error
