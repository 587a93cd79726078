"""A new node of a type, as the editor's palette puts it on the canvas: readable, its exits not wired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.nodes.base import Node
from flows.nodes.discovery import type_name

FIRST_NAME = "name"
"""A value that most patterns of names take."""


def fresh_node(cls: type[Node], schema: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data of a new node.

    Args:
        schema: the type's JSON Schema; `parts` are the definitions it refers to.

    What the class says in `fresh` goes first; other required fields get the plainest value of their type.
    """
    required = [name for name in schema.get("required", []) if name != "type" and name not in cls.fresh]
    fields = {name: _plainest(schema["properties"][name], parts) for name in required}
    return {"type": type_name(cls), **fields, **cls.fresh}


def _plainest(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> Any:
    """The smallest value that fits the schema, as far as its keywords tell."""
    if "$ref" in schema:
        return _plainest(parts.get(str(schema["$ref"]).rpartition("/")[2], {}), parts)
    if "anyOf" in schema:
        return _plainest(schema["anyOf"][0], parts)
    for fixed in ("default", "const"):
        if fixed in schema:
            return schema[fixed]
    return schema["enum"][0] if schema.get("enum") else _plainest_of_type(schema, parts)


def _plainest_of_type(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> Any:
    match schema.get("type"):
        case "string":
            return FIRST_NAME if schema.get("pattern") or schema.get("minLength") else ""
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0))
        case "boolean":
            return False
        case "array":
            return [_plainest(schema.get("items", {}), parts) for _ in range(schema.get("minItems", 0))]
        case "object":
            return {name: _plainest(schema["properties"][name], parts) for name in schema.get("required", [])}
    return None
