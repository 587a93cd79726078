"""The pictures of a campaign as inline SVG: pure functions from numbers to markup, with a name or a table beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from callbacks.reports.intervals import Interval
from console.charts import BASE, HEIGHT, LEFT, TOP, WIDTH, nice_top

BAND_HEIGHT = 34
CELL_HEIGHT = 25
HEAT_LEFT = 46
HEAT_LEVELS = 5


def funnel_band(value: int, following: int, highest: int) -> Markup:
    """One step of a funnel for a table row; it narrows to the width of the following step. Decoration: the row has the
    numbers.
    """
    top, below = (_width(n, highest) for n in (value, min(following, value)))
    corners = f"{50 - top:.2f},0 {50 + top:.2f},0 {50 + below:.2f},{BAND_HEIGHT} {50 - below:.2f},{BAND_HEIGHT}"
    return Markup(  # noqa: S704  numbers only
        f'<svg viewBox="0 0 100 {BAND_HEIGHT}" preserveAspectRatio="none" height="{BAND_HEIGHT}" aria-hidden="true">'
        f'<polygon class="band" points="{corners}"/></svg>'
    )


def _width(value: int, highest: int) -> float:
    """Half the width of a band, 0 to 50; what is not nothing can be seen."""
    return 0.0 if not value or not highest else max(0.6, value / highest * 50)


def stacked(
    name: str, series: Mapping[str, str], rows: Sequence[tuple[str, Mapping[str, int]]], *, chart_id: str
) -> Markup:
    """Upright bars of several parts.

    Args:
        name: the accessible name.
        series: key to its word, from the base upwards; the key is also the CSS class "s-<key>".
        rows: label of a bar and its values by key.
        chart_id: unique on the page.
    """
    top = nice_top(max((sum(values.values()) for _label, values in rows), default=0))
    step, scale = (WIDTH - LEFT) / max(len(rows), 1), (BASE - TOP) / top
    parts = [_head(name, chart_id, HEIGHT), *_guides(top)]
    for i, (label, values) in enumerate(rows):
        x, width, y = LEFT + i * step + step * 0.14, step * 0.72, float(BASE)
        for key, word in series.items():
            height = values.get(key, 0) * scale
            if height:
                y -= height
                title = escape(f"{label} · {word}: {values[key]}")
                parts.append(
                    f'<rect class="s-{escape(key)}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
                    f'height="{max(height, 0.8):.1f}"><title>{title}</title></rect>'
                )
        if i % 3 == 0:
            parts.append(_text(x + width / 2, BASE + 16, label, "middle"))
    return Markup("".join(parts) + "</svg>")  # noqa: S704  every text inside went through escape()


def _guides(top: int) -> list[str]:
    lines = []
    for part in (0, 0.5, 1):
        y = BASE - (BASE - TOP) * part
        lines.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(_text(LEFT - 6, y + 4, f"{top * part:g}", "end"))
    return lines


def heat_map(
    name: str,
    days: Sequence[str],
    hours: Sequence[int],
    cells: Mapping[tuple[int, int], tuple[int, int]],
    *,
    chart_id: str,
) -> Markup:
    """A grid of weekday by hour. `cells` has (calls that rang, answered) by (weekday, hour); each square says its
    rate in figures too, since no state is told by colour alone.
    """
    width = (WIDTH - HEAT_LEFT) / max(len(hours), 1)
    parts = [_head(name, chart_id, CELL_HEIGHT * len(days) + 22)]
    for row, day in enumerate(days):
        y = row * CELL_HEIGHT
        parts.append(_text(HEAT_LEFT - 8, y + 17, day, "end"))
        for column, hour in enumerate(hours):
            rang, answered = cells.get((row, hour), (0, 0))
            parts.append(_cell(HEAT_LEFT + column * width, y, width, f"{day} {hour:02}:00", rang, answered))
    for column, hour in enumerate(hours):
        if column % (2 if len(hours) > 12 else 1) == 0:
            middle = HEAT_LEFT + (column + 0.5) * width
            parts.append(_text(middle, CELL_HEIGHT * len(days) + 15, f"{hour:02}", "middle"))
    return Markup("".join(parts) + "</svg>")  # noqa: S704  every text inside went through escape()


def _cell(x: float, y: float, width: float, when: str, rang: int, answered: int) -> str:
    box = f'x="{x + 1:.1f}" y="{y + 1:.1f}" width="{width - 2:.1f}" height="{CELL_HEIGHT - 2}" rx="3"'
    if not rang:
        return f'<rect class="heat none" {box}/>'
    rate = answered / rang
    level = min(HEAT_LEVELS, 1 + int(rate * HEAT_LEVELS))
    figure = f'<text class="on-{level}" x="{x + width / 2:.1f}" y="{y + 17:.1f}" font-size="11" text-anchor="middle">'
    title = f"<title>{escape(when)}: {round(rate * 100)} % ({answered}/{rang})</title>"
    return f'<g><rect class="heat l{level}" {box}/>{figure}{round(rate * 100)}</text>{title}</g>'


def progress(name: str, parts: Sequence[tuple[str, str, int]], *, chart_id: str) -> Markup:
    """A lying bar of parts: (CSS key, word, count). `name` says it in words."""
    total = sum(count for _key, _word, count in parts)
    drawn = [
        f'<svg class="progress" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" '
        f'aria-labelledby="{escape(chart_id)}-t"><title id="{escape(chart_id)}-t">{escape(name)}</title>'
        '<rect class="p-rest" x="0" y="0" width="1000" height="10"/>'
    ]
    x = 0.0
    for key, word, count in parts:
        if not count:
            continue
        width = max(count / total * 1000, 3)
        box = f'x="{x:.1f}" y="0" width="{width:.1f}" height="10"'
        drawn.append(f'<rect class="p-{escape(key)}" {box}><title>{escape(f"{word}: {count}")}</title></rect>')
        x += width
    return Markup("".join(drawn) + "</svg>")  # noqa: S704  every text inside went through escape()


def intervals(name: str, rows: Sequence[tuple[str, Interval]], *, chart_id: str) -> Markup:
    """Rates with the range in which the true one lies: a dot on a line for each."""
    left, right, row_height = 40, 620, 34
    low = min((interval.low for _label, interval in rows), default=0.0)
    high = max((interval.high for _label, interval in rows), default=1.0)
    low, high = max(0.0, low - 0.02), min(1.0, high + 0.02)

    def at(rate: float) -> float:
        return left + (right - left) * (rate - low) / max(high - low, 0.001)

    foot = row_height * len(rows)
    parts = [_head(name, chart_id, foot + 22)]
    for part in range(5):
        rate = low + (high - low) * part / 4
        parts.append(f'<line class="axis" x1="{at(rate):.1f}" x2="{at(rate):.1f}" y1="0" y2="{foot}"/>')
        parts.append(_text(at(rate), foot + 15, f"{rate * 100:.0f} %", "middle"))
    for i, (label, interval) in enumerate(rows):
        y = row_height * i + row_height / 2
        parts.append(_text(left - 16, y + 4, label, "end", 13))
        parts.append(
            f'<line class="whisker s{i}" x1="{at(interval.low):.1f}" x2="{at(interval.high):.1f}" y1="{y}" y2="{y}"/>'
        )
        parts.append(f'<circle class="dot s{i}" cx="{at(interval.value):.1f}" cy="{y}" r="7"/>')
    return Markup("".join(parts) + "</svg>")  # noqa: S704  every text inside went through escape()


def _head(name: str, chart_id: str, height: float) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{escape(chart_id)}-t">'
        f'<title id="{escape(chart_id)}-t">{escape(name)}</title>'
    )


def _text(x: float, y: float, text: str, anchor: str, size: int = 11) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'
