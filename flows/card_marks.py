"""Marks on the cards of a drawing that compares two versions: what is new, changed or gone, in colour and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from flows.documents import FlowDocument

Mark = Literal["added", "removed", "changed"]

WORDS: Mapping[Mark, Mapping[str, str]] = {
    "added": {"en": "Added", "zh": "新增"},
    "removed": {"en": "Removed", "zh": "已删除"},
    "changed": {"en": "Changed", "zh": "有改动"},
}

COLOURS: Mapping[Mark, str] = {"added": "#1a7f37", "removed": "#b3261e", "changed": "#8250df"}
"""What each CSS variable (--flow-added and so on) is when the page does not set it."""

DASHES: Mapping[Mark, str] = {"added": "", "removed": "5 4", "changed": ""}
"""The card's outline, as SVG writes dashes: what is gone is drawn broken."""


def paint(mark: Mark) -> str:
    """The mark's colour: a CSS variable with its default."""
    return f"var(--flow-{mark}, {COLOURS[mark]})"


def word(mark: Mark, language: str) -> str:
    """What the mark is called."""
    return WORDS[mark].get(language.partition("-")[0], WORDS[mark]["en"])


def with_ghosts(before: FlowDocument, after: FlowDocument) -> FlowDocument:
    """The newer document with the nodes that it has no more, so that a drawing can show them.

    They lead where they led; nothing leads to them. Where the editor placed the nodes, ghosts keep their old places.
    """
    gone = {name: node for name, node in before.nodes.items() if name not in after.nodes}
    if not gone:
        return after
    places = {name: before.layout[name] for name in gone if name in before.layout}
    return after.model_copy(update={"nodes": {**after.nodes, **gone}, "layout": {**after.layout, **places}})
