"""Small pictures as inline SVG: pure functions from numbers to markup, each with a name for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT, BASE, TOP, LEFT = 640, 250, 226, 12, 28


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: its label, the value, and a second value stacked on top."""

    label: str
    value: int
    second: int = 0


def nice_top(highest: int) -> int:
    """The smallest of 2, 4, 5 or 10 times a power of ten that is not below `highest`; at least 4."""
    power = 1
    while True:
        for step in (2, 4, 5, 10):
            if step * power >= max(highest, 4):
                return step * power
        power *= 10


def columns(name: str, bars: Sequence[Bar], *, label_every: int = 3, chart_id: str = "chart") -> Markup:
    """Upright stacked bars over a base line with three guide lines. `name` is the accessible name."""
    top = nice_top(max((b.value + b.second for b in bars), default=0))
    step = (WIDTH - LEFT) / max(len(bars), 1)
    scale = (BASE - TOP) / top
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{escape(chart_id)}-t">'
        f'<title id="{escape(chart_id)}-t">{escape(name)}</title>'
    ]
    for part in (0, 0.5, 1):
        y = BASE - (BASE - TOP) * part
        parts.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" font-size="11" text-anchor="end">{top * part:g}</text>')
    for i, bar in enumerate(bars):
        x, width = LEFT + i * step + step * 0.16, step * 0.68
        low, high = bar.value * scale, bar.second * scale
        if bar.value:
            parts.append(_rect("bar", x, BASE - low, width, low, f"{bar.label}: {bar.value}"))
        if bar.second:
            parts.append(_rect("bar second", x, BASE - low - high, width, high, f"{bar.label}: {bar.second}"))
        if i % label_every == 0:
            middle = x + width / 2
            parts.append(
                f'<text x="{middle:.1f}" y="{BASE + 16}" font-size="11" text-anchor="middle">{escape(bar.label)}</text>'
            )
    return Markup("".join(parts) + "</svg>")  # noqa: S704  every text inside went through escape()


def _rect(kind: str, x: float, y: float, width: float, height: float, title: str) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(height, 1):.1f}" rx="1.5">'
        f"<title>{escape(title)}</title></rect>"
    )


def share(value: int, highest: int) -> Markup:
    """A single lying bar for a table row; decoration, since the number stands beside it."""
    width = 0 if highest == 0 else max(1.5 if value else 0, value / highest * 100)
    return Markup(  # noqa: S704  numbers only
        '<svg viewBox="0 0 100 8" preserveAspectRatio="none" height="10" aria-hidden="true">'
        f'<rect class="bar" x="0" y="0" width="{width:.1f}" height="8"/></svg>'
    )
