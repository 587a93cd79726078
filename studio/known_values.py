"""The values a call has when it is at a node, and who sets them: what the editor completes in expressions and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.validation.inspection import Inspection
from studio.sentences import told

MOST_SETTERS = 3


@dataclass(frozen=True, kw_only=True)
class Known:
    """A value. `set_by` are node names with commas, or a word for what gives it to every call."""

    name: str
    set_by: str
    description: str


def known_values(flow: Inspection, node: str, flow_values: Mapping[str, Any]) -> tuple[Known, ...]:
    """What is known at the node: what nodes on some way to it set first, then what is given from outside.

    For a node that no call comes to yet, every value that any node sets: it will be wired soon.
    """
    before = _before(flow, node) if node in flow.reachable else frozenset(flow.nodes) - {node}
    setters: dict[str, list[str]] = {}
    for name, candidate in flow.nodes.items():
        if name in before:
            for value in sorted(candidate.sets_values()):
                setters.setdefault(value, []).append(name)
    found = [
        Known(name=value, set_by=", ".join(names[:MOST_SETTERS]), description=_about(flow, names[0]))
        for value, names in setters.items()
    ]
    found += [
        Known(name=name, set_by=told("from outside"), description=variable.description)
        for name, variable in flow.document.variables.items()
        if name not in setters
    ]
    taken = {known.name for known in found}
    found += [
        Known(name=name, set_by=told("the organisation"), description="") for name in flow_values if name not in taken
    ]
    return (*found, *_of_every_call(outbound=flow.document.outbound is not None))


def _before(flow: Inspection, node: str) -> frozenset[str]:
    """The nodes within reach from which some way leads to the node; itself only if in a circle."""
    backwards: dict[str, list[str]] = {}
    for name in flow.reachable:
        for target in flow.edges[name]:
            backwards.setdefault(target, []).append(name)
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        fresh = [name for name in backwards.get(waiting.pop(), ()) if name not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return frozenset(seen)


def _about(flow: Inspection, name: str) -> str:
    return flow.nodes[name].label


def _of_every_call(*, outbound: bool) -> tuple[Known, ...]:
    """What the engine gives to every call; the matter of a call of ours only in flows that make calls."""
    given = [
        ("caller.number", told("The caller's number, empty when withheld")),
        ("caller.name", told("The caller's name, empty when unknown")),
        ("caller.vip", told("Whether the caller is marked as important")),
        ("language", told("The language of the call, such as zh-CN")),
        ("service_number", told("The number that was called")),
        ("node", told("The name of the node")),
    ]
    if outbound:
        given += [
            ("case.reference", told("Reference of the matter we call about")),
            ("case.purpose", told("Purpose of the call")),
            ("case.tries", told("How often we have tried")),
            ("case.inbound", told("Whether the person calls us back")),
        ]
    return tuple(Known(name=name, set_by=told("every call"), description=text) for name, text in given)
