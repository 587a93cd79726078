"""Rules about how nodes are joined: start, exits, defaults, reach."""

from __future__ import annotations

from collections.abc import Iterator

from flows.node_reading import suggest
from flows.problems import Level
from flows.validation.inspection import Inspection
from flows.validation.rule import Finding, Rule


def missing_start(flow: Inspection) -> Iterator[Finding]:
    """The start is not a node."""
    start = flow.document.start
    if start not in flow.nodes:
        yield Finding(
            field="start",
            message=f"The flow starts at “{start[:60]}”, which is not a node.",
            fix=suggest(start, tuple(flow.nodes)),
        )


def dangling_exit(flow: Inspection) -> Iterator[Finding]:
    """An exit leads to a node that does not exist."""
    names = tuple(flow.nodes)
    for name, node in flow.nodes.items():
        for exit_name, target in node.exits.items():
            if target and target not in flow.nodes:
                yield Finding(
                    node=name,
                    field=f"exits.{exit_name}",
                    message=f"The exit {exit_name} leads to “{target[:60]}”, which is not a node.",
                    fix=suggest(target, names),
                )


def missing_exit(flow: Inspection) -> Iterator[Finding]:
    """An exit that a call can take leads nowhere."""
    for name, node in flow.nodes.items():
        for exit_name in flow.exit_names[name]:
            if exit_name not in flow.optional_exits[name] and not node.exits.get(exit_name):
                yield Finding(
                    node=name,
                    field=f"exits.{exit_name}",
                    message=f"The exit {exit_name} is not wired.",
                    fix=f"Lead {exit_name} to a node.",
                )


def unknown_exit(flow: Inspection) -> Iterator[Finding]:
    """A wired exit that the node never takes."""
    for name, node in flow.nodes.items():
        known = tuple(dict.fromkeys((*flow.exit_names[name], *sorted(flow.optional_exits[name]))))
        for exit_name in node.exits:
            if exit_name not in known:
                yield Finding(
                    node=name,
                    field=f"exits.{exit_name}",
                    message=f"A {node.type} node has no exit “{exit_name[:60]}”.",
                    fix=suggest(exit_name, known) or "Remove it.",
                )


def unknown_default(flow: Inspection) -> Iterator[Finding]:
    """The person or failure node of the defaults does not exist."""
    for field in ("person", "failure"):
        target = getattr(flow.document.defaults, field)
        if target and target not in flow.nodes:
            yield Finding(
                field=f"defaults.{field}",
                message=f"defaults.{field} is “{target[:60]}”, which is not a node.",
                fix=suggest(target, tuple(flow.nodes)),
            )


def missing_default(flow: Inspection) -> Iterator[Finding]:
    """A question relies on a default node that the flow does not name."""
    defaults = flow.document.defaults
    for field, exit_name, what in (
        ("person", "person", "key 0 and the words for a person"),
        ("failure", "failed", "three errors in a row, or a failure"),
    ):
        if getattr(defaults, field):
            continue
        relying = [n for n, node in flow.nodes.items() if node.asks and not node.exits.get(exit_name)]
        if relying:
            yield Finding(
                field=f"defaults.{field}",
                message=f"No node is named for {what}; {', '.join(relying[:5])} rely on it.",
                fix=f"Set defaults.{field} to a transfer, a voicemail or a ticket, or wire their exit {exit_name}.",
            )


def unreachable(flow: Inspection) -> Iterator[Finding]:
    """A node that no call comes to."""
    if flow.document.start not in flow.nodes:
        return
    for name in flow.nodes:
        if name not in flow.reachable:
            yield Finding(
                node=name,
                message="No exit leads to this node, so no caller hears it.",
                fix="Lead an exit here, or remove the node.",
            )


RULES = (
    Rule(
        name="missing_start",
        title={"en": "The start is not a node", "zh": "起点节点不存在"},
        check=missing_start,
    ),
    Rule(
        name="dangling_exit",
        title={"en": "An exit leads to a node that does not exist", "zh": "出口指向不存在的节点"},
        check=dangling_exit,
    ),
    Rule(name="missing_exit", title={"en": "An exit is not wired", "zh": "出口未连接"}, check=missing_exit),
    Rule(
        name="unknown_exit",
        title={"en": "A wired exit that the node never takes", "zh": "连接了节点没有的出口"},
        check=unknown_exit,
    ),
    Rule(
        name="unknown_default",
        title={"en": "The person or failure node does not exist", "zh": "默认的人工或失败节点不存在"},
        check=unknown_default,
    ),
    Rule(
        name="missing_default",
        title={"en": "Questions rely on a person or failure node that is not named", "zh": "未指定人工或失败节点"},
        check=missing_default,
    ),
    Rule(
        name="unreachable",
        level=Level.WARNING,
        title={"en": "No call comes to the node", "zh": "没有呼叫能到达该节点"},
        check=unreachable,
    ),
)
