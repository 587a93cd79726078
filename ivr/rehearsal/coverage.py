"""What of a flow its tests reach: nodes entered and exits taken.

An exit counts when the node can leave by it and it is the node's own business: it is wired, or it must be. Exits that
the flow's defaults serve (an unwired `person`, say) are not counted for every question anew; when a test takes one,
its number is told all the same. Nodes of sub-flows count where those flows are tested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flows.documents import FlowDocument
from ivr.rehearsal.exchange import Rehearsal

ExitOf = tuple[str, str]
"""Node and exit."""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How often each node was entered and each exit taken, by how many tests."""

    nodes: dict[str, int]
    exits: dict[ExitOf, int]
    uncovered_nodes: tuple[str, ...]
    uncovered_exits: tuple[ExitOf, ...]
    ratio: float

    def to_json(self) -> dict[str, Any]:
        """The coverage as the editor takes it."""
        return {
            "nodes": self.nodes,
            "exits": {f"{node} {exit_name}": count for (node, exit_name), count in self.exits.items()},
            "uncovered_nodes": list(self.uncovered_nodes),
            "uncovered_exits": [list(pair) for pair in self.uncovered_exits],
            "ratio": round(self.ratio, 4),
        }


def exits_that_count(document: FlowDocument) -> tuple[ExitOf, ...]:
    """Every exit that tests should take, in the order of the document."""
    found: list[ExitOf] = []
    for name, node in document.nodes.items():
        optional = node.optional_exits()
        found.extend((name, e) for e in node.exit_names() if node.exits.get(e) or e not in optional)
    return tuple(found)


def taken_by(rehearsal: Rehearsal) -> tuple[set[str], set[ExitOf]]:
    """Nodes entered and exits taken of the flow under work."""
    own = [at for at in rehearsal.passed if at.flow == ""]
    return {at.node for at in own}, {(at.node, at.exit) for at in own if at.exit}


def coverage_of(document: FlowDocument, rehearsals: Iterable[Rehearsal]) -> Coverage:
    """What rehearsals reach together."""
    nodes: Counter[str] = Counter()
    exits: Counter[ExitOf] = Counter()
    for rehearsal in rehearsals:
        entered, taken = taken_by(rehearsal)
        nodes.update(entered)
        exits.update(taken)
    counting = exits_that_count(document)
    uncovered = tuple(pair for pair in counting if not exits[pair])
    known = {**dict.fromkeys(counting, 0), **exits}
    return Coverage(
        nodes={name: nodes[name] for name in document.nodes},
        exits=dict(known),
        uncovered_nodes=tuple(name for name in document.nodes if not nodes[name]),
        uncovered_exits=uncovered,
        ratio=1 - len(uncovered) / len(counting) if counting else 1.0,
    )
