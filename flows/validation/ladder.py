"""Rules about getting somewhere: no silent loops, and from everywhere a way to a person, a ticket or a goodbye."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.problems import Level
from flows.validation.inspection import Inspection
from flows.validation.rule import Finding, Rule


def silent_loop(flow: Inspection) -> Iterator[Finding]:
    """Nodes that lead round in a circle in which the caller is never asked anything."""
    silent = {n: [t for t in flow.edges[n] if not flow.waits(t)] for n in flow.nodes if not flow.waits(n)}
    for loop in _loops(silent):
        first = min(loop, key=list(flow.nodes).index)
        others = ", ".join(sorted(loop - {first})[:5])
        exit_name = next((e for e, target in flow.nodes[first].exits.items() if target in loop), "next")
        yield Finding(
            node=first,
            field=f"exits.{exit_name}",
            message="The call can go round here for ever without the caller being asked"
            + (f" (with {others})." if others else "."),
            fix="Put a question or a recording into the circle, or lead out of it.",
        )


def no_way_out(flow: Inspection) -> Iterator[Finding]:
    """Nodes in a circle from which no person, ticket or goodbye can be reached.

    A node whose own exits are missing is told by other rules, and so is one that only leads to the circle.
    """
    trapped = {n: [t for t in flow.edges[n] if t not in flow.served] for n in flow.nodes if n not in flow.served}
    for loop in _loops(trapped):
        if all(target in loop for name in loop for target in trapped[name]) and loop & flow.reachable:
            yield Finding(
                node=min(loop, key=list(flow.nodes).index),
                field="exits",
                message="From here no way leads to a person, a ticket, a voicemail or a goodbye.",
                fix="Lead an exit on, or set defaults.person and defaults.failure.",
            )


def ladder_without_end(flow: Inspection) -> Iterator[Finding]:
    """A question whose errors lead only to further questions."""
    questions = frozenset(n for n, node in flow.nodes.items() if node.asks and not flow.is_ending(n))
    verdicts: dict[str, bool] = {}
    asked = [name for name in flow.nodes if name in questions & flow.reachable & flow.served]
    for name, exit_name in ((name, exit_name) for name in asked for exit_name in ("failed", "person")):
        target = flow.nodes[name].exits.get(exit_name) or flow.default_for(exit_name)
        if target not in flow.nodes:
            continue
        if target not in verdicts:
            verdicts[target] = any(flow.is_ending(n) for n in flow.reach([target], but=questions))
        if not verdicts[target]:
            yield Finding(
                node=name,
                field=f"exits.{exit_name}",
                message=f"After its errors this question leads to {target}, and from there only to more questions.",
                fix=f"Lead the exit {exit_name} to a transfer, a voicemail or a ticket.",
            )


def _loops(graph: Mapping[str, list[str]]) -> Iterator[frozenset[str]]:
    """The strongly connected components that hold a circle (Tarjan's algorithm, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in graph:
        if root in order:
            continue
        work = [(root, iter(graph[root]))]
        order[root] = low[root] = len(order)
        stack.append(root)
        on_stack.add(root)
        while work:
            name, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == order[name]:
                    component = stack[stack.index(name) :]
                    del stack[-len(component) :]
                    on_stack.difference_update(component)
                    if len(component) > 1 or name in graph[name]:
                        yield frozenset(component)
            elif target not in order:
                order[target] = low[target] = len(order)
                stack.append(target)
                on_stack.add(target)
                work.append((target, iter(graph[target])))
            elif target in on_stack:
                low[name] = min(low[name], order[target])


RULES = (
    Rule(
        name="silent_loop",
        title={"en": "A circle in which the caller is never asked", "zh": "不询问来电者的死循环"},
        check=silent_loop,
    ),
    Rule(
        name="no_way_out",
        title={"en": "No way leads to a person, a ticket or a goodbye", "zh": "无法到达人工、工单或结束"},
        check=no_way_out,
    ),
    Rule(
        name="ladder_without_end",
        level=Level.WARNING,
        title={"en": "A question's errors lead only to more questions", "zh": "出错后只会遇到更多提问"},
        check=ladder_without_end,
    ),
)
