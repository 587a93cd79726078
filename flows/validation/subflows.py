"""Rules about flows that call flows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from flows.node_reading import suggest
from flows.validation.inspection import Inspection
from flows.validation.rule import Finding, Rule


def _calls(flow: Inspection) -> Iterator[tuple[str, str]]:
    """Each call of another flow as (node, name of the called flow)."""
    for name, node in flow.nodes.items():
        if node.type == "subflow":
            yield name, str(getattr(node, "flow", ""))


def unknown_flow(flow: Inspection) -> Iterator[Finding]:
    """A called flow that does not exist."""
    if flow.known_flows is None:
        return
    for node, called in _calls(flow):
        if called != flow.document.name and called not in flow.known_flows:
            yield Finding(
                node=node,
                field="flow",
                message=f"There is no published flow “{called[:60]}”.",
                fix=suggest(called, tuple(flow.known_flows)) or "Publish it first.",
            )


def calls_itself(flow: Inspection) -> Iterator[Finding]:
    """A flow that calls itself, or is called by one that it calls."""
    own = flow.document.name
    graph: Mapping[str, Collection[str]] = flow.known_flows if isinstance(flow.known_flows, Mapping) else {}
    for node, called in _calls(flow):
        way = _way(graph, called, own)
        if way:
            yield Finding(
                node=node,
                field="flow",
                message=f"The flow would call itself: {' → '.join((own, *way))}.",
                fix="Lead an exit back to an earlier node instead.",
            )


def _way(graph: Mapping[str, Collection[str]], start: str, goal: str) -> tuple[str, ...]:
    """The calls from `start` to `goal`, both included; () when there is no way."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        if way[-1] == goal:
            return way
        for name in graph.get(way[-1], ()):
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()


RULES = (
    Rule(
        name="unknown_flow",
        title={"en": "A called flow does not exist", "zh": "调用的子流程不存在"},
        check=unknown_flow,
    ),
    Rule(
        name="calls_itself",
        title={"en": "A flow calls itself", "zh": "流程调用自身"},
        check=calls_itself,
    ),
)
