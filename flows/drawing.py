"""A flow as a picture: SVG for pages, Mermaid for documents.

The SVG stands inline in a page and takes its colours from CSS variables (--flow-card, --flow-ink, --flow-soft,
--flow-line, --flow-edge, --flow-error, --flow-warning, --flow-highlight, --flow-tint, --flow-back, and where versions
are compared --flow-added, --flow-removed, --flow-changed), so that it follows a dark theme. It has no style sheet and
no script of its own, so that a strict content security policy allows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flows.card_marks import Mark, paint
from flows.cards import Look, card, colour, first_words, height_of, is_plain, ports, safe, width_of
from flows.documents import FlowDocument
from flows.exits import Way, ways
from flows.layout import CARD_HEIGHT, Layout, lay_out
from flows.problems import Problem

__all__ = ["draw", "first_words", "mermaid"]

TURN = 34.0
"""How far a line that leads back up swings out, in pixels."""


@dataclass(frozen=True, kw_only=True)
class _Picture:
    """All that the parts of one drawing share. `leads` are each node's exits from left to right."""

    document: FlowDocument
    layout: Layout
    leads: Mapping[str, Sequence[Way]]
    passed: frozenset[tuple[str, str]]
    has_path: bool
    marks: Mapping[str, Mark]


def draw(
    document: FlowDocument,
    *,
    problems: Iterable[Problem] = (),
    highlight: str = "",
    path: Sequence[str] = (),
    language: str = "en",
    marks: Mapping[str, Mark] | None = None,
) -> str:
    """The flow as an SVG element.

    Args:
        problems: the lint's findings; cards are marked with their number.
        highlight: name of a node to stand out (where a call is), "" for none.
        path: names of the nodes that a call came through, in order; its way stands out, the rest recedes. Names that
            are not in the document are passed over.
        language: of node types' titles and shared exits' words ("en", "zh"), and of the prompts' first words if the
            flow speaks it.
        marks: what became of nodes since another version; `flows.card_marks.with_ghosts` gives a document that still
            has the removed ones.
    """
    by_node: dict[str, list[Problem]] = {}
    for problem in problems:
        by_node.setdefault(problem.node, []).append(problem)
    picture = _picture(document, [name for name in path if name in document.nodes], language, marks or {})
    cards = [
        card(
            document,
            name,
            place=picture.layout.places[name],
            width=picture.layout.widths[name],
            leads=picture.leads[name],
            problems=by_node.get(name, []),
            look=Look(
                here=name == highlight,
                taken=name in path,
                faded=picture.has_path and name not in path and name != highlight,
                mark=picture.marks.get(name),
            ),
            language=language,
        )
        for name in document.nodes
    ]
    return "\n".join([*_head(picture, language), *_lines(picture), *cards, "</svg>"])


def _picture(document: FlowDocument, path: Sequence[str], language: str, marks: Mapping[str, Mark]) -> _Picture:
    leads = {name: ways(node, language, document) for name, node in document.nodes.items()}
    layout = lay_out(document, {name: width_of(found) for name, found in leads.items()})
    return _Picture(
        document=document,
        layout=layout,
        leads={
            name: sorted(found, key=lambda way, name=name: _aim(name, way.target, layout))  # type: ignore[misc]
            for name, found in leads.items()
        },
        passed=frozenset(pairwise(path)),
        has_path=bool(path),
        marks=marks,
    )


def _head(picture: _Picture, language: str) -> list[str]:
    document, layout = picture.document, picture.layout
    title = document.title.get(language) or next(iter(document.title.values()), document.name)
    arrows = "".join(
        f'<marker id="flow-arrow-{kind}-{document.name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="{size}" '
        f'markerHeight="{size}" orient="auto" markerUnits="userSpaceOnUse"><path d="M0 0 L8 4 L0 8 z" '
        f'fill="{colour(kind)}"/></marker>'
        for kind, size in (("edge", 10), ("highlight", 12))
    )
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow-drawing" role="group" aria-label="{safe(title)}" '
        f'data-start="{safe(document.start)}" viewBox="0 0 {layout.width:.0f} {layout.height:.0f}" '
        f'width="{layout.width:.0f}" height="{layout.height:.0f}" font-family="inherit"><defs>{arrows}</defs>'
    ]


