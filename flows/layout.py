"""Where to draw nodes and lines: in rows by a node's longest way from the start, lines in lanes beside the cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.documents import FlowDocument
from flows.lanes import Slot, arrange, give_lanes

CARD_WIDTH = 216
"""Of a card with few exits, pixels."""

CARD_HEIGHT = 104
"""The height of a row; a card without a row of exits is lower."""

GAP_Y = 58
MARGIN = 40

Edges = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The upper left corner of each card and the size of the whole, in pixels.

    `bends` gives, for a line (node, target) that passes other rows, the point (x, y) in each of them, in the order of
    the line; y is the upper edge of the row. `widths` gives each card's width.
    """

    places: Mapping[str, tuple[float, float]]
    widths: Mapping[str, float]
    width: float
    height: float
    bends: Mapping[tuple[str, str], tuple[tuple[float, float], ...]] = field(default_factory=dict)


def lay_out(document: FlowDocument, widths: Mapping[str, float] | None = None) -> Layout:
    """Place every node: where the editor put them, or in rows when it did not place them all.

    `widths` are the cards' widths by node; CARD_WIDTH for those it does not name.
    """
    widths = {name: (widths or {}).get(name, CARD_WIDTH) for name in document.nodes}
    given = document.layout
    if given and all(name in given for name in document.nodes):
        left = min(x for x, _ in given.values())
        top = min(y for _, y in given.values())
        places = {name: (given[name][0] - left + MARGIN, given[name][1] - top + MARGIN) for name in document.nodes}
        return _measure(places, {}, widths)
    edges = links(document)
    grid = give_lanes(_rows(document, edges), edges, widths)
    centres = arrange(grid)
    left = min(x - _half(slot, widths) for slot, x in centres.items()) - MARGIN
    places, bends = {}, {}
    for slot, x in centres.items():
        if slot.is_card:
            places[slot.node] = (x - left - widths[slot.node] / 2, _row_y(slot.row))
    for line, lane in grid.lanes.items():
        bends[line] = tuple((centres[slot] - left, _row_y(slot.row)) for slot in lane)
    return _measure({name: places[name] for name in document.nodes}, bends, widths)


def _measure(
    places: dict[str, tuple[float, float]],
    bends: dict[tuple[str, str], tuple[tuple[float, float], ...]],
    widths: Mapping[str, float],
) -> Layout:
    right = max([x + widths[name] for name, (x, _) in places.items()] + [x for line in bends.values() for x, _ in line])
    bottom = max(y + CARD_HEIGHT for _, y in places.values())
    return Layout(places=places, width=right + MARGIN, height=bottom + MARGIN, bends=bends, widths=widths)


def _half(slot: Slot, widths: Mapping[str, float]) -> float:
    return widths[slot.node] / 2 if slot.is_card else 0


def _row_y(row: int) -> float:
    return MARGIN + row * (CARD_HEIGHT + GAP_Y)


def links(document: FlowDocument) -> Edges:
    """Each node's targets by its wired exits, without doubles and without nodes that do not exist."""
    return {
        name: tuple(dict.fromkeys(target for target in node.exits.values() if target in document.nodes))
        for name, node in document.nodes.items()
    }


def _rows(document: FlowDocument, edges: Edges) -> list[list[str]]:
    """Nodes by row. What cannot be reached by exits begins again at the top."""
    starts = [n for n in (document.start, document.defaults.person, document.defaults.failure) if n in document.nodes]
    order, forward = _without_circles([*dict.fromkeys(starts), *document.nodes], edges)
    row = dict.fromkeys(order, 0)
    for name in order:
        for target in forward[name]:
            row[target] = max(row[target], row[name] + 1)
    rows: list[list[str]] = [[] for _ in range(max(row.values(), default=-1) + 1)]
    for name in order:
        rows[row[name]].append(name)
    return rows


def _without_circles(roots: list[str], edges: Edges) -> tuple[list[str], dict[str, list[str]]]:
    """The nodes in an order in which every kept edge leads forward, and those edges; edges back are left out."""
    forward: dict[str, list[str]] = {}
    finished: list[str] = []
    open_nodes: set[str] = set()
    for root in roots:
        if root in forward:
            continue
        forward[root] = []
        open_nodes.add(root)
        work = [(root, iter(edges[root]))]
        while work:
            name, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                open_nodes.discard(name)
                finished.append(name)
            elif target in open_nodes:
                continue
            else:
                forward[name].append(target)
                if target not in forward:
                    forward[target] = []
                    open_nodes.add(target)
                    work.append((target, iter(edges[target])))
    return finished[::-1], forward
