"""The accuracy section of results_speech.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Found = Mapping[str, Any]


def lines(found: Found) -> Iterator[str]:
    """Tables: closed answers, speech that is no answer, open speech; the house's choice in bold."""
    yield f"Half: {found['half']}; {found['took_s']:.0f} s. **Bold**: what the house asks when nothing is configured."
    yield "Answers are taken at a confidence of 0.75 and asked back from 0.45. (s): a synthesized voice."
    yield ""
    rows = found["rows"]
    closed = [row for row in rows if not row["outside"] and row["errors"] is None]
    yield from _closed("closed answers", closed, "right")
    yield from _outside([row for row in rows if row["outside"]])
    yield from _errors([row for row in rows if row["errors"] is not None])
    yield from _costs(rows)
    yield from _confusions(closed)
    for name, model in found["models"].items():
        yield f"* {name}: {model}"


def _conditions(rows: Sequence[Found]) -> list[str]:
    return list(dict.fromkeys(row["condition"] for row in rows))


def _groups(rows: Sequence[Found]) -> Iterator[tuple[Found, dict[str, Found]]]:
    """Rows of one engine and set together, by condition."""
    groups: dict[tuple[str, str, bool], dict[str, Found]] = {}
    for row in rows:
        groups.setdefault((row["name"], row["engine"], row["synthesized"]), {})[row["condition"]] = row
    for group in groups.values():
        yield next(iter(group.values())), group


def _head(row: Found) -> str:
    engine = f"**{row['engine']}**" if row["is_default"] else row["engine"]
    return f"| {row['name']}{' (s)' if row['synthesized'] else ''} | {engine} |"


def _closed(title: str, rows: Sequence[Found], key: str) -> Iterator[str]:
    if not rows:
        return
    conditions = _conditions(rows)
    heads = " | ".join(f"{one}: right | taken, right / wrong" for one in conditions)
    yield f"| {title} | engine | {heads} |"
    yield "|---|---|" + "---:|---:|" * len(conditions)
    for row, group in _groups(rows):
        cells = (
            f" {one[key]}/{one['utterances']} ({one[key] / one['utterances']:.0%}) |"
            f" {one['accepted_right']} / {one['accepted_wrong']} |"
            if one
            else " | |"
            for one in (group.get(condition) for condition in conditions)
        )
        yield _head(row) + "".join(cells)
    yield ""


def _outside(rows: Sequence[Found]) -> Iterator[str]:
    if not rows:
        return
    conditions = _conditions(rows)
    yield (
        "| speech that is no answer | engine | " + " | ".join(f"{one}: taken | asked back" for one in conditions) + " |"
    )
    yield "|---|---|" + "---:|---:|" * len(conditions)
    for row, group in _groups(rows):
        cells = (
            f" {one['accepted_wrong']}/{one['utterances']} ({one['accepted_wrong'] / one['utterances']:.0%}) |"
            f" {one['asked_back']} |"
            if one
            else " | |"
            for one in (group.get(condition) for condition in conditions)
        )
        yield _head(row) + "".join(cells)
    yield ""


def _errors(rows: Sequence[Found]) -> Iterator[str]:
    if not rows:
        return
    yield "| open speech and digits | engine | condition | wrong words (characters of Chinese, Korean) | exact |"
    yield "|---|---|---|---:|---:|"
    for row in rows:
        yield f"{_head(row)} {row['condition']} | {row['errors']:.3f} | {row['right']}/{row['utterances']} |"
    yield ""


def _costs(rows: Sequence[Found]) -> Iterator[str]:
    yield "| cost, clean | engine | CPU s per s | p50 ms | p95 ms |"
    yield "|---|---|---:|---:|---:|"
    for row in rows:
        if row["condition"] == "clean" and not row["outside"]:
            yield f"{_head(row)} {row['cpu']:.3f} | {row['p50_ms']:.0f} | {row['p95_ms']:.0f} |"
    yield ""


def _confusions(rows: Sequence[Found]) -> Iterator[str]:
    yield "| mistakes, said → understood | engine | |"
    yield "|---|---|---|"
    for row in rows:
        if row["confusions"] and row["is_default"]:
            yield f"{_head(row)} {row['condition']}: {'; '.join(row['confusions'])} |"
    yield ""
