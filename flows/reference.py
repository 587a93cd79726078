"""The reference pages that are generated from classes: node types, events, expressions, filters and lint rules.

`python -m flows.reference --write docs/reference` writes them, `--check` says which ones are out of date.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from flows.events import EVENT_TYPES
from flows.expressions import MAX_DEPTH, MAX_LENGTH
from flows.filters import FILTERS
from flows.functions import FUNCTIONS
from flows.node_reading import node_types
from flows.nodes.base import Node
from flows.schema import document_schema, fixed_exits
from flows.validation import RULES
from flows.validation.values import CALL_VALUES

NOTICE = "<!-- Written by `python -m flows.reference --write docs/reference`: change the classes, not this. -->\n"


def nodes_page() -> str:
    """Reference of the document's settings and of every node type."""
    schema = document_schema()
    intro = "Every node has `type`, `label`, `sensitive` and `exits` (exit name to node name).\n"
    parts = [NOTICE, "# Node types\n", intro]
    parts.append("| type | | what it does |\n|---|---|---|")
    for kind, cls in node_types().items():
        titles = f"{cls.title.get('en', '')} {cls.title.get('zh', '')}"
        parts.append(f"| [`{kind}`](#{kind}) | {titles} | {_cell(_about(cls))} |")
    for kind, cls in node_types().items():
        parts.append(_node_section(kind, cls, schema["$defs"]))
    parts.append("\n# The document\n")
    parts.append(_table(schema["properties"], schema.get("required", []), schema["$defs"]))
    parts.append("\n# Parts of nodes and documents")
    for name, part in sorted(schema["$defs"].items()):
        if "x-type" not in part:
            parts.append(_part_section(name, part, schema["$defs"]))
    return "\n".join(parts) + "\n"


def events_page() -> str:
    """Reference of the events that nodes and engine report."""
    intro = "What a call tells the house. `ivr/effects.py` is the table of what each one causes.\n"
    parts = [NOTICE, "# Events\n", intro]
    for event in EVENT_TYPES:
        parts.append(f"## {event.__name__}\n\n{inspect.getdoc(event)}\n\n| field | type | default |\n|---|---|---|")
        for item in fields(event):
            default = "required" if item.default is MISSING else f"`{item.default!r}`"
            parts.append(f"| `{item.name}` | {_cell(str(item.type))} | {default} |")
        parts.append("")
    return "\n".join(parts)


def expressions_page() -> str:
    """Reference of expressions, their functions, and the filters of prompts."""
    parts = [
        NOTICE,
        "# Expressions\n",
        "An expression computes a value from the values of the call: `parcel.weight_kg > 20 and status in "
        '["held", "returned"]`. It has literals (`"text"`, `12`, `1.5`, `true`, `false`, `null`, `[1, 2]`), names, '
        "dots and brackets for keys and items, `+ - * / // % **`, `== != < <= > >= in`, `and or not`, and "
        "`a if condition else b`. A name without a value is null; nothing is smaller or greater than null. "
        f"Expressions have at most {MAX_LENGTH} characters and {MAX_DEPTH} levels.\n",
        "## Values every call has\n",
        *(f"- `{name}`: {text}" for name, text in CALL_VALUES.items()),
        "\n## Functions\n\n| function | what it gives | 说明 |\n|---|---|---|",
        *(f"| `{_cell(f.usage)}` | {_cell(f.summary['en'])} | {_cell(f.summary['zh'])} |" for f in FUNCTIONS.values()),
        "\n# Templates\n",
        "Prompts and other texts take values with `{{ expression }}`, and filters say how they are spoken. A value "
        "that is missing says nothing, or the text of `default`.\n",
        "| filter | how it is said | 说明 |\n|---|---|---|",
        *(f"| `{_cell(f.usage)}` | {_cell(f.summary['en'])} | {_cell(f.summary['zh'])} |" for f in FILTERS.values()),
    ]
    return "\n".join(parts) + "\n"


