"""The JSON Schema of a flow document, generated from the node classes; the editor's forms are made from it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from flows.documents import FlowDocument
from flows.field_words import with_words
from flows.node_reading import node_types
from flows.nodes.base import Node, Spoken

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document_schema() -> dict[str, Any]:
    """The schema of a whole document. `$defs` holds one schema per node type, told apart by `type`."""
    kinds = node_types()
    models: list[type[BaseModel]] = [FlowDocument, *kinds.values()]
    keys, root = models_json_schema([(model, "validation") for model in models], ref_template="#/$defs/{model}")
    definitions: dict[str, Any] = _worded(root.get("$defs", {}))
    document = definitions.pop(_name(keys[FlowDocument, "validation"]))
    cases = []
    for kind, cls in kinds.items():
        name = _name(keys[cls, "validation"])
        definitions[name] = _describe(definitions[name], kind, cls)
        cases.append((kind, f"#/$defs/{name}"))
    definitions.pop("Node", None)
    _let_strings_be_prompts(definitions)
    names = {name: _short(name, definitions[name]) for name in definitions}
    document["properties"]["nodes"] = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": r"^[^\W\d_][\w-]{0,59}$"},
        "additionalProperties": {
            "type": "object",
            "required": ["type"],
            "properties": {"type": {"enum": [kind for kind, _ in cases]}},
            "allOf": [
                {"if": {"properties": {"type": {"const": kind}}}, "then": {"$ref": reference}}
                for kind, reference in cases
            ],
            "discriminator": {"propertyName": "type", "mapping": dict(cases)},
        },
    }
    schema = {"$schema": DIALECT, "$id": "https://ringback.example/flow.schema.json", **document, "$defs": definitions}
    renamed: dict[str, Any] = _rename(schema, {f"#/$defs/{old}": f"#/$defs/{new}" for old, new in names.items()})
    renamed["$defs"] = {names[name]: value for name, value in renamed["$defs"].items()}
    return renamed


def node_schema(kind: str) -> dict[str, Any]:
    """The schema of one node type, whole in itself. Raises KeyError for an unknown type."""
    cls = node_types()[kind]
    schema = _worded({"": TypeAdapter(cls).json_schema(ref_template="#/$defs/{model}")})[""]
    schema["$defs"] = _worded(schema.get("$defs", {}))
    _let_strings_be_prompts(schema.get("$defs", {}))
    return _describe(schema, kind, cls)


def fixed_exits(cls: type[Node]) -> tuple[str, ...] | None:
    """The exits that every node of the type has; None when they depend on the node (a menu's choices)."""
    try:
        return cls.model_construct(type=str(cls.model_fields["type"].default)).exit_names()
    except (AttributeError, TypeError, KeyError):
        return None


def _describe(schema: dict[str, Any], kind: str, cls: type[Node]) -> dict[str, Any]:
    exits = fixed_exits(cls)
    required = [name for name in schema.get("required", []) if name != "type"]
    described = {
        **schema,
        "title": cls.title.get("en", kind),
        "description": cls.summary.get("en", schema.get("description", "")),
        "required": ["type", *required],
        "x-type": kind,
        "x-title": dict(cls.title),
        "x-summary": dict(cls.summary),
        "x-group": cls.group,
        "x-asks": cls.asks,
        "x-exits": list(exits) if exits is not None else None,
    }
    described["properties"] = {**schema["properties"], "type": {"const": kind}}
    return described


def _worded(definitions: dict[str, Any]) -> dict[str, Any]:
    """The schemas with titles and help of every field in both languages."""
    return {
        name: {**schema, "properties": with_words(schema["properties"])} if "properties" in schema else schema
        for name, schema in definitions.items()
    }


def _let_strings_be_prompts(definitions: dict[str, Any]) -> None:
    """A plain string stands for {text: …} in documents."""
    spoken = definitions.get(Spoken.__name__)
    if spoken and "anyOf" not in spoken:
        definitions[Spoken.__name__] = {
            "title": "Spoken",
            "description": spoken.get("description", ""),
            "anyOf": [{"type": "string"}, {k: v for k, v in spoken.items() if k != "description"}],
        }


def _short(name: str, schema: dict[str, Any]) -> str:
    """A class's own name where pydantic put the module before it, because two classes are called alike."""
    own = name.rpartition("__")[2]
    return own if own == name or "x-type" in schema else f"{own}Settings"


def _rename(data: Any, names: dict[str, str]) -> Any:
    """The data with every reference under its new name."""
    if isinstance(data, dict):
        return {key: _rename(value, names) for key, value in data.items()}
    if isinstance(data, list):
        return [_rename(value, names) for value in data]
    return names.get(data, data) if isinstance(data, str) else data


def _name(reference: Any) -> str:
    return str(reference["$ref"]).rpartition("/")[2]
