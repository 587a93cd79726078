"""The way of an exchange: nodes entered, and the exits they were left by, from the engine's events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flows.events import Event, NodeEntered, NodeLeft
from ivr.rehearsal.exchange import Passed
from ivr.rehearsal.flows_in_memory import FlowsInMemory


def passed_in(events: Sequence[Event], library: FlowsInMemory) -> tuple[Passed, ...]:
    """Nodes and exits in order.

    A node that was entered in an earlier exchange (it asked, or ran a sub-flow) stands here again when it is left,
    not entered, with its exit.
    """
    way: list[Passed] = []
    for event in events:
        match event:
            case NodeEntered(node=node, version=version):
                way.append(Passed(flow=library.name_of(version) if version else "", node=node))
            case NodeLeft(node=node, exit=exit_name, version=version):
                flow = library.name_of(version) if version else ""
                if way and (way[-1].flow, way[-1].node, way[-1].exit) == (flow, node, ""):
                    way[-1] = replace(way[-1], exit=exit_name)
                else:
                    way.append(Passed(flow=flow, node=node, exit=exit_name, entered=False))
            case _:
                continue
    return tuple(way)