def lint_page() -> str:
    """Reference of the lint's rules."""
    rows = [f"| `{rule.name}` | {rule.level} | {rule.title['en']} | {rule.title['zh']} |" for rule in RULES]
    intro = "What `flask flows lint FILE` finds. An error keeps a flow from being published; a warning does not.\n"
    head = "| rule | level | finds | 说明 |\n|---|---|---|---|"
    return "\n".join([NOTICE, "# Lint rules\n", intro, head, *rows]) + "\n"


def pages() -> dict[str, Callable[[], str]]:
    """The generated pages by file name."""
    return {
        "nodes.md": nodes_page,
        "events.md": events_page,
        "expressions.md": expressions_page,
        "lint.md": lint_page,
    }


def outdated(folder: Path) -> list[str]:
    """Names of the pages in the folder that are missing or not as generated."""
    return [
        name
        for name, page in pages().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != page()
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write the pages or check them; the exit code is 1 when one is out of date."""
    parser = argparse.ArgumentParser(prog="python -m flows.reference", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", metavar="FOLDER", type=Path)
    action.add_argument("--check", metavar="FOLDER", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.write:
        chosen.write.mkdir(parents=True, exist_ok=True)
        for name, page in pages().items():
            (chosen.write / name).write_text(page(), encoding="utf-8")
        return 0
    wrong = outdated(chosen.check)
    for name in wrong:
        sys.stderr.write(f"{chosen.check / name} is out of date; run make docs.\n")
    return 1 if wrong else 0


def _about(cls: type[Node]) -> str:
    return cls.summary.get("en") or (inspect.getdoc(cls) or "").partition("\n")[0]


def _node_section(kind: str, cls: type[Node], definitions: Mapping[str, Any]) -> str:
    schema = next(d for d in definitions.values() if d.get("x-type") == kind)
    common = ("type", "label", "sensitive", "exits")
    own = {name: value for name, value in schema["properties"].items() if name not in common}
    exits = fixed_exits(cls)
    listed = ", ".join(f"`{name}`" for name in exits) if exits else ("none" if exits == () else "one per choice or end")
    parts = [f'\n<a id="{kind}"></a>\n\n## `{kind}` {cls.title.get("en", "")} {cls.title.get("zh", "")}\n']
    parts.append((inspect.getdoc(cls) or "") + "\n")
    if cls.summary.get("zh"):
        parts.append(cls.summary["zh"] + "\n")
    parts.append(f"Exits: {listed}." + (" Asks the caller." if cls.asks else "") + "\n")
    if own:
        parts.append(_table(own, schema.get("required", []), definitions))
    return "\n".join(parts)


def _part_section(name: str, part: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    head = f"\n## {name}\n\n{part.get('description', '')}\n"
    shape = next((p for p in part.get("anyOf", ()) if "properties" in p), part)
    if "properties" not in shape:
        return f"{head}\n{_type(part, definitions)}\n"
    return f"{head}\n{_table(shape['properties'], shape.get('required', []), definitions)}"


def _table(properties: Mapping[str, Any], required: list[str], definitions: Mapping[str, Any]) -> str:
    rows = ["| field | type | default | meaning |", "|---|---|---|---|"]
    for name, schema in properties.items():
        default = "required" if name in required else f"`{schema['default']!r}`" if "default" in schema else ""
        cells = (f"`{name}`", _type(schema, definitions), default, schema.get("description", ""))
        rows.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(rows)


def _type(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """A short name of what the schema allows, with its limits."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_type(part, definitions) for part in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return "list of " + _type(schema.get("items", {}), definitions)
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return "map to " + _type(inner, definitions) if isinstance(inner, dict) and inner else "object"
    low, high = schema.get("minimum"), schema.get("maximum")
    limits = f" {low} to {high}" if low is not None and high is not None else ""
    return str(schema.get("type", "any")) + limits


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    raise SystemExit(main())
