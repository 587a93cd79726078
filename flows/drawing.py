"""A flow as a picture: SVG for pages, Mermaid for documents.

The SVG stands inline in a page and takes its colours from CSS variables (--flow-card, --flow-ink, --flow-soft,
--flow-line, --flow-edge, --flow-error, --flow-warning, --flow-highlight), so that it follows a dark theme. It has no
style sheet and no script of its own, so that a strict content security policy allows it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from html import escape

from flows.documents import FlowDocument
from flows.layout import CARD_HEIGHT, CARD_WIDTH, Layout, lay_out
from flows.nodes.base import Node
from flows.problems import Level, Problem

COLOURS: Mapping[str, str] = {
    "card": "#ffffff",
    "ink": "#1c2430",
    "soft": "#5b6675",
    "line": "#c3cad4",
    "edge": "#76839a",
    "error": "#b3261e",
    "warning": "#8a5a00",
    "highlight": "#0b6bcb",
    "back": "#f6f7f9",
}
"""What each CSS variable is when the page does not set it."""

TURN = 34.0
"""How far a line that leads back up swings out, in pixels."""

_CONTROL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010fffd]")


def draw(
    document: FlowDocument,
    *,
    problems: Iterable[Problem] = (),
    highlight: str = "",
    language: str = "en",
) -> str:
    """The flow as an SVG element.

    Args:
        problems: the lint's findings; cards are marked with their number.
        highlight: name of a node to stand out (where a call is), "" for none.
        language: of node types' titles ("en", "zh"), and of the prompts' first words if the flow speaks it.
    """
    layout = lay_out(document)
    by_node: dict[str, list[Problem]] = {}
    for problem in problems:
        by_node.setdefault(problem.node, []).append(problem)
    title = document.title.get(language) or next(iter(document.title.values()), document.name)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow-drawing" role="group" aria-label="{_safe(title)}" '
        f'viewBox="0 0 {layout.width:.0f} {layout.height:.0f}" width="{layout.width:.0f}" '
        f'height="{layout.height:.0f}" font-family="inherit">',
        f'<defs><marker id="flow-arrow-{document.name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{_colour("edge")}"/></marker></defs>',
    ]
    parts += [_edges(document, name, layout) for name in document.nodes]
    parts += [
        _card(document, name, layout, by_node.get(name, []), highlighted=name == highlight, language=language)
        for name in document.nodes
    ]
    return "\n".join([*(part for part in parts if part), "</svg>"])


def mermaid(document: FlowDocument) -> str:
    """The flow as a Mermaid flow chart."""
    ids = {name: f"n{place}" for place, name in enumerate(document.nodes)}
    lines = ["flowchart TD"]
    for name, node in document.nodes.items():
        shape = ('(["', '"])') if name == document.start else ('{{"', '"}}') if node.asks else ('["', '"]')
        words = f"{_mermaid_text(node.label or name)}<br/>{_mermaid_text(node.type)}"
        lines.append(f"  {ids[name]}{shape[0]}{words}{shape[1]}")
    for name, exits, target in _exits(document):
        if target in ids:
            lines.append(f'  {ids[name]} -- "{_mermaid_text(exits)}" --> {ids[target]}')
    return "\n".join(lines) + "\n"


def _exits(document: FlowDocument, *names: str) -> Iterable[tuple[str, str, str]]:
    """Every line to draw as (node, names of the exits, target): exits to one target share a line."""
    for name in names or document.nodes:
        joined: dict[str, list[str]] = {}
        for exit_name, target in document.nodes[name].exits.items():
            joined.setdefault(target, []).append(exit_name)
        yield from ((name, ", ".join(exits), target) for target, exits in joined.items())


def _edges(document: FlowDocument, name: str, layout: Layout) -> str:
    """The lines that leave one node, each with the name of its exit, ordered as they lead left to right."""
    x, y = layout.places[name]
    exits = [(label, target) for _, label, target in _exits(document, name)]
    exits.sort(key=lambda item: _aim(name, item[1], layout))
    parts = []
    for place, (label, target) in enumerate(exits):
        start = (x + CARD_WIDTH * (place + 1) / (len(exits) + 1), y + CARD_HEIGHT)
        dangling = target not in layout.places
        path = f"M{start[0]:.0f} {start[1]:.0f} v26" if dangling else _path(start, name, target, layout)
        stroke = _colour("error" if dangling else "edge")
        arrow = "" if dangling else f' marker-end="url(#flow-arrow-{document.name})"'
        # Labels of neighbouring exits stand at two heights, so that they do not run into each other.
        label_y = start[1] + 14 + 13 * (place % 2)
        parts.append(
            f'<g class="flow-edge" data-from="{_safe(name)}" data-to="{_safe(target)}">'
            f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="1.5"{arrow}/>'
            f'<text x="{start[0] + 4:.0f}" y="{label_y:.0f}" font-size="11" fill="{_colour("soft")}">'
            f"{_safe(_shorten(label, 18))}</text></g>"
        )
    return "\n".join(parts)


def _aim(name: str, target: str, layout: Layout) -> float:
    """How far to the right the line begins to lead."""
    bends = layout.bends.get((name, target))
    return bends[0][0] if bends else layout.places.get(target, (0.0, 0.0))[0] + CARD_WIDTH / 2


def _path(start: tuple[float, float], name: str, target: str, layout: Layout) -> str:
    """The line through its lanes to the top of the target card; lines back up turn round beside both cards."""
    end = (layout.places[target][0] + CARD_WIDTH / 2, layout.places[target][1] - 1)
    bends = layout.bends.get((name, target), ())
    upwards = bool(bends) and end[1] < start[1]
    parts = [f"M{start[0]:.0f} {start[1]:.0f}"]
    here = start
    for place, (x, top) in enumerate(bends):
        first, last = (top + CARD_HEIGHT, top) if upwards else (top, top + CARD_HEIGHT)
        turning = upwards and place == 0
        parts.append(_turn(here, (x, first), TURN) if turning else _curve(here, (x, first), -1 if upwards else 1))
        parts.append(f"L{x:.0f} {last:.0f}")
        here = (x, last)
    parts.append(_turn(here, end, -TURN) if upwards else _curve(here, end, 1))
    return " ".join(parts)


def _curve(start: tuple[float, float], end: tuple[float, float], direction: int) -> str:
    """A curve that leaves and arrives vertically, downwards (1) or upwards (-1)."""
    bend = max(24.0, abs(end[1] - start[1]) / 2) * direction
    return f"C{start[0]:.0f} {start[1] + bend:.0f} {end[0]:.0f} {end[1] - bend:.0f} {end[0]:.0f} {end[1]:.0f}"


def _turn(start: tuple[float, float], end: tuple[float, float], bulge: float) -> str:
    """A curve that turns round below (positive bulge) or above both points."""
    return f"C{start[0]:.0f} {start[1] + bulge:.0f} {end[0]:.0f} {end[1] + bulge:.0f} {end[0]:.0f} {end[1]:.0f}"


def _card(
    document: FlowDocument,
    name: str,
    layout: Layout,
    problems: list[Problem],
    *,
    highlighted: bool,
    language: str,
) -> str:
    node = document.nodes[name]
    x, y = layout.places[name]
    kind = type(node).title.get(language) or type(node).title.get("en") or node.type
    words = first_words(node, document, language)
    lines = [f"{node.label or name} ({kind})", words, *(f"{p.level}: {p.message} {p.fix}" for p in problems)]
    stroke, width = (_colour("highlight"), 3) if highlighted else (_colour("line"), 1.2)
    classes = "flow-node" + (" flow-node-here" if highlighted else "") + (" flow-node-wrong" if problems else "")
    start = f'<path d="M0 0 v{CARD_HEIGHT}" stroke="{_colour("highlight")}" stroke-width="6"/>'
    return (
        f'<g class="{classes}" data-node="{_safe(name)}" data-type="{_safe(node.type)}" tabindex="0" role="img" '
        f'aria-label="{_safe(lines[0])}" transform="translate({x:.0f} {y:.0f})">'
        f"<title>{_safe(chr(10).join(line for line in lines if line))}</title>"
        f'<rect width="{CARD_WIDTH}" height="{CARD_HEIGHT}" rx="8" fill="{_colour("card")}" stroke="{stroke}" '
        f'stroke-width="{width}"/>'
        + (start if name == document.start else "")
        + _line(12, 18, 11, "soft", kind, 28)
        + _line(12, 37, 14, "ink", node.label or name, 23, weight="600")
        + _line(12, 56, 12, "soft", words, 29)
        + _mark(problems)
        + "</g>"
    )


def first_words(node: Node, document: FlowDocument, language: str) -> str:
    """The beginning of the node's first prompt, in the language if the flow speaks it; "" when it says nothing."""
    for localized in node.spoken().values():
        tags = [tag for tag in localized if tag.partition("-")[0] == language.partition("-")[0]]
        tag = next(iter([*tags, *(t for t in document.languages if t in localized), *localized]), None)
        if tag is not None:
            return " ".join(localized[tag].text.split())
    return ""


