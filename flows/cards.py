"""The card of one node in a drawing: icon, type, name, first words, and a row of its exits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from flows.card_marks import DASHES, Mark, paint
from flows.card_marks import word as mark_word
from flows.documents import FlowDocument
from flows.exits import Way, text_in
from flows.layout import CARD_HEIGHT, CARD_WIDTH
from flows.node_icons import icon_of
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
    "highlight": "#0b6570",
    "tint": "#e0f0f1",
    "back": "#f6f7f9",
}
"""What each CSS variable is when the page does not set it."""

PLAIN_HEIGHT = 74
"""Of a card whose only exit needs no name."""

LONGEST_LABEL = 18
COLUMN = 6.4
"""Pixels of one column of an exit's label."""

START = {"en": "Start", "zh": "起点"}
HERE = {"en": "The call is here", "zh": "通话在此"}

_CONTROL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010fffd]")


@dataclass(frozen=True, kw_only=True)
class Port:
    """An exit's label on the lower edge of its card: `x` is where it begins, relative to the card."""

    way: Way
    text: str
    x: float
    width: float


def colour(name: str) -> str:
    """A CSS variable with its default."""
    return f"var(--flow-{name}, {COLOURS[name]})"


def safe(text: str) -> str:
    """Text for SVG content and attributes."""
    return escape(_CONTROL.sub("", text), quote=True)


def shorten(text: str, columns: int) -> str:
    """The text cut to so many columns; Chinese characters take two."""
    used = 0
    for place, character in enumerate(text):
        used += columns_of(character)
        if used > columns:
            return text[: max(1, place - 1)] + "…"
    return text


def columns_of(text: str) -> int:
    """How many columns the text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def is_plain(ways: Sequence[Way]) -> bool:
    """True when a node leads to one place at most, by its `next`: that needs no label."""
    return not ways or (len(ways) == 1 and ways[0].exits == ("next",))


def width_of(ways: Sequence[Way]) -> float:
    """How wide a card must be for the labels of its exits."""
    if is_plain(ways):
        return CARD_WIDTH
    labels = [_port_width(way) for way in ways]
    return max(CARD_WIDTH, sum(labels) + 6 * (len(labels) - 1) + 20)


def height_of(ways: Sequence[Way]) -> float:
    """How high a card is."""
    return PLAIN_HEIGHT if is_plain(ways) else CARD_HEIGHT


def ports(ways: Sequence[Way], width: float) -> list[Port]:
    """The labels of the exits, in the order given, spread over the card's width."""
    widths = [_port_width(way) for way in ways]
    gap = (width - sum(widths)) / (len(widths) + 1) if widths else 0.0
    found, x = [], gap
    for way, port_width in zip(ways, widths, strict=True):
        found.append(Port(way=way, text=shorten(way.label, LONGEST_LABEL), x=x, width=port_width))
        x += port_width + gap
    return found