def _lines(picture: _Picture) -> list[str]:
    """Every line, those of the call's way last, so that they lie on top."""
    lines = [
        (name, way, x) for name in picture.document.nodes for way, x in _starts(picture, name, picture.leads[name])
    ]
    lines.sort(key=lambda line: (line[0], line[1].target) in picture.passed)
    return [_edge(picture, *line) for line in lines]


def _starts(picture: _Picture, name: str, leads: Sequence[Way]) -> list[tuple[Way, float]]:
    """Each way with the x where its line leaves the card."""
    x, width = picture.layout.places[name][0], picture.layout.widths[name]
    if is_plain(leads):
        return [(way, x + width / 2) for way in leads]
    return [(port.way, x + port.x + port.width / 2) for port in ports(leads, width)]


def _edge(picture: _Picture, name: str, way: Way, x: float) -> str:
    layout = picture.layout
    start = (x, layout.places[name][1] + height_of(picture.leads[name]))
    dangling, taken = way.target not in layout.places, (name, way.target) in picture.passed
    path = f"M{start[0]:.0f} {start[1]:.0f} v26" if dangling else _path(start, name, way.target, layout)
    kind = "highlight" if taken else "edge"
    arrow = "" if dangling else f' marker-end="url(#flow-arrow-{kind}-{picture.document.name})"'
    ghost = picture.marks.get(name) == "removed"
    faded = ' opacity="0.4"' if (picture.has_path and not taken) or ghost else ""
    line = colour("error" if dangling else kind) if not ghost else paint("removed")
    dash = ' stroke-dasharray="5 4"' if ghost else ""
    return (
        f'<g class="flow-edge{" flow-edge-taken" if taken else ""}" data-from="{safe(name)}" '
        f'data-to="{safe(way.target)}" data-exits="{safe(", ".join(way.exits))}"{faded}>'
        f'<path d="{path}" fill="none" stroke="{line}" '
        f'stroke-width="{3 if taken else 1.5}" stroke-linejoin="round"{dash}{arrow}/></g>'
    )


def _aim(name: str, target: str, layout: Layout) -> float:
    """How far to the right the line begins to lead."""
    bends = layout.bends.get((name, target))
    return bends[0][0] if bends else _middle(target, layout)


def _middle(name: str, layout: Layout) -> float:
    """The x of a card's middle; 0 for a node that does not exist."""
    return layout.places[name][0] + layout.widths[name] / 2 if name in layout.places else 0.0


def _path(start: tuple[float, float], name: str, target: str, layout: Layout) -> str:
    """The line through its lanes to the top of the target card; lines back up turn round beside both cards."""
    end = (_middle(target, layout), layout.places[target][1] - 1)
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


def mermaid(document: FlowDocument) -> str:
    """The flow as a Mermaid flow chart."""
    ids = {name: f"n{place}" for place, name in enumerate(document.nodes)}
    lines = ["flowchart TD"]
    for name, node in document.nodes.items():
        shape = ('(["', '"])') if name == document.start else ('{{"', '"}}') if node.asks else ('["', '"]')
        words = f"{_mermaid_text(node.label or name)}<br/>{_mermaid_text(node.type)}"
        lines.append(f"  {ids[name]}{shape[0]}{words}{shape[1]}")
    for name, node in document.nodes.items():
        lines += [
            f'  {ids[name]} -- "{_mermaid_text(", ".join(way.exits))}" --> {ids[way.target]}'
            for way in ways(node, "en")
            if way.target in ids
        ]
    return "\n".join(lines) + "\n"


def _mermaid_text(text: str) -> str:
    return "".join(c if c.isalnum() or c in " _-.,:" else f"#{ord(c)};" for c in " ".join(text.split())[:60])
