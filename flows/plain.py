"""Documents as plain data and as readable YAML: what has its default value is left out, order is kept."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined, to_jsonable_python

from flows.nodes.base import Node, Spoken

_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

_PLAIN = frozenset({str, int, float, bool, type(None)})

ALWAYS = frozenset({"format", "name", "languages", "start", "nodes", "type"})
"""Fields that are written even where they have their default."""


class _ReadableDumper(_Dumper):  # type: ignore[misc]
    """Writes texts of several lines as blocks and nothing as an alias."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Write equal values out each time."""
        return True


def _write_text(dumper: Any, text: str) -> Any:
    style = "|" if "\n" in text and not text.startswith((" ", "\n")) and " \n" not in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _write_list(dumper: Any, items: list[Any]) -> Any:
    short = all(not isinstance(i, (dict, list)) for i in items) and sum(len(str(i)) + 2 for i in items) <= 90
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


_ReadableDumper.add_representer(str, _write_text)
_ReadableDumper.add_representer(list, _write_list)


def to_plain(value: Any) -> Any:
    """The value as JSON data."""
    # Exact types first: the lint of hundreds of nodes comes through here at every key typed.
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict:
        return {key if type(key) is str else str(_key(key)): to_plain(item) for key, item in value.items()}
    if kind is tuple or kind is list:
        return [to_plain(item) for item in value]
    if isinstance(value, Spoken):
        return value.text if not value.audio else {"text": value.text, "audio": value.audio}
    if isinstance(value, BaseModel):
        return _model(value)
    if isinstance(value, Mapping):
        return {str(_key(key)): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((to_plain(item) for item in value), key=str)
    if value is None or (isinstance(value, (str, int, float, bool)) and not isinstance(value, Enum)):
        return value
    return to_jsonable_python(value)


def to_yaml(data: Any) -> str:
    """Plain data as YAML with one blank line between nodes."""
    text = yaml.dump(data, Dumper=_ReadableDumper, sort_keys=False, allow_unicode=True, width=110, indent=2)
    return str(text)


def _key(key: Any) -> Any:
    return key.value if isinstance(key, Enum) else key


def _model(model: BaseModel) -> dict[str, Any]:
    found = {}
    for name, key, default in _fields(type(model)):
        value = getattr(model, name)
        if default is PydanticUndefined or value != default:
            found[key] = to_plain(value)
    return found


@lru_cache(maxsize=256)
def _fields(model: type[BaseModel]) -> tuple[tuple[str, str, Any], ...]:
    """The fields in the order they are written, as (name, name in documents, default); undefined: always written."""
    fields = model.model_fields
    # The exits come last, so that a node reads from what it does to where it leads.
    last = {"exits": 1} if issubclass(model, Node) else {}
    names = sorted(fields, key=lambda name: (last.get(name, 0), name != "type"))
    return tuple(
        (
            name,
            fields[name].serialization_alias or fields[name].alias or name,
            PydanticUndefined
            if name in ALWAYS
            else fields[name].get_default(call_default_factory=True, validated_data={}),
        )
        for name in names
    )