def _port_width(way: Way) -> float:
    return columns_of(shorten(way.label, LONGEST_LABEL)) * COLUMN + 16


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a card stands out: where the call is, whether the call came through, or was elsewhere; or what has become of
    the node since another version (`mark`).
    """

    here: bool = False
    taken: bool = False
    faded: bool = False
    mark: Mark | None = None


def card(
    document: FlowDocument,
    name: str,
    *,
    place: tuple[float, float],
    width: float,
    leads: Sequence[Way],
    problems: Sequence[Problem],
    look: Look,
    language: str,
) -> str:
    """The SVG group of one card; `leads` are its exits from left to right."""
    node = document.nodes[name]
    kind = type(node).title.get(language) or type(node).title.get("en") or node.type
    words = first_words(node, document, language)
    told = words or type(node).summary.get(language) or type(node).summary.get("en", "")
    called = f"{node.label} · {name}" if node.label else name
    marked = f", {mark_word(look.mark, language)}" if look.mark else ""
    lines = [f"{called} ({kind}){marked}", words, *(f"{p.level}: {p.message} {p.fix}" for p in problems)]
    height = height_of(leads)
    columns = int((width - 70) / 7.6)
    return (
        f'<g class="{_classes(look, problems)}" data-node="{safe(name)}" data-type="{safe(node.type)}" tabindex="0" '
        f'role="img" aria-label="{safe(lines[0])}" transform="translate({place[0]:.0f} {place[1]:.0f})"'
        + (' opacity="0.5"' if look.faded else "")
        + f"><title>{safe(chr(10).join(line for line in lines if line))}</title>"
        + _frame(width, height, look)
        + (_flag(START, language, width) if name == document.start else "")
        + (_flag(HERE, language, width) if look.here and name != document.start else "")
        + (_mark_flag(look.mark, language) if look.mark else "")
        + _icon(node)
        + _line(54, 26, 11, "soft", kind, columns + 4)
        + _line(54, 44, 14, "ink", node.label or name, columns, weight="650")
        + _line(13, 65, 12, "soft", told, int((width - 26) / 6.8))
        + _labels(leads, width, height)
        + _mark(problems, width)
        + "</g>"
    )


def _classes(look: Look, problems: Sequence[Problem]) -> str:
    more = {"here": look.here, "taken": look.taken, "wrong": bool(problems)}
    if look.mark:
        more[look.mark] = True
    return " ".join(["flow-node", *(f"flow-node-{word}" for word, holds in more.items() if holds)])


def _frame(width: float, height: float, look: Look) -> str:
    stroke, thick = (colour("highlight"), 2.5 if look.here else 1.8) if look.here or look.taken else (colour("line"), 1)
    dash = ""
    if look.mark:
        stroke, thick, dash = paint(look.mark), 2.5, f' stroke-dasharray="{DASHES[look.mark]}"'
    halo = (
        f'<rect x="-5" y="-5" width="{width + 10:.0f}" height="{height + 10:.0f}" rx="15" fill="none" '
        f'stroke="{colour("highlight")}" stroke-width="6" opacity="0.25"/>'
    )
    return (halo if look.here else "") + (
        f'<rect y="2" width="{width:.0f}" height="{height:.0f}" rx="11" fill="{colour("ink")}" opacity="0.07"/>'
        f'<rect class="flow-card" width="{width:.0f}" height="{height:.0f}" rx="11" fill="{colour("card")}" '
        f'stroke="{stroke}" stroke-width="{thick}"{dash}/>'
    )


def _icon(node: Node) -> str:
    """The type's picture on a tile, filled when the caller is asked something."""
    tile, pen = ("highlight", "card") if node.asks else ("tint", "highlight")
    return (
        f'<rect x="12" y="13" width="32" height="32" rx="9" fill="{colour(tile)}"/>'
        f'<path d="{icon_of(type(node))}" transform="translate(18 19) scale(0.84)" fill="none" '
        f'stroke="{colour(pen)}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _flag(words: Mapping[str, str], language: str, width: float) -> str:
    text = words.get(language.partition("-")[0], words["en"])
    return _pill(text, x=(width - columns_of(text) * 6.6 - 20) / 2, y=-27, fill=colour("highlight"))


def _mark_flag(mark: Mark, language: str) -> str:
    """The mark's word on the upper left corner of the card."""
    return _pill(mark_word(mark, language), x=8, y=-11, fill=paint(mark))


def _pill(text: str, *, x: float, y: float, fill: str) -> str:
    wide = columns_of(text) * 6.6 + 20
    return (
        f'<g transform="translate({x:.0f} {y:.0f})"><rect width="{wide:.0f}" height="20" rx="10" '
        f'fill="{fill}"/><text x="{wide / 2:.0f}" y="14" font-size="11" font-weight="650" '
        f'text-anchor="middle" fill="{colour("card")}">{safe(text)}</text></g>'
    )


def _labels(leads: Sequence[Way], width: float, height: float) -> str:
    if is_plain(leads):
        return ""
    return "".join(
        f'<rect x="{port.x:.0f}" y="{height - 25:.0f}" width="{port.width:.0f}" height="18" rx="9" '
        f'fill="{colour("back")}"/><text x="{port.x + port.width / 2:.0f}" y="{height - 12.5:.1f}" font-size="11" '
        f'text-anchor="middle" fill="{colour("soft")}">{safe(port.text)}</text>'
        for port in ports(leads, width)
    )


def first_words(node: Node, document: FlowDocument, language: str) -> str:
    """The beginning of the node's first prompt, in the language if the flow speaks it; "" when it says nothing."""
    return next((text for said in node.spoken().values() if (text := text_in(said, language, document.languages))), "")


def _mark(problems: Sequence[Problem], width: float) -> str:
    if not problems:
        return ""
    level = Level.ERROR if any(p.level is Level.ERROR for p in problems) else Level.WARNING
    return (
        f'<g class="flow-mark" transform="translate({width - 4:.0f} 4)">'
        f'<circle r="10" fill="{colour(level.value)}"/><text text-anchor="middle" y="4" font-size="11" '
        f'font-weight="700" fill="{colour("card")}">{min(len(problems), 99)}</text></g>'
    )


def _line(x: int, y: int, size: int, paint: str, text: str, columns: int, *, weight: str = "400") -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{colour(paint)}">'
        f"{safe(shorten(text, columns))}</text>"
    )
