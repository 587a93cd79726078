"""The order and the places within rows: cards, and lanes between them for lines that pass a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

CARD_GAP = 34
"""Pixels between two cards of a row."""

LANE_STEP = 20
"""Pixels between two lanes, and between a lane and a card."""

MAX_LANES = 4_000
"""Beyond this lines are drawn straight behind the cards: so large a drawing is looked at in parts."""

ROUNDS = 6


@dataclass(frozen=True)
class Slot:
    """A place in a row: a card (no target), or a lane to `target`.

    All lines that lead down to one target share a lane (`node` is ""), so that they flow together; a line back up has
    one of its own.
    """

    row: int
    node: str
    target: str | None = None

    @property
    def is_card(self) -> bool:
        """True for a card."""
        return self.target is None


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Rows of slots, which slots are joined by lines, the lane of each line that has one, and each card's width."""

    rows: tuple[list[Slot], ...]
    neighbours: Mapping[Slot, list[Slot]]
    lanes: Mapping[tuple[str, str], tuple[Slot, ...]]
    widths: Mapping[str, float]


def give_lanes(rows: list[list[str]], edges: Mapping[str, tuple[str, ...]], widths: Mapping[str, float]) -> Grid:
    """Put a lane into every row that a line passes; a line back up also passes beside both of its cards."""
    row_of = {name: place for place, row in enumerate(rows) for name in row}
    slots = tuple([Slot(place, name) for name in row] for place, row in enumerate(rows))
    neighbours: dict[Slot, list[Slot]] = {slot: [] for row in slots for slot in row}
    lanes: dict[tuple[str, str], tuple[Slot, ...]] = {}
    passed = {(s, t): _passed(row_of[s], row_of[t]) for s, targets in edges.items() for t in targets}
    fits = sum(len(rows) for rows in passed.values()) <= MAX_LANES
    for (source, target), passed_rows in passed.items():
        upwards = row_of[target] <= row_of[source]
        lane = tuple(Slot(row, source if upwards else "", target) for row in passed_rows) if fits else ()
        if lane:
            lanes[source, target] = lane
        for slot in lane:
            if slot not in neighbours:
                slots[slot.row].append(slot)
                neighbours[slot] = []
        chain = [Slot(row_of[source], source), *lane, Slot(row_of[target], target)]
        for one, other in pairwise(chain):
            neighbours[one].append(other)
            neighbours[other].append(one)
    return Grid(rows=slots, neighbours=neighbours, lanes=lanes, widths=widths)


def _passed(source_row: int, target_row: int) -> range:
    if target_row > source_row:
        return range(source_row + 1, target_row)
    return range(source_row, target_row - 1, -1)


def arrange(grid: Grid) -> Mapping[Slot, float]:
    """The middle of each slot in pixels: near what it is joined to, no two of a row too near."""
    centres: dict[Slot, float] = {}
    for row in grid.rows:
        centres.update(_spread(grid, row, [0.0] * len(row)))
    for turn in range(ROUNDS):
        for row in grid.rows if turn % 2 == 0 else grid.rows[::-1]:
            wishes = {slot: _wish(slot, grid, centres) for slot in row}
            row.sort(key=lambda slot, wishes=wishes: wishes[slot])  # type: ignore[misc]
            centres.update(_spread(grid, row, [wishes[slot] for slot in row]))
    return centres


def _wish(slot: Slot, grid: Grid, centres: Mapping[Slot, float]) -> float:
    """The mean of what the slot is joined to. A lane beside its own card wants to be right of it."""
    near = grid.neighbours[slot]
    if not near:
        return centres[slot]
    own = [other for other in near if other.row == slot.row and other.is_card]
    beside = [centres[other] + grid.widths[other.node] / 2 + LANE_STEP for other in own]
    others = [centres[other] for other in near if other.row != slot.row or not other.is_card]
    if not slot.is_card and beside:
        return sum(beside) / len(beside)
    return sum(others) / len(others) if others else centres[slot]


def _spread(grid: Grid, row: list[Slot], wishes: list[float]) -> dict[Slot, float]:
    """Places in the row's order, at least a step apart, as near to the wishes as pushing from both sides gives."""
    steps = [_step(grid, one, other) for one, other in pairwise(row)]
    rightwards, leftwards = list(wishes), list(wishes)
    for i, step in enumerate(steps):
        rightwards[i + 1] = max(rightwards[i + 1], rightwards[i] + step)
    for i in range(len(steps) - 1, -1, -1):
        leftwards[i] = min(leftwards[i], leftwards[i + 1] - steps[i])
    return {slot: (a + b) / 2 for slot, a, b in zip(row, rightwards, leftwards, strict=True)}


def _step(grid: Grid, one: Slot, other: Slot) -> float:
    """The least distance between the middles of two neighbours."""
    half = sum(grid.widths[slot.node] / 2 for slot in (one, other) if slot.is_card)
    return half + (CARD_GAP if one.is_card and other.is_card else LANE_STEP)