def _mark(problems: list[Problem]) -> str:
    if not problems:
        return ""
    level = Level.ERROR if any(p.level is Level.ERROR for p in problems) else Level.WARNING
    return (
        f'<g class="flow-mark" transform="translate({CARD_WIDTH - 14} 14)">'
        f'<circle r="9" fill="{_colour(level.value)}"/><text text-anchor="middle" y="4" font-size="11" '
        f'font-weight="700" fill="{_colour("card")}">{min(len(problems), 99)}</text></g>'
    )


def _line(x: int, y: int, size: int, colour: str, text: str, columns: int, *, weight: str = "400") -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{_colour(colour)}">'
        f"{_safe(_shorten(text, columns))}</text>"
    )


def _shorten(text: str, columns: int) -> str:
    """The text cut to so many columns; Chinese characters take two."""
    used = 0
    for place, character in enumerate(text):
        used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used > columns:
            return text[: max(1, place - 1)] + "…"
    return text


def _colour(name: str) -> str:
    return f"var(--flow-{name}, {COLOURS[name]})"


def _safe(text: str) -> str:
    return escape(_CONTROL.sub("", text), quote=True)


def _mermaid_text(text: str) -> str:
    return "".join(c if c.isalnum() or c in " _-.,:" else f"#{ord(c)};" for c in " ".join(text.split())[:60])
