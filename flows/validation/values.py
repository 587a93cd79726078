"""Rules about values: expressions that can be read, and names that have a value by the time they are used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.errors import ExpressionError
from flows.expressions import Expression, compile_expression
from flows.node_reading import suggest
from flows.outbound import OUTCOME_VALUE
from flows.problems import Level
from flows.validation.inspection import Inspection
from flows.validation.rule import Finding, Rule

CALL_VALUES: Mapping[str, str] = {
    "caller": "caller.number, caller.name and caller.vip: who is on the line",
    "language": "the language of the call, such as zh-CN",
    "service_number": "the number that was called",
    "node": "the name of the node",
    "case": "the matter a call of ours is about: case.reference, case.purpose, case.tries, case.inbound",
}
"""Values that every call has from its beginning."""


def bad_expression(flow: Inspection) -> Iterator[Finding]:
    """An expression that cannot be read, in a field or in a text."""
    for node, path, source in flow.expressions:
        try:
            compile_expression(source)
        except ExpressionError as error:
            yield Finding(node=node, field=path, message=str(error), fix="Correct the expression.")
    for text in flow.texts:
        for hole in text.holes:
            try:
                if hole.expression:
                    compile_expression(hole.expression)
            except ExpressionError as error:
                message = f"In “{{{{ {hole.expression[:60]} }}}}”: {error}"
                yield Finding(node=text.node, field=text.path, message=message, fix="Correct the expression.")


def bad_template(flow: Inspection) -> Iterator[Finding]:
    """A hole that is never closed, is empty, or has a filter that does not exist."""
    for text in flow.texts:
        for hole in text.holes:
            if hole.error:
                yield Finding(
                    node=text.node,
                    field=text.path,
                    message=hole.error,
                    fix='Holes are written {{ name }}, {{ name | digits }} or {{ name | default("…") }}.',
                )


def unknown_value(flow: Inspection) -> Iterator[Finding]:
    """A name that no node sets before it is used."""
    available = _available(flow)
    somewhere = frozenset().union(*(node.sets_values() for node in flow.nodes.values()))
    known = frozenset(CALL_VALUES) | frozenset(flow.document.variables)
    for node, path, name in _uses(flow):
        if name in known or name in available.get(node, somewhere):
            continue
        if name in somewhere:
            setters = [n for n, candidate in flow.nodes.items() if name in candidate.sets_values()]
            message = f"{name} has no value yet: {', '.join(setters[:3])} sets it, but never before this node."
            fix = "Ask for it earlier, or give it a default."
        else:
            message = f"No node sets {name}."
            near = suggest(name, tuple(sorted(known | somewhere)))
            fix = f"{near} Or declare it under variables." if near else "Declare it under variables."
        yield Finding(node=node, field=path, message=message, fix=fix)


def unused_value(flow: Inspection) -> Iterator[Finding]:
    """A value that is set or declared and never used by the flow itself."""
    used = {name for _, _, name in _uses(flow, guarded=True)}
    if flow.document.outbound is not None:
        used.add(OUTCOME_VALUE)  # The call's own record reads it when the callee hangs up.
    for name in flow.document.variables:
        if name not in used:
            yield Finding(
                field=f"variables.{name}",
                message=f"Nothing in the flow uses {name}.",
                fix="Use it, or remove it from variables.",
            )
    for node_name, node in flow.nodes.items():
        if node.type != "set_value":
            continue  # What a caller said or a system answered is kept on the ticket even if no node reads it.
        for name in sorted(node.sets_values() - used):
            yield Finding(
                node=node_name,
                message=f"Nothing in the flow uses {name}.",
                fix="Use it, or remove it here.",
            )


def _uses(flow: Inspection, *, guarded: bool = False) -> Iterator[tuple[str, str, str]]:
    """Each use of a value as (node, path, name); those that may well be missing only when `guarded`."""
    for node, path, source in flow.expressions:
        expression = _compile(source)
        if expression:
            names = expression.names if guarded else expression.names - expression.guarded
            yield from ((node, path, name) for name in sorted(names))
    for text in flow.texts:
        for hole in text.holes:
            expression = _compile(hole.expression)
            if expression and (guarded or not hole.has_default):
                names = expression.names if guarded else expression.names - expression.guarded
                yield from ((text.node, text.path, name) for name in sorted(names))


def _compile(source: str) -> Expression | None:
    try:
        return compile_expression(source)
    except ExpressionError:
        return None


def _available(flow: Inspection) -> Mapping[str, frozenset[str]]:
    """For each node within reach, the names that some way to it has set, its own included."""
    reachable = [name for name in flow.nodes if name in flow.reachable]
    names = sorted({value for name in reachable for value in flow.nodes[name].sets_values()})
    bits = {value: 1 << place for place, value in enumerate(names)}
    own = {name: sum(bits[v] for v in flow.nodes[name].sets_values()) for name in reachable}
    found = dict(own)
    waiting = list(reversed(reachable))
    while waiting:
        name = waiting.pop()
        for target in flow.edges[name]:
            joined = found[target] | found[name]
            if joined != found[target]:
                found[target] = joined
                waiting.append(target)
    return {name: frozenset(v for v in names if mask & bits[v]) for name, mask in found.items()}


RULES = (
    Rule(
        name="bad_expression",
        title={"en": "An expression cannot be read", "zh": "表达式无法解析"},
        check=bad_expression,
    ),
    Rule(
        name="bad_template",
        title={"en": "A hole in a text is not written right", "zh": "文本中的占位符写错"},
        check=bad_template,
    ),
    Rule(
        name="unknown_value",
        title={"en": "A name has no value when it is used", "zh": "使用了未赋值的变量"},
        check=unknown_value,
    ),
    Rule(
        name="unused_value",
        level=Level.WARNING,
        title={"en": "A value is never used", "zh": "变量从未使用"},
        check=unused_value,
    ),
)
