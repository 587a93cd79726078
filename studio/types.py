"""What palette, cards and forms of the editor are made of: every node type with its schema, and the document's own."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

import flows.nodes as registry
from flows.filters import FILTERS
from flows.fresh import fresh_node
from flows.functions import FUNCTIONS
from flows.node_icons import icon_of
from flows.node_reading import node_types
from flows.nodes.base import GROUPS, Node
from flows.schema import document_schema

NO_SETTINGS = frozenset({"nodes", "layout", "notes"})
"""Parts of a document that the canvas edits, not the form of its settings."""


def types() -> tuple[bytes, str]:
    """The answer of GET /studio/types as JSON text, and its mark for caches; worked out once per process."""
    return _encoded(registry.NODE_TYPES)


@lru_cache(maxsize=2)
def _encoded(_classes: tuple[type[Node], ...]) -> tuple[bytes, str]:
    text = json.dumps(types_data(), ensure_ascii=False, separators=(",", ":")).encode()
    return text, hashlib.sha256(text).hexdigest()[:20]


def types_data() -> dict[str, Any]:
    """`Types` of the editor's types.ts."""
    schema = document_schema()
    definitions: dict[str, Any] = schema["$defs"]
    parts = {name: part for name, part in definitions.items() if "x-type" not in part}
    by_type = {part["x-type"]: part for part in definitions.values() if "x-type" in part}
    settings = {
        key: value for key, value in schema.items() if key in ("type", "required", "additionalProperties", "properties")
    }
    settings["properties"] = {name: field for name, field in schema["properties"].items() if name not in NO_SETTINGS}
    settings["required"] = [name for name in schema.get("required", []) if name not in NO_SETTINGS]
    return {
        "types": [_type(kind, cls, by_type[kind], parts) for kind, cls in node_types().items()],
        "groups": [{"key": key, "title": dict(title)} for key, title in GROUPS.items()],
        "settings": settings,
        "$defs": parts,
        "functions": [
            {"name": name, "signature": function.usage, "help": dict(function.summary)}
            for name, function in FUNCTIONS.items()
        ],
        "filters": [
            {"name": name, "signature": found.usage, "help": dict(found.summary)} for name, found in FILTERS.items()
        ],
    }


def _type(kind: str, cls: type[Node], schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": kind,
        "title": dict(cls.title),
        "summary": dict(cls.summary),
        "group": cls.group,
        "icon": icon_of(cls),
        "asks": cls.asks,
        "exits": schema["x-exits"],
        "schema": schema,
        "template": fresh_node(cls, schema, parts),
    }
